// The command `obs compact`: puts compacted files in the place of closed days' files, or says what it would compact.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { visible } = require('../../lib/visible.js');
const { DAY } = require('../prune/files.js');
const { checkAllowed, locked } = require('../prune/lock.js');
const { checkSystem, findClosed, firstOpen, packClosed } = require('./closed.js');

/** Exit code 1 when a file was left as it is. */
async function compact({ options, output }) {
  const { 'older-than': span = DAY, apply = false } = options;
  if (span < DAY) throw new WrongUsage('--older-than must be at least 1d');
  if (apply) checkAllowed('compact');
  checkSystem();
  const { root } = requireWorkspace(options.root);
  const { createFace } = require('../../lib/face.js');
  const core = createFace({ projectRoot: root }).core();
  const before = new Date(firstOpen(span)).toISOString();
  const files = apply ? await locked(core, () => packClosed(core, { span })) : findClosed(core, { span });
  const answer = { schema: 1, applied: apply, before, files };
  if (options.json) await output.json(answer);
  else await output.text(text(answer));
  return files.filter(({ error }) => error !== null).length;
}

const bytesText = (count) => `${count} byte${count === 1 ? '' : 's'}`;

function text({ applied, before, files }) {
  const rows = files.map(({ file, bytes, packed, error }) => {
    const done = packed === null ? bytesText(bytes) : `${bytesText(bytes)} compacted, the file has ${packed} now`;
    return `${visible(file)}: ${error === null ? done : `left as it is: ${visible(error)}`}`;
  });
  const said = applied ? 'compacted' : 'would be compacted; --apply compacts them';
  const last = files.length === 0 ? 'Nothing to compact.' : `Days before ${before.slice(0, 10)}: ${bytesText(files.reduce((sum, { bytes }) => sum + bytes, 0))} ${said}.`; // prettier-ignore
  return [...rows, last].join('\n');
}

module.exports = { compact };
