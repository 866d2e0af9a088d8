// Runs one of the tools for real from where install would put it, before anything is replaced.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { TOOLS, fourLines } = require('./files.js');

const MOST_MS = 30_000;

/**
 * Why the tools would not run in this workspace, in words, or `null` when one of them did. A file beside them is made for it
 * and removed again; links are followed as Node will follow them, so that it runs from the real folder.
 */
function whyNotRunning(root) {
  const file = path.join(nearest(path.join(root, TOOLS)), `.obs-probe-${process.pid}.mjs`);
  try {
    fs.writeFileSync(file, fourLines('structured-logger'), { flag: 'wx' });
    return whyNotAnswering(file, root);
  } catch (error) {
    return error.message;
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** Why a tool does not run, in words, or `null` when it does: its usage needs all that an answer needs. */
function whyNotAnswering(file, root) {
  const options = { cwd: root, encoding: 'utf8', timeout: MOST_MS };
  const { status, stderr, error } = spawnSync(process.execPath, [file, '--help'], options);
  return status === 0 ? null : reason(error?.message ?? stderr);
}

/** The line that tells: Node shows the code around it, the beginning of a stack behind it. */
function reason(text) {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.find((line) => /^\w*Error\b.*: /.test(line)) ?? lines.find(Boolean) ?? 'it did not end';
}

function nearest(folder) {
  return fs.existsSync(folder) ? folder : nearest(path.dirname(folder));
}

module.exports = { whyNotAnswering, whyNotRunning };
