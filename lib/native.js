// Loads the native addon; when that fails, says in one message what was tried, why it failed and how to mend it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { withCode } = require('./errors.js');

function isMusl() {
  return process.platform === 'linux' && !process.report?.getReport?.().header?.glibcVersionRuntime;
}

/** The platform's name in file and package names, such as `linux-x64-gnu`. */
function platformName() {
  const suffix = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[process.platform] ?? '';
  return `${process.platform}-${process.arch}${suffix}`;
}

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

function remedy(name) {
  if (fs.existsSync(path.join(__dirname, '..', 'Cargo.toml'))) {
    return 'Build it with:  npm run build  (needs Rust, https://rustup.rs)';
  }
  return `Install it with:  npm install @obs/native-${name}@${require('../package.json').version}`;
}

function loadFailure(cause) {
  const name = platformName();
  const message = [
    `@obs/native could not load its native part for ${name} (Node ${process.version}).`,
    `Tried: ${path.join(__dirname, '..', `obs-native.${name}.node`)} and the package @obs/native-${name}.`,
    'The loader said:',
    ...reasons(cause).map((reason) => `  - ${reason}`),
    remedy(name),
  ].join('\n');
  return withCode(new Error(message, { cause }), 'OBS_NATIVE_LOAD');
}

/** The platform's name without finding out which C library it has: one that needs the other refuses to load. */
function quickName() {
  return process.platform === 'linux' ? `linux-${process.arch}-gnu` : platformName();
}

/**
 * The addon itself where it mostly is: beside this package in a checkout, else in the platform's package. The generated
 * loader knows many more places, but reading and running it takes longer than loading the addon.
 */
function loadAddon() {
  const name = quickName();
  for (const place of [`../obs-native.${name}.node`, `@obs/native-${name}`]) {
    try {
      return require(place);
    } catch {
      // The generated loader tries all places and tells what went wrong in each.
    }
  }
  return require('../binding.js');
}

/** The addon's class `NativeMonitor`. `load` is what fetches the addon; tests give one that fails. */
function loadNative(load = loadAddon) {
  try {
    return load().NativeMonitor;
  } catch (error) {
    throw loadFailure(error);
  }
}

module.exports = { loadAddon, loadNative };
