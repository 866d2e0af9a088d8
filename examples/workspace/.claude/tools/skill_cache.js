// Runs a skill, or takes its answer from the skill cache, and logs either way what happened and what it cost.
'use strict';

const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { logSkillInvocation, trackResourceUsage } = require('@obs/native');
const { dataRoot, loadSkill, workspaceRoot } = require('./workspace.js');

const cacheFolder = path.join(dataRoot, '.claude', 'context', 'cache', 'skills');

// The key covers everything the answer depends on: the skill's own code, its parameters and the files it reads.
function cacheKey(skill, params) {
  const hash = crypto.createHash('sha256').update(JSON.stringify([skill.name, params]));
  for (const file of [skill.file, ...skill.inputs(params, workspaceRoot)]) {
    hash.update(`\0${path.relative(workspaceRoot, file)}\0`).update(fs.readFileSync(file));
  }
  return hash.digest('hex');
}

function readCache(key) {
  try {
    return JSON.parse(fs.readFileSync(path.join(cacheFolder, `${key}.json`), 'utf8'));
  } catch {
    return null; // absent or damaged: both only mean that the skill has to work
  }
}

// Several runs share the cache, so an entry appears whole or not at all.
function writeCache(key, value) {
  fs.mkdirSync(cacheFolder, { recursive: true });
  const temporary = path.join(cacheFolder, `${key}.${process.pid}.tmp`);
  fs.writeFileSync(temporary, JSON.stringify(value));
  fs.renameSync(temporary, path.join(cacheFolder, `${key}.json`));
}

function runOrRecall(name, params) {
  const skill = loadSkill(name);
  const key = cacheKey(skill, params);
  const cached = readCache(key);
  if (cached) return { value: cached, cacheHit: true, key };
  const value = skill.run(params, workspaceRoot);
  writeCache(key, value);
  return { value, cacheHit: false, key };
}

/**
 * Runs the skill `name`, from the cache when nothing it depends on has changed, and logs the invocation with its
 * resource use in `metadata.resources`.
 *
 * `context` is `{ agent, runId, cujId }`. Returns the skill's answer; a failing skill is logged and its error thrown on.
 */
function executeSkillWithCache(name, params, { agent, runId, cujId }) {
  const usage = trackResourceUsage(`skill:${name}`);
  const event = { skill: name, params, agent, runId, cujId };
  try {
    const { value, cacheHit, key } = runOrRecall(name, params);
    const resources = usage.end();
    const metadata = { resources, cache_key: key.slice(0, 12), warnings: value.warnings.length };
    logSkillInvocation({ ...event, result: 'success', duration: resources.duration_ms, cacheHit, metadata });
    return value;
  } catch (error) {
    const resources = usage.end();
    const failure = { result: 'failure', duration: resources.duration_ms, error: error.message };
    logSkillInvocation({ ...event, ...failure, metadata: { resources } });
    throw error;
  }
}

module.exports = { executeSkillWithCache };
