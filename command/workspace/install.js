// Puts the five four-line files into a workspace; what stood there is kept beside as `<name>.orig`.
'use strict';

const fs = require('node:fs');

const { Complaint } = require('../terminal/output.js');
const { fourLines, survey } = require('./files.js');
const { fingerprint, readManifest, removeManifest, sweep, writeManifest } = require('./manifest.js');

/**
 * What install would do in `root`, without doing it: `steps` of kind 'add', 'replace', 'done' or 'blocked' (with a `reason`).
 */
function planInstall(root) {
  return survey(root).map((place) => ({ ...place, ...stepFor(place) }));
}

/** After `git checkout .` the old file stands where it was, and its copy is still kept: that is no conflict. */
function isKeptTwice({ file, orig, kept }) {
  return kept && fingerprint(file) === fingerprint(orig);
}

function stepFor(place) {
  const { state, kept, name } = place;
  if (state === 'ours') return { kind: 'done' };
  if (state === 'absent') return { kind: 'add' };
  if (state === 'folder') return { kind: 'blocked', reason: `${name} is a folder` };
  // Overwriting an .orig would lose what stood there before an earlier install.
  if (isKeptTwice(place)) return { kind: 'replace' };
  if (kept) {
    return { kind: 'blocked', reason: `${name} was changed and ${name}.orig is kept already; move one of them away` };
  }
  return { kind: 'replace' };
}

/** Carries the plan out; when one step fails, those before it are taken back and the workspace is as it was. */
function applyInstall(root, steps) {
  const blocked = steps.find(({ kind }) => kind === 'blocked');
  if (blocked) throw new Complaint(`${blocked.reason}; nothing was changed`);
  const before = readManifest(root);
  const changes = steps.filter(({ kind }) => kind !== 'done');
  const done = [];
  let made = [];
  try {
    sweep(root);
    // Written before what it tells of, so that everything can be taken back wherever this is interrupted.
    if (changes.length > 0) made = writeManifest(root, manifestOf(before, changes));
    for (const step of changes) {
      put(step);
      done.push(step);
    }
  } catch (error) {
    done.reverse().forEach(takeBack);
    if (before.files === null && before.made.length === 0) removeManifest(root, made);
    else writeManifest(root, before);
    throw new Complaint(`${error.message}; nothing was changed`);
  }
}

function manifestOf(before, changes) {
  // A file that went away since an earlier install still has what that one replaced.
  const was = ({ name, file }) => fingerprint(file) ?? before.files?.[name]?.was ?? null;
  const files = Object.fromEntries(changes.map((step) => [step.name, { was: was(step) }]));
  return { made: before.made, files: { ...before.files, ...files } };
}

/** The new file is whole before the old one moves, and the old one moves by name only: content, mode and times stay. */
function put({ module, file, orig, kind }) {
  const fresh = `${file}.${process.pid}.new`;
  const mode = kind === 'replace' ? fs.statSync(file, { throwIfNoEntry: false })?.mode : undefined;
  try {
    fs.writeFileSync(fresh, fourLines(module), { mode: 0o755, flag: 'wx' });
    if (mode !== undefined) fs.chmodSync(fresh, mode & 0o777);
    if (kind === 'replace') fs.renameSync(file, orig);
    fs.renameSync(fresh, file);
  } catch (error) {
    fs.rmSync(fresh, { force: true });
    if (kind === 'replace' && !fs.existsSync(file)) fs.renameSync(orig, file);
    throw error;
  }
}

function takeBack({ file, orig, kind }) {
  if (kind === 'replace') fs.renameSync(orig, file);
  else fs.rmSync(file, { force: true });
}

module.exports = { planInstall, applyInstall };
