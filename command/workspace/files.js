// Which five files install puts into a workspace, and what stands in their places now.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const MODULES = ['structured-logger', 'metrics-tracker', 'progress-emitter', 'metrics-dashboard', 'provider-health'];
const TOOLS = path.join('.claude', 'tools');

/** The whole file for one module: its functions, and its command line when it is run. */
function fourLines(module) {
  return [
    '#!/usr/bin/env node',
    `export * from '@obs/native/${module}';`,
    "import { runIfMain } from '@obs/native/cli';",
    `runIfMain(import.meta.url, '${module}');`,
    '',
  ].join('\n');
}

/**
 * What stands where the five files belong.
 *
 * `state` is 'absent', 'ours' (exactly what install writes), 'edited' (not that, but it uses this package), 'other', or
 * 'folder'; `kept` tells whether `<name>.orig` is there.
 *
 * @returns {{ module: string, name: string, file: string, orig: string, state: string, kept: boolean }[]}
 */
function survey(root) {
  return MODULES.map((module) => {
    const name = `${module}.mjs`;
    const file = path.join(root, TOOLS, name);
    const orig = `${file}.orig`;
    return { module, name, file, orig, state: stateOf(file, module), kept: entry(orig) !== null };
  });
}

function stateOf(file, module) {
  const found = entry(file);
  if (found === null) return 'absent';
  if (found.isDirectory()) return 'folder';
  // A symlink is something the user arranged, whatever it leads to: it is kept and put back as a link.
  if (!found.isFile()) return 'other';
  // git may have turned the line ends; that is no change of the user's.
  const text = fs.readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  if (text === fourLines(module)) return 'ours';
  return text.includes('@obs/native') ? 'edited' : 'other';
}

/** The entry itself, not what a link leads to; `null` when there is none. */
function entry(file) {
  try {
    return fs.lstatSync(file);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw error;
  }
}

module.exports = { MODULES, TOOLS, fourLines, survey, entry };
