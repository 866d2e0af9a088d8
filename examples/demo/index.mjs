// The demonstration of `npm start`: several CUJs at once in processes of their own, then what their records say.
import { mkdirSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { configure } from '@obs/native';
import { makeLanes, runLanes, stopLanes } from './lanes.mjs';
import { openView } from './live.mjs';
import { printReport } from './report.mjs';

// Chosen so that CUJ-004 fails in some of its attempts and succeeds in others.
const SEED = 'quay';

// Beside the example, where it is easily found; a checkout that cannot be written to has the system's folder instead.
function makeDataFolder() {
  const stamp = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const beside = fileURLToPath(new URL('../data/', import.meta.url));
  try {
    mkdirSync(beside, { recursive: true });
    return mkdtempSync(path.join(beside, `demo-${stamp}-`));
  } catch {
    return mkdtempSync(path.join(os.tmpdir(), `obs-demo-${stamp}-`));
  }
}

// A demonstration that records nothing shows nothing, so the shell's own settings do not reach it.
function makeEnvironment(folder) {
  for (const name of ['OBS_DISABLED', 'OBS_DURABILITY']) delete process.env[name];
  process.env.OBS_PROJECT_ROOT = folder;
  configure({ projectRoot: folder, durability: 'write' });
}

/** Runs the demonstration; resolves to the exit code: 0 when every run left its record, 1 when one is missing. */
export async function runDemo() {
  const folder = makeDataFolder();
  makeEnvironment(folder);
  const lanes = makeLanes(SEED);
  const runs = lanes.reduce((sum, lane) => sum + lane.attempts, 0);
  console.log(`\n${lanes.length} CUJs at once, ${runs} runs, each in processes of its own. Some are meant to fail.\n`);

  const view = openView(lanes);
  const interrupt = () => {
    stopLanes(lanes);
    view.close();
    console.log(`\nStopped. What was recorded so far is in ${folder}`);
    process.exit(130);
  };
  process.once('SIGINT', interrupt);
  await runLanes(lanes);
  process.removeListener('SIGINT', interrupt);
  view.close();
  return printReport(folder, lanes) ? 0 : 1;
}
