// Gathers the doctor's findings, in the order in which a person would look for a fault.
'use strict';

const { findWorkspace } = require('../workspace/workspace.js');
const { claude } = require('./claude.js');
const { counts } = require('./counts.js');
const { finding } = require('./finding.js');
const { objectives } = require('./objectives.js');
const { place } = require('./place.js');
const { records } = require('./records.js');
const { retention } = require('./retention.js');
const { versions } = require('./versions.js');

/** All findings about the workspace (`named` with --root, or found). */
function examine(named) {
  const workspace = findWorkspace(named);
  const api = load(workspace.root);
  return [
    ...looked('Versions', () => versions(api)),
    ...looked('Workspace', () => place(workspace)),
    ...looked('Files', () => records(workspace.root)),
    ...looked('Records', () => counts(api)),
    ...looked('Alerts', () => objectives(workspace.root)),
    ...looked('Claude Code', () => (api.error ? [] : claude({ root: workspace.root, core: coreOf() }))),
    ...looked('Retention', () => retention(workspace.root)),
  ];
}

/** The core of the entry that `load` bound to the workspace. */
const coreOf = () => require('../../lib/face.js').shared().internals.core();

/** A fault that stops one part of the examination is itself a finding; the other parts go on. */
function looked(section, look) {
  try {
    return look();
  } catch (error) {
    return [finding(section, 'examination', 'fail', error.message, { advice: 'this part could not be examined' })];
  }
}

/** The public entry, bound to the workspace, or `{ error }`: a native part that does not load is a finding, not the end. */
function load(root) {
  try {
    const api = require('../../index.js');
    api.configure({ projectRoot: root });
    api.getStoreHealth(); // the first question loads the native part, if nothing has done so yet
    return api;
  } catch (error) {
    return { error };
  }
}

module.exports = { examine };
