// Says in one message why the addon did not load: what was tried, what the loader said, how to mend it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { platformName } = require('./addon.js');
const { withCode } = require('./errors.js');

/** The generated loader's own words blame npm whatever happened, and it looks for builds that this package does not have. */
const MISLEADING = /^Cannot find native binding\.|wasi/;

/** What `dlopen` and `require` said, which the generated loader wraps in a chain of causes. */
function reasons(error) {
  const found = [];
  const seen = new Set();
  for (let at = error; at && !seen.has(at) && found.length < 10; at = at.cause) {
    seen.add(at);
    for (const each of Array.isArray(at.cause) ? at.cause : []) found.push(String(each?.message ?? each));
    found.push(String(at.message ?? at));
  }
  // The first line is what happened; what follows is Node's list of requiring files.
  const lines = [...new Set(found.map((text) => text.split('\n')[0]))];
  const telling = lines.filter((line) => !MISLEADING.test(line));
  return telling.length > 0 ? telling : lines;
}

function remedy(name, said) {
  // Under `node --permission` nothing that is installed or built helps. Node's own words tell, as it answers no question.
  if (said.some((reason) => reason.includes('loading addons is disabled'))) {
    return 'Node runs with --permission: add  --allow-addons  (and the right to read this package) to its options.';
  }
  if (fs.existsSync(path.join(__dirname, '..', 'Cargo.toml'))) {
    return 'Build it with:  npm run build  (needs Rust, https://rustup.rs)';
  }
  return `Install it with:  npm install @obs/native-${name}@${require('../package.json').version}`;
}

function loadFailure(cause) {
  const name = platformName();
  const said = reasons(cause);
  const message = [
    `@obs/native could not load its native part for ${name} (Node ${process.version}).`,
    `Tried: ${path.join(__dirname, '..', `obs-native.${name}.node`)} and the package @obs/native-${name}.`,
    'The loader said:',
    ...said.map((reason) => `  - ${reason}`),
    remedy(name, said),
  ].join('\n');
  return withCode(new Error(message, { cause }), 'OBS_NATIVE_LOAD');
}

/** What the generated loader meets when a bundler gave it the addon's name as a text. */
const NAME_INSTEAD = /^Cannot create property '\w+' on string '/;

/** What a bundler made of the addon when it took it for a text or an asset. */
function bundledFailure() {
  const message = [
    '@obs/native found no native part where a bundler was to put it: it got the name of a file instead.',
    'Leave the package out of the bundle   (esbuild: --external:@obs/native),',
    'or have its addon copied beside it    (esbuild: --loader:.node=copy; ncc does so by itself).',
    'Both ways are described in docs/bundlers.md of the package.',
  ].join('\n');
  return withCode(new Error(message), 'OBS_NATIVE_LOAD');
}

/** What is thrown when the addon did not load, or is none. */
function loadError(error) {
  return error === null || NAME_INSTEAD.test(error?.message) ? bundledFailure() : loadFailure(error);
}

module.exports = { loadError };
