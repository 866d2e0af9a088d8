// What Claude Code pays for its hooks and its status line, process by process, and what an import of transcripts takes.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BARE_NODE, inPackage, peakMemory, runNode } from '../children.mjs';
import { contest, duel } from '../rounds.mjs';
import { appendTurn, writeTranscripts } from '../transcripts.mjs';

export const title = 'Claude Code, whole process';

const PROGRAM = inPackage(process.platform === 'win32' ? 'obs-hook.exe' : 'obs-hook');
const SCRIPT = inPackage('bin', 'obs-hook.js');
/** `scripts/ci-packages.sh` puts it there; without it there is nothing to compare with. */
const CCUSAGE = path.join(os.homedir(), '.cache/obs-native-tests/ccusage-20.0.24/node_modules/ccusage/src/cli.js');

/** Runs a program that is given `input`. */
function given(command, args, { input, root }) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CLAUDE_PROJECT_DIR: root, COLUMNS: '120' };
    const child = spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], env });
    child.on('error', reject);
    child.on('close', () => resolve());
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

const contestant = (command, args, input) => ({ run: () => given(command, args, input()) });

/**
 * The events of the rows: a task, the end of a turn of a session of a megabyte that has grown by a turn, the same of one that
 * rests, and an event of which nothing is recorded.
 */
function hookRows(root, { session, resting }) {
  let task = 0;
  const event = (more) => () => ({ root, input: JSON.stringify({ session_id: 's', cwd: root, ...more() }) });
  const step = event(() => ({ hook_event_name: 'TaskCreated', task_id: `${(task += 1)}`, task_subject: 'do it' }));
  const stop = event(() => ({ hook_event_name: 'Stop', transcript_path: session }));
  const still = event(() => ({ hook_event_name: 'Stop', transcript_path: resting }));
  const grown = { ...contestant(PROGRAM, [], stop), prepare: () => appendTurn(session) };
  const other = event(() => ({ hook_event_name: 'Notification', message: 'x' }));
  const line = () => ({ root, input: JSON.stringify({ cwd: root, session_id: 's' }) });
  const limits = { bar: 0.1, aim: 0.05 };
  return [
    { ...contestant(PROGRAM, [], step), what: 'hook: a task, over a bare node', limits },
    { ...grown, what: 'hook: the end of a turn, a session of 1 MB with one more turn', limits },
    { ...contestant(PROGRAM, [], still), what: 'hook: the end of a turn, nothing new', limits },
    { ...contestant(PROGRAM, [], other), what: 'hook: an event of which nothing is recorded', limits },
    { ...contestant(PROGRAM, ['statusline'], line), what: 'status line', limits },
    { ...contestant(process.execPath, [SCRIPT], step), what: 'hook: a task, through Node' },
    { ...contestant(process.execPath, [SCRIPT, 'statusline'], line), what: 'status line, through Node' },
  ];
}

const workspace = (folder, name) => {
  const root = path.join(folder, name);
  mkdirSync(path.join(root, '.claude'), { recursive: true });
  return root;
};

const importing = (root, from) => ['import', 'claude', '--json', '--root', root, '--from', from];

async function importRows(folder, { quick, full }) {
  const home = path.join(folder, 'home');
  const megabytes = quick ? 8 : full ? 1000 : 256;
  const from = writeTranscripts(home, megabytes);
  const obs = inPackage('bin', 'obs.js');
  const fresh = (name) => {
    rmSync(path.join(folder, name), { recursive: true, force: true });
    return workspace(folder, name);
  };
  // The file system's own cache is warm, as it is for sessions of the last days.
  const started = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    const root = fresh('import');
    const before = performance.now();
    await runNode([obs, ...importing(root, from)]);
    started.push(performance.now() - before);
  }
  const seconds = Math.min(...started) / 1000;
  const memory = await peakMemory([obs, ...importing(fresh('memory'), from)]);
  const known = path.join(folder, 'import');
  const again = { run: () => runNode([obs, ...importing(known, from)]) };
  const options = { ours: again, base: BARE_NODE, rounds: quick ? 2 : 21, warmup: 1, bar: 1.5, aim: 1.3 };
  return [
    { what: `import of ${megabytes} MB of transcripts, per GB`, unit: 's', ours: (seconds * 1000) / megabytes, bar: 3, aim: 2 }, // prettier-ignore
    { what: 'the most memory that it had', unit: 'MiB', ours: memory },
    await duel('import with nothing new, over a bare node', options),
    ...(await besideOthers({ home, fresh, from, obs }, quick ? 1 : 5)),
  ];
}

/** A first import over ccusage, which counts the tokens of the same files. */
async function besideOthers({ home, fresh, from, obs }, rounds) {
  if (!existsSync(CCUSAGE)) return [];
  const first = { prepare: () => fresh('first'), run: (root) => runNode([obs, ...importing(root, from)]) };
  const env = { CLAUDE_CONFIG_DIR: home, HOME: home };
  const base = { run: () => runNode([CCUSAGE, 'claude', 'monthly', '--json', '--offline'], { env }) };
  return [await duel('a first import over ccusage of the same files', { ours: first, base, rounds, warmup: 1 })];
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick, full }) {
  const root = workspace(folder, 'hooks');
  const sessions = writeTranscripts(path.join(folder, 'session'), 1);
  const name = readdirSync(sessions).find((each) => each.endsWith('.jsonl'));
  const [session, resting] = [path.join(sessions, name), path.join(sessions, `resting-${name}`)];
  copyFileSync(session, resting);
  const entries = hookRows(root, { session, resting });
  const hooks = await contest(entries, BARE_NODE, { rounds: quick ? 2 : 21, warmup: 1 });
  return [...hooks, ...(await importRows(folder, { quick, full }))];
}
