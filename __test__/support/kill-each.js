// Kills a command at the calls by which it changes files: first lists those that it really makes, then starts it anew for each.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { run } = require('./command-line.js');

const PRELOAD = ['--require', path.join(__dirname, 'kill-at.cjs')];
/** Most of the time they wait. */
const AT_ONCE = 6;
/** In the short form one of so many calls is killed at, others each time. */
const STEP = 4;

const runWith = (words, env, preload) => run([...preload, ...PRELOAD, ...words], { env: { ...env, OBS_TEST_KILL_CALLS: 'all' } }); // prettier-ignore

/** The calls that `node WORDS` makes when nobody kills it, such as `renameSync /a/b`. */
async function callsOf(words, { env = {}, preload = [] } = {}) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-calls-'));
  try {
    const list = path.join(folder, 'calls.json');
    const { code, stderr } = await runWith(words, { ...env, OBS_TEST_KILL_LIST: list }, preload);
    if (code !== 0) throw new Error(`it ended with ${code}: ${stderr}`);
    return JSON.parse(fs.readFileSync(list, 'utf8'));
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/**
 * Which of `calls` to kill at, `[number, 'before' | 'after']`: each, or where that takes too long some, and those that
 * `always(call, place)`.
 */
function momentsOf(calls, { long, random, always = () => false }) {
  const from = random.below(2 * STEP);
  const isTaken = (call, place, after) => long || (2 * place + after) % (2 * STEP) === from || always(call, place);
  return calls.flatMap((call, place) =>
    ['before', 'after'].filter((_, after) => isTaken(call, place, after)).map((when) => [place + 1, when]),
  );
}

/** Starts `node WORDS` and kills it at a moment; throws when it ends by itself. */
async function killAt([call, when], words, { env = {}, preload = [] } = {}) {
  const { signal, code, stderr } = await runWith(words, { ...env, OBS_TEST_KILL_AT: `${call} ${when}` }, preload);
  if (signal !== 'SIGKILL') throw new Error(`${when} call ${call} it was not killed but ended with ${code}: ${stderr}`);
}

/** Does `work(moment)` for each, some at once. */
async function eachMoment(moments, work) {
  for (let at = 0; at < moments.length; at += AT_ONCE) await Promise.all(moments.slice(at, at + AT_ONCE).map(work));
}

module.exports = { callsOf, eachMoment, killAt, momentsOf };
