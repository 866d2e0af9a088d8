// Makes the published `bin/obs.js`: one file with the modules that most questions need, because finding and reading each of them
// takes longer than what it does. Every other module is loaded from its own file as before, and meets the same ones.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from './run.mjs';

/** What a question of `obs` loads; what these need at their beginning comes with them. */
const ASKED_FOR = [
  'command/main.js',
  'alerts/objectives.js',
  'command/common.js',
  'command/show/cuj-views.js',
  'command/show/usage-views.js',
  'command/show/run-views.js',
  'command/show/table.js',
  'lib/face.js',
  'lib/alerts.js',
  'lib/tables.js',
];

const AT_THE_BEGINNING = /^(?:const .*|\} )= require\('(\.[^']+\.js)'\)/gm;

const read = (name) => readFileSync(path.join(packageRoot, name), 'utf8');

/** The names of the joined modules, each once. */
export function joinedModules(names = ASKED_FOR) {
  const found = new Set();
  const add = (name) => {
    if (found.has(name)) return;
    found.add(name);
    for (const [, request] of read(name).matchAll(AT_THE_BEGINNING)) {
      add(path.posix.join(path.posix.dirname(name), request));
    }
  };
  names.forEach(add);
  return [...found].sort();
}

const asFunction = (name) =>
  `${JSON.stringify(name)}(exports, require, module, __filename, __dirname) {\n${read(name)}}`;

/**
 * The text of the file. A module in it is entered under the name of its own file where Node keeps what was loaded, so that
 * there is one of each, whichever way it is asked for.
 */
export function joinedBin() {
  return `#!/usr/bin/env node
// The \`obs\` command with the modules that most questions need; each is also there as a file of its own.
'use strict';
const path = require('node:path');
const Module = module.constructor;
const joined = {
${joinedModules().map(asFunction).join(',\n')}
};
function load(name) {
  const file = path.join(__dirname, '..', name);
  if (require.cache[file]) return require.cache[file].exports;
  const made = (require.cache[file] = new Module(file, module));
  made.filename = file;
  made.paths = module.paths;
  const ask = (request) => {
    const inside = request[0] === '.' ? path.posix.join(path.posix.dirname(name), request) : '';
    return Object.hasOwn(joined, inside) ? load(inside) : made.require(request);
  };
  // The joined modules use no more of what \`require\` has.
  ask.main = require.main;
  joined[name].call(made.exports, made.exports, ask, made, file, path.dirname(file));
  made.loaded = true;
  return made.exports;
}
// Bun keeps no modules that others made.
const { main } = process.versions.bun ? require('../command/main.js') : load('command/main.js');
void main(process.argv.slice(2));
`;
}
