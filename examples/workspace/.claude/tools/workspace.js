// Where the parts of this workspace are: the registry, the workflows, the skills and the folder that takes the records.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const workspaceRoot = path.resolve(__dirname, '..', '..');

// Records go beside the workspace's own files unless the caller keeps them elsewhere.
const dataRoot = path.resolve(process.env.OBS_PROJECT_ROOT || workspaceRoot);

function readJson(...parts) {
  return JSON.parse(fs.readFileSync(path.join(workspaceRoot, '.claude', ...parts), 'utf8'));
}

function listCujs() {
  return readJson('cuj-registry.json').cujs;
}

function findCuj(cujId) {
  const cuj = listCujs().find((entry) => entry.id === cujId);
  if (!cuj) throw new RangeError(`No CUJ "${cujId}" in .claude/cuj-registry.json`);
  return cuj;
}

function loadWorkflow(name) {
  return readJson('workflows', `${name}.json`);
}

function loadSkill(name) {
  const file = path.join(workspaceRoot, '.claude', 'skills', name, 'skill.js');
  return { name, file, ...require(file) };
}

/** A number in [0, 1) that depends on its arguments alone, so that a flaky run is flaky in the same way every time. */
function chance(...parts) {
  const digest = crypto.createHash('sha256').update(JSON.stringify(parts)).digest();
  return digest.readUInt32BE(0) / 2 ** 32;
}

module.exports = { workspaceRoot, dataRoot, listCujs, findCuj, loadWorkflow, loadSkill, chance };
