// Takes back what install did, byte for byte, and leaves alone whatever the user changed since.
'use strict';

const fs = require('node:fs');

const { survey } = require('./files.js');
const { removeFolders } = require('./folders.js');

/** What uninstall would do in `root`: `steps` of kind 'restore', 'remove', 'changed' (refused) or 'none'. */
function planUninstall(root) {
  return survey(root).map((place) => ({ ...place, kind: kindFor(place) }));
}

function kindFor({ state, kept }) {
  if (state === 'ours' || state === 'absent') return kept ? 'restore' : state === 'ours' ? 'remove' : 'none';
  // Without an .orig and without a trace of this package it is a file that install never touched.
  return kept || state === 'edited' ? 'changed' : 'none';
}

/** Carries the plan out. Returns the folders that went with it: only those that install had made, and only when empty. */
function applyUninstall(root, steps) {
  for (const { kind, file, orig } of steps) {
    // The rename puts the kept file back with its mode and times, over ours.
    if (kind === 'restore') fs.renameSync(orig, file);
    if (kind === 'remove') fs.rmSync(file);
  }
  return steps.some(({ kind }) => kind === 'changed') ? [] : removeFolders(root);
}

module.exports = { planUninstall, applyUninstall };
