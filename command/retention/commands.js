// The commands `obs retention run` and `obs retention show`: what is due, and what was done lately.
'use strict';

const { requireWorkspace } = require('../workspace/workspace.js');
const { spanText } = require('../../alerts/span.js');
const { visible } = require('../../lib/visible.js');
const { checkAllowed } = require('../prune/lock.js');
const { FILE, loadRetention } = require('./config.js');
const { isDue, readRuns } = require('./log.js');
const { runRetention } = require('./run.js');

const MOST_RUNS = 20;

function coreOf(options) {
  const { createFace } = require('../../lib/face.js');
  return createFace({ projectRoot: requireWorkspace(options.root).root }).core();
}

/** Exit code 1 when a file was left as it is. */
async function run({ options, output }) {
  checkAllowed('drop records');
  const done = await runRetention(coreOf(options));
  if (options.json) await output.json({ schema: 1, ran: done !== null, run: done });
  else await output.text(done === null ? 'Nothing is due.' : runText(done));
  return done?.errors.length ?? 0;
}

function runText({
  timestamp,
  before,
  dropped_records: records,
  dropped_bytes: bytes,
  compacted_bytes: packed,
  errors,
}) {
  const until = before === null ? '' : ` before ${before.slice(0, 10)}`;
  const done = `${timestamp}: ${records} records dropped${until} (${bytes} bytes), ${packed} bytes compacted`;
  return [done, ...errors.map(({ file, error }) => `${visible(file)}: left as it is: ${visible(error)}`)].join('\n');
}

function wantedText({ olderThan, maxBytes, compactAfter }) {
  const parts = [
    olderThan !== null && `drops what is older than ${spanText(olderThan)}`,
    maxBytes !== null && `keeps at most ${maxBytes} bytes`,
    compactAfter !== null && `compacts days ${spanText(compactAfter)} after their end`,
  ];
  return parts.filter(Boolean).join(', ');
}

async function show({ options, output }) {
  const core = coreOf(options);
  const wanted = loadRetention(core.where.root);
  const runs = readRuns(core.dataFolder.folder).slice(-MOST_RUNS);
  const due = wanted !== null && isDue(runs.at(-1), Date.now());
  if (options.json) {
    await output.json({ schema: 1, configured: wanted !== null, due, runs });
    return 0;
  }
  const none = `Nothing goes by itself: there is no ${FILE} (docs/fleet.md of @obs/native says what may stand in it).`;
  const head = wanted === null ? none : `${wantedText(wanted)}; ${due ? 'a run is due' : 'done for today'}`;
  await output.text([head, ...runs.map(runText)].join('\n'));
  return 0;
}

module.exports = { run, show, wantedText };
