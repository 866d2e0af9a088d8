// `obs report`: writes the page with the answers of a period as one file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { findWorkspace, isFolder } = require('../workspace/workspace.js');
const { openFile } = require('./browser.js');

const WEEK = 604_800_000;

const msOf = (time) => (typeof time === 'number' ? time : Date.parse(time));

/** `{ from, to }` as ISO texts. */
function periodOf({ since, from, to }) {
  if (since !== undefined && from !== undefined) throw new Complaint('report: --since and --from exclude each other');
  const end = to === undefined ? Date.now() : msOf(to);
  const start = from === undefined ? end - (since ?? WEEK) : msOf(from);
  if (start > end) throw new Complaint('report: --from must not be later than --to');
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** In place of the old file at once, or not at all; it holds what was recorded, so it is the person's own. */
function write(file, text) {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(beside, text, { mode: 0o600, flag: 'wx' });
    fs.renameSync(beside, file);
  } catch (error) {
    fs.rmSync(beside, { force: true });
    throw new Complaint(`${file} could not be written: ${error.message}`);
  }
}

async function reportCommand({ options, output }) {
  if (options.out === undefined) throw new Complaint('report: --out FILE.html is missing');
  const { root } = findWorkspace(options.root);
  if (!isFolder(root)) throw new Complaint(`${root} is not a folder`);
  const period = periodOf(options);
  const { createFace } = require('../../lib/face.js');
  const { makeReport } = require('../../server/report.js');
  const face = createFace({ projectRoot: root });
  try {
    const text = await makeReport(face, { ...period, ...(options.cuj === undefined ? {} : { cuj: options.cuj }) });
    const file = path.resolve(options.out);
    write(file, text);
    await output.text(file);
    if (options.open) openFile(file);
  } finally {
    face.close();
  }
  return 0;
}

module.exports = { reportCommand };
