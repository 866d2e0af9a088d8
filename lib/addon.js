// Finds the compiled addon of this platform and loads it.
'use strict';

function isMusl() {
  return process.platform === 'linux' && !process.report?.getReport?.().header?.glibcVersionRuntime;
}

/** The platform's name in file and package names, such as `linux-x64-gnu`. */
function platformName() {
  const suffix = { linux: isMusl() ? '-musl' : '-gnu', win32: '-msvc' }[process.platform] ?? '';
  return `${process.platform}-${process.arch}${suffix}`;
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
  const ofPlugin = require('./plugin-addon.js').addonOfPlugin([...new Set([name, platformName()])]);
  return ofPlugin ?? require('../binding.js');
}

module.exports = { loadAddon, platformName };
