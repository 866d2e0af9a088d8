// Takes back what install did, byte for byte, and leaves alone whatever the user changed since.
'use strict';

const fs = require('node:fs');

const { survey } = require('./files.js');
const { fingerprint, readManifest, removeManifest, sweep } = require('./manifest.js');

/**
 * What uninstall would do in `root`: `steps` of kind 'restore', 'remove', 'restored' (only the kept copy is left to remove),
 * 'changed' or 'lost' (refused), or 'none'.
 */
function planUninstall(root) {
  const { files } = readManifest(root);
  return survey(root).map((place) => ({
    ...place,
    kind: kindFor(place, files === null ? undefined : files[place.name]),
  }));
}

/** `noted` is what the manifest says of the file; an installation without a manifest kept what it replaced, as `.orig`. */
function kindFor({ state, kept, file, orig }, noted) {
  const was = noted === undefined ? null : noted.was;
  // An .orig that is not what install replaced is the user's own.
  const ours = kept && (noted === undefined || fingerprint(orig) === was);
  if (was !== null && state === 'other' && fingerprint(file) === was) return ours ? 'restored' : 'none';
  if (state === 'ours' || state === 'absent') {
    if (ours) return 'restore';
    if (state === 'ours') return was === null ? 'remove' : 'lost';
    return 'none';
  }
  // Without an .orig and without a trace of this package it is a file that install never touched.
  return ours || state === 'edited' ? 'changed' : 'none';
}

/** Carries the plan out. Returns the folders that went with it: only those that install had made, and only when empty. */
function applyUninstall(root, steps) {
  sweep(root);
  for (const { kind, file, orig } of steps) {
    // The rename puts the kept file back with its mode and times, over ours.
    if (kind === 'restore') fs.renameSync(orig, file);
    if (kind === 'remove') fs.rmSync(file);
    if (kind === 'restored') fs.rmSync(orig);
  }
  if (steps.some(isRefused)) return [];
  return removeManifest(root, readManifest(root).made).reverse();
}

/** Whether a step was refused, so that something of the installation stays. */
function isRefused({ kind }) {
  return kind === 'changed' || kind === 'lost';
}

module.exports = { applyUninstall, isRefused, planUninstall };
