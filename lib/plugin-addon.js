// Finds the addon where this package is a plugin of Claude Code: a copy of what npm installed, without what that depends on.
'use strict';

const path = require('node:path');

/** `…/plugins` of `…/plugins/cache/MARKETPLACE/PLUGIN/VERSION`; `null` where the package lies elsewhere. */
function pluginsFolder(home) {
  const cache = path.resolve(home, '..', '..', '..');
  const plugins = path.dirname(cache);
  return path.basename(cache) === 'cache' && path.basename(plugins) === 'plugins' ? plugins : null;
}

/**
 * The addon of one of these platforms and of this very version, from where npm put the original; `null` when there is none,
 * or the package is no plugin. Never one from the project that Claude Code works in: a plugin runs in every checkout, and
 * code of a checkout that nobody has looked at must not run for it.
 */
function addonOfPlugin(names, home = path.join(__dirname, '..')) {
  const plugins = pluginsFolder(home);
  if (plugins === null) return null;
  const { version } = require('../package.json');
  for (const name of names) {
    const folder = path.join(plugins, 'npm-cache', 'node_modules', '@obs', `native-${name}`);
    try {
      if (require(path.join(folder, 'package.json')).version === version) return require(folder);
    } catch {
      // It is not there, or for another system.
    }
  }
  return null;
}

module.exports = { addonOfPlugin };
