// The commands `obs redact scan` and `obs redact apply`: look at each file, say what was found or done.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint, ReaderGone } = require('../terminal/output.js');
const { findWorkspace } = require('../workspace/workspace.js');
const { chooseFiles, snapshotOf, withFile } = require('./files.js');
const { applyText, scanText } = require('./report.js');
const { count, rewrite, watch } = require('./rewrite.js');

/** Exit code 1 when there is a secret, or a file that could not be looked at. */
async function scan({ values: named, options, output }) {
  const { files } = chooseFiles(named, options.root);
  const results = files.map((file) => looked(file, () => withFile(file, (fd) => count(fd, file, snapshotOf(file)))));
  const lines = sum(results, 'lines');
  const unreadable = sum(results, 'unreadable');
  if (options.json) await output.json({ lines, unreadable, files: results });
  else await output.text(scanText(results, { lines, unreadable }));
  return lines + results.filter(({ error }) => error !== null).length;
}

/** Exit code 1 when a file was left as it is although it has secrets. */
async function apply({ values: named, options, output }) {
  if (['1', 'true'].includes(process.env.OBS_DISABLED)) {
    throw new Complaint('nothing is written while OBS_DISABLED is set; unset it to redact files');
  }
  const { files, root } = chooseFiles(named, options.root);
  const dryRun = Boolean(options['dry-run']);
  const watched = files.map((file) => ({ file, ...attempt(() => watch(file)) }));
  const results = [];
  for (const { file, value, error } of watched) results.push(await applied(file, value, error, dryRun));
  if (!dryRun) removeCaches(root, watched);
  const lines = sum(results, 'lines');
  const refused = results.filter(({ error }) => error !== null).length;
  const unreadable = sum(results, 'unreadable');
  if (options.json) await output.json({ lines, unreadable, refused, dry_run: dryRun, files: results });
  else await output.text(applyText(results, { lines, unreadable, refused, dryRun }));
  return refused;
}

function sum(results, key) {
  return results.reduce((total, result) => total + result[key], 0);
}

function attempt(work) {
  try {
    return { value: work(), error: null };
  } catch (error) {
    return { value: null, error };
  }
}

function looked(file, look) {
  const { value, error } = attempt(look);
  const { lines = 0, kinds = [], unreadable = 0 } = value ?? {};
  return { file, lines, kinds, unreadable, error: reason(error) };
}

async function applied(file, watched, trouble, dryRun) {
  try {
    if (trouble) throw trouble;
    const { lines, kinds, unreadable } = await rewrite(watched, { dryRun });
    return { file, lines, kinds, unreadable, error: null };
  } catch (error) {
    if (error instanceof ReaderGone) throw error;
    return { file, lines: 0, kinds: [], unreadable: 0, error: reason(error) };
  }
}

/** The system's words without the path, which is shown anyway. */
function reason(error) {
  if (error === null) return null;
  return error.code === undefined ? error.message : error.message.replace(/, \w+( '[^]*)?$/, '');
}

/** The cache keeps names from the old files: it goes even when nothing was found, since an earlier run may have been ended early. */
function removeCaches(root, watched) {
  const roots = watched.map(({ value, file }) => rootAbove(value?.target ?? path.resolve(file)));
  if (root === null) roots.push(workspaceRoot());
  for (const each of new Set([root, ...roots])) {
    if (each) removeCache(path.join(each, '.claude', 'context', '.obs'));
  }
}

/** What exports remember of what was sent holds positions and hashes; without it all would be sent again. */
function removeCache(folder) {
  const names = attempt(() => fs.readdirSync(folder)).value ?? [];
  const kept = names.filter((name) => name.startsWith('otlp'));
  if (kept.length === 0) fs.rmSync(folder, { recursive: true, force: true });
  else names.filter((name) => !kept.includes(name) && name !== '.gitignore').forEach((name) => fs.rmSync(path.join(folder, name), { recursive: true, force: true })); // prettier-ignore
}

function workspaceRoot() {
  const { root, reason: why } = findWorkspace();
  return why === 'fallback' ? null : root;
}

/** The folder whose `.claude` a file is in. */
function rootAbove(file) {
  const at = file.lastIndexOf(`${path.sep}.claude${path.sep}`);
  return at === -1 ? null : file.slice(0, at);
}

module.exports = { scan, apply };
