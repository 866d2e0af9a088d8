// What an import of transcripts of Claude Code costs: a first one beside ccusage over the same files, one without news beside bare Node.
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BARE_NODE, inPackage, peakMemory, runNode } from '../children.mjs';
import { duel, race, median } from '../rounds.mjs';
import { writeTranscripts } from '../transcripts.mjs';

export const title = 'Importing transcripts';

const OBS = inPackage('bin', 'obs.js');
/** `scripts/ci-packages.sh` puts it there; without it there is nothing to compare with. */
const CCUSAGE = path.join(os.homedir(), '.cache/obs-native-tests/ccusage-20.0.24/node_modules/ccusage/src/cli.js');

function workspace(folder) {
  const root = mkdtempSync(path.join(folder, 'workspace-'));
  mkdirSync(path.join(root, '.claude'));
  return root;
}

const argsOf = (root, from) => [OBS, 'import', 'claude', '--json', '--root', root, '--from', from];

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const megabytes = quick ? 20 : 500;
  const home = path.join(folder, 'home');
  const from = writeTranscripts(home, megabytes);
  const rounds = quick ? 1 : 5;
  const first = { prepare: () => workspace(folder), run: (root) => runNode(argsOf(root, from)) };
  const rows = [];
  if (existsSync(CCUSAGE)) {
    const env = { CLAUDE_CONFIG_DIR: home, HOME: folder };
    const base = { run: () => runNode([CCUSAGE, 'claude', 'monthly', '--json', '--offline'], { env }) };
    rows.push(await duel(`a first import of ${megabytes} MB over ccusage of the same files`, { ours: first, base, rounds, warmup: 1 })); // prettier-ignore
  }
  const [times] = await race([first], { rounds, warmup: quick ? 0 : 1 });
  rows.push({ what: 'bytes imported a second', unit: 'MB/s', ours: megabytes / (median(times) / 1e9) });
  rows.push({ what: 'most memory of it', unit: 'MiB', ours: await peakMemory(argsOf(workspace(folder), from)) });
  const known = workspace(folder);
  await runNode(argsOf(known, from));
  const again = { run: () => runNode(argsOf(known, from)) };
  rows.push(await duel('an import without news over bare Node', { ours: again, base: BARE_NODE, rounds: quick ? 3 : 21, bar: 2, aim: 1.5 })); // prettier-ignore
  return rows;
}
