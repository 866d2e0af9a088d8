// A workspace with two weeks of history, the same at each call, for the views of `obs`.
'use strict';

const { createTestWorkspace } = require('@obs/native/testing');
const { writeFiles } = require('./command-line.js');
const { createRandom } = require('./random.js');

const NOW = Date.UTC(2026, 4, 5, 12);
const DAY = 86_400_000;
const SKILLS = ['repo-rag', 'deploy', 'linter', '設計レビュー', 'a skill with quite a long name, and more'];
const MESSAGES = ['Reading', 'Planning', 'Building \u001b[31mred', 'Checking'];

const oneRun = (workspace, random, { cuj, at, bad }) => {
  const run = `${cuj}-${at}`;
  const metadata = { run_id: run };
  MESSAGES.forEach((message, place) => {
    jest.setSystemTime(at + place * 45_000);
    const ended = place === MESSAGES.length - 1 && { status: bad ? 'failed' : 'completed' };
    const percentage = ((place + 1) * 100) / MESSAGES.length;
    workspace.emitProgress({ runId: run, step: place + 1, status: 'running', percentage, message, ...ended });
    const failed = random.chance(0.1);
    workspace.logSkillInvocation({
      skill: random.pick(SKILLS),
      agent: random.pick(['developer', 'qa']),
      result: failed ? 'failure' : 'success',
      duration: Math.round(random.next() * 9000),
      cacheHit: random.chance(0.3),
      runId: run,
      cujId: cuj,
      error: failed ? `Timeout after ${random.below(9000)} ms` : undefined,
    });
    const error = random.chance(0.08) ? random.pick(['HTTP 529 overloaded', '429 rate limit', 'boom\u0007']) : null;
    workspace.recordProviderCall(
      random.pick(['anthropic', 'openai']),
      error === null,
      random.below(3000),
      error,
      metadata,
    );
  });
  workspace.recordCujExecution(cuj, !bad, 180_000, bad ? `cart has ${random.below(9)} items` : null, metadata);
};

/** `{ workspace, now }`; needs fake timers. */
function createShop() {
  const random = createRandom(7);
  const workspace = createTestWorkspace();
  writeFiles(workspace.root, {
    '.claude/skills/deploy/SKILL.md': '---\nname: deploy\n---\n',
    '.claude/skills/dormant/SKILL.md': '---\nname: dormant\n---\n',
    '.claude/context/config/objectives.json': JSON.stringify({
      objectives: [{ cuj: 'CUJ-005', success: 0.95, over: '7d' }],
      rules: [],
    }),
  });
  for (let day = 13; day >= 0; day -= 1) {
    for (const [place, cuj] of ['CUJ-001', 'CUJ-002', 'CUJ-005'].entries()) {
      const bad = random.chance(cuj === 'CUJ-005' && day < 5 ? 0.7 : 0.05);
      oneRun(workspace, random, { cuj, at: NOW - day * DAY - (3 - place) * 3_600_000, bad });
    }
  }
  jest.setSystemTime(NOW - 90_000);
  workspace.emitProgress({ runId: 'CUJ-005-live', step: 2, status: 'running', percentage: 25, message: 'Building' });
  jest.setSystemTime(NOW);
  return { workspace, now: NOW };
}

module.exports = { createShop };
