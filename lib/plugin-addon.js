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
 * The addon of one of these platforms and of this very version, from where npm put the original or from the project that
 * Claude Code works in; `null` when there is none, or the package is no plugin.
 */
function addonOfPlugin(names, home = path.join(__dirname, '..'), env = process.env) {
  const plugins = pluginsFolder(home);
  if (plugins === null) return null;
  const { version } = require('../package.json');
  const roots = [path.join(plugins, 'npm-cache'), env.CLAUDE_PROJECT_DIR].filter(Boolean);
  for (const folder of roots.flatMap((root) => names.map((name) => folderOf(root, name)))) {
    try {
      if (require(path.join(folder, 'package.json')).version === version) return require(folder);
    } catch {
      // It is not there, or for another system.
    }
  }
  return null;
}

const folderOf = (root, name) => path.join(root, 'node_modules', '@obs', `native-${name}`);

module.exports = { addonOfPlugin };
