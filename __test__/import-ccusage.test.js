// Tokens of imported transcripts beside ccusage, which counts them from the same files by rules and prices of its own.
'use strict';

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { createFace } = require('../lib/face.js');
const { CCUSAGE, testWith } = require('./support/box.js');
const { cleanEnvironment } = require('./support/child.js');
const { makeFolder, removeFolder } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { forkOf, makeSession, writeSessions } = require('./support/transcripts.js');

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

/** By model; fast answers stand apart there, as they have prices of their own. */
function countedByCcusage() {
  const { stdout } = spawnSync(process.execPath, [CCUSAGE, 'claude', 'monthly', '--json', '--offline', '--timezone', 'UTC'], {
    env: cleanEnvironment({ CLAUDE_CONFIG_DIR: path.join(root, 'home'), HOME: root }),
    encoding: 'utf8',
  }); // prettier-ignore
  const models = {};
  for (const each of JSON.parse(stdout).monthly.flatMap(({ modelBreakdowns }) => modelBreakdowns)) {
    const name = each.modelName.replace(/-fast$/, '');
    const sum = (models[name] ??= { tokens: [0, 0, 0, 0], cost: 0 });
    const { inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens } = each;
    [inputTokens, outputTokens, cacheCreationTokens, cacheReadTokens].forEach((count, i) => (sum.tokens[i] += count));
    if (name === each.modelName) sum.cost += each.cost;
  }
  return models;
}

testWith(['ccusage'], 'the same tokens by model, and the same cost of a model whose price both know', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  for (let number = 0; number < 60; number += 1) {
    const files = makeSession(random, number);
    const folder = path.join(root, 'home', 'projects', '-w-app');
    writeSessions(folder, files);
    // Copies of a session count once.
    if (random.chance(0.3)) writeSessions(folder, forkOf(random, files, number));
  }
  const { usage } = createFace({ projectRoot: root, env: {} }).importClaudeTranscripts({
    from: path.join(root, 'home', 'projects'),
    dryRun: true,
  });
  // Responses that name no model are left out there.
  const ours = Object.fromEntries(Object.entries(usage).filter(([model]) => model !== 'unknown'));
  const theirs = countedByCcusage();
  const tokens = Object.entries(ours).map(([model, sum]) => [
    model,
    [sum.input_tokens, sum.output_tokens, sum.cache_write_tokens, sum.cache_read_tokens],
  ]);
  expect({ seed, ...Object.fromEntries(tokens) }).toEqual({
    seed,
    ...Object.fromEntries(Object.entries(theirs).map(([model, sum]) => [model, sum.tokens])),
  });
  expect(ours['claude-opus-4-8'].cost_usd).toBeCloseTo(theirs['claude-opus-4-8'].cost, 6);
  expect(ours['claude-opus-4-8'].cost_usd).toBeGreaterThan(1);
});
