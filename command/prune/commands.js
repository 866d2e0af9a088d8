// The command `obs prune`: drops records before a moment from the data files, or says what it would drop.
'use strict';

const { WrongUsage } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { visible } = require('../../lib/visible.js');
const { dropOld } = require('./drop.js');
const { DAY } = require('./files.js');
const { checkAllowed, locked } = require('./lock.js');

function checkOptions({ 'older-than': span, 'max-bytes': most, apply }) {
  if (span === undefined && most === undefined) throw new WrongUsage('prune needs --older-than SPAN or --max-bytes N');
  if (span !== undefined && span < DAY) throw new WrongUsage('--older-than must be at least 1d');
  if (apply) checkAllowed('prune');
}

/** Exit code 1 when a file was left as it is. */
async function prune({ options, output }) {
  checkOptions(options);
  const { root } = requireWorkspace(options.root);
  const { createFace } = require('../../lib/face.js');
  const core = createFace({ projectRoot: root }).core();
  const apply = Boolean(options.apply);
  const asked = { span: options['older-than'], most: options['max-bytes'] };
  const work = () => dropOld(core, asked, apply);
  const { before, files } = apply ? await locked(core, work) : await work();
  const answer = { schema: 1, applied: apply, before, files };
  if (options.json) await output.json(answer);
  else await output.text(text(answer));
  return files.filter(({ error }) => error !== null).length;
}

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

function text({ applied, before, files }) {
  const rows = files.map(({ file, lines, bytes, error }) => {
    const said = error === null ? `${plural(lines, 'record')}, ${plural(bytes, 'byte')}` : `left as it is: ${error}`;
    return `${visible(file)}: ${visible(said)}`;
  });
  const lines = files.reduce((sum, each) => sum + each.lines, 0);
  const done = applied ? 'dropped' : 'would be dropped; --apply drops them';
  const last = before === null || files.length === 0 ? 'Nothing to drop.' : `Before ${before}: ${plural(lines, 'record')} ${done}.`; // prettier-ignore
  return [...rows, last].join('\n');
}

module.exports = { prune };
