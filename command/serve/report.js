// `obs report`: writes the page with the answers of a period as one file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { readPeriod } = require('../show/period.js');
const { Complaint, WrongUsage } = require('../terminal/output.js');
const { findWorkspace, isFolder } = require('../workspace/workspace.js');
const { openFile } = require('./browser.js');

const WEEK = 604_800_000;

/** `{ from, to }` as ISO texts; no beginning is all of history. */
function periodOf(options) {
  const { from = null, to = Date.now() } = readPeriod({
    since: options.from === undefined ? WEEK : undefined,
    ...options,
  });
  if (from !== null && from > to) throw new WrongUsage('report: --from must not be later than --to');
  return { from: from === null ? null : new Date(from).toISOString(), to: new Date(to).toISOString() };
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
  if (options.out === undefined) throw new WrongUsage('report: --out FILE.html is missing');
  const { root } = findWorkspace(options.root);
  if (!isFolder(root)) throw new Complaint(`${root} is not a folder`);
  const period = periodOf(options);
  const { makeReport } = require('../../server/report.js');
  const text = await makeReport({ root, ...period, ...(options.cuj === undefined ? {} : { cuj: options.cuj }) });
  const file = path.resolve(options.out);
  write(file, text);
  await output.text(file);
  if (options.open) openFile(file);
  return 0;
}

module.exports = { reportCommand };
