// `obs alerts`, `obs objectives`: answers and exit codes, every --json against its schema and equal to the function's.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const Ajv = require('ajv');

const { createFace } = require('../lib/face.js');
const { createTestWorkspace } = require('../lib/testing.js');
const { PACKAGE, runNode } = require('./support/child.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let workspace;
beforeEach(() => {
  workspace = createTestWorkspace();
});
afterEach(() => workspace.cleanup());

const obs = (...args) => runNode([OBS, ...args, '--root', workspace.root], { cwd: workspace.root });

function asked(name, ...args) {
  const { status, stdout, stderr } = obs(...args, '--json');
  const answer = JSON.parse(stdout);
  const schema = JSON.parse(fs.readFileSync(path.join(PACKAGE, 'schemas', `${name}.schema.json`), 'utf8'));
  const fits = new Ajv({ allErrors: true }).compile(schema);
  expect([fits(answer), fits.errors]).toEqual([true, null]);
  return { status, stderr, answer };
}

function want(value) {
  const file = workspace.path('.claude/context/config/objectives.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(value));
}

/** Executions at even distances that end now: `+` succeeded. */
function history(cuj, results, every) {
  const line = (success, i) => ({
    timestamp: new Date(Date.now() - (results.length - i) * every).toISOString(),
    cuj_id: cuj,
    success,
    duration_ms: 100,
    error: success ? null : 'boom',
    metadata: {},
  });
  const file = workspace.path('.claude/context/analytics/cuj-metrics.jsonl');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.appendFileSync(file, [...results].map((mark, i) => `${JSON.stringify(line(mark === '+', i))}\n`).join(''));
}

const QUIET = '+'.repeat(60);
const OBJECTIVES = [{ cuj: 'CUJ-005', success: 0.95, over: '7d' }];

test('check: 0 while all is quiet, 1 when something fires, 2 when an objective cannot be judged', () => {
  want({ objectives: OBJECTIVES, rules: [] });
  const none = asked('alerts-check', 'alerts', 'check');
  expect([none.status, none.answer.state, none.stderr]).toEqual([2, 'unknown', '']);
  history('CUJ-005', QUIET, HOUR);
  expect(asked('alerts-check', 'alerts', 'check')).toMatchObject({ status: 0, answer: { state: 'quiet', firing: 0 } });
  history('CUJ-005', '--------', 60_000);
  const burning = asked('alerts-check', 'alerts', 'check');
  expect(burning).toMatchObject({ status: 1, answer: { state: 'firing', firing: 2 } });
  const { status, stdout } = obs('alerts', 'check');
  expect([status, stdout.split('\n')[0]]).toEqual([1, expect.stringMatching(/^firing +cuj\/CUJ-005\/success\/fast +CUJ-005: 8 of \d+ runs failed in the last 6h \(goal 95 %\); 8 of the last 8; \d+ times what the goal allows, by chance .* %, since /)]);
  expect(workspace.getObjectives()).toEqual(asked('objectives-list', 'objectives', 'list').answer.objectives);
}); // prettier-ignore

test('check: 2 with a complaint when the check itself fails, and no file of its own is left behind', () => {
  want({ objectives: [{ cuj: 'A' }] });
  const { status, stdout, stderr } = obs('alerts', 'check');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^obs: .*objectives\.json: objectives\[0\] must have exactly one of success, .*\n$/);
  expect(fs.existsSync(workspace.path('.claude/context/analytics'))).toBe(false);
});

test('check --dry-run records nothing; --no-notify records and tells nobody; a notifier that fails is told of', () => {
  want({ objectives: OBJECTIVES, rules: [], notify: [{ command: ['sh', '-c', 'cat >> told'] }, { webhook_env: 'NO_HOOK' }] });
  history('CUJ-005', '--------', 60_000);
  expect([obs('alerts', 'check', '--dry-run').status, workspace.read('.claude/context/analytics/alerts.jsonl')]).toEqual([1, '']);
  expect(obs('alerts', 'check', '--no-notify').status).toBe(1);
  expect([workspace.lines('.claude/context/analytics/alerts.jsonl').length, workspace.read('told')]).toEqual([2, '']);
  history('CUJ-005', QUIET.slice(0, 30), 1);
  const { status, stderr } = obs('alerts', 'check');
  expect(status).toBe(0);
  expect(stderr).toContain('obs: NO_HOOK was not told of cuj/CUJ-005/success/fast: the environment variable NO_HOOK is not set');
  expect(workspace.lines('told').map(({ state }) => state)).toEqual(['firing', 'firing', 'resolved', 'resolved']);
}, 60_000); // prettier-ignore

test('list names every alert, show one with its last changes, silence has nobody told', () => {
  want({ objectives: OBJECTIVES, rules: [{ name: 'full', metric: 'disk.free', below: 1 }] });
  history('CUJ-005', QUIET, HOUR);
  history('CUJ-005', '--------', 60_000);
  obs('alerts', 'check');
  const names = asked('alerts-list', 'alerts', 'list').answer.alerts.map(({ alert, state }) => [alert, state]);
  expect(names).toEqual([['cuj/CUJ-005/success/fast', 'firing'], ['cuj/CUJ-005/success/slow', 'firing'], ['full', 'quiet']]);
  expect(obs('alerts', 'list').stdout.split('\n').map((line) => line.split(/ +/)[0])).toEqual(['firing', 'firing', 'quiet', '']);
  const silenced = asked('alerts-silence', 'alerts', 'silence', 'cuj/*', '2h', '--why', 'we know').answer;
  expect(Date.parse(silenced.silenced_until) - Date.parse(silenced.timestamp)).toBe(2 * HOUR);
  const shown = asked('alerts-show', 'alerts', 'show', 'cuj/CUJ-005/success/fast').answer;
  expect(shown.alert).toMatchObject({ state: 'firing', silenced_until: silenced.silenced_until });
  expect(shown.changes.map(({ state, why }) => state ?? why)).toEqual(['firing', 'we know']);
  expect(obs('alerts', 'show', 'cuj/CUJ-005/success/fast').stdout).toMatch(/quiet → firing {2}CUJ-005: 8 of .*\n.*silenced until .*Z \(we know\)\n$/);
  expect(obs('alerts', 'check')).toMatchObject({ status: 0, stdout: expect.stringMatching(/\(silenced until .*Z\)\n/) });
  expect(obs('alerts', 'silence', 'cuj/*', '0').stdout).toBe('cuj/* is told of again.\n');
  expect(obs('alerts', 'check').status).toBe(1);
}); // prettier-ignore

test.each([
  [['alerts', 'show', 'cuj/CUJ-005/success/fsat'], /there is no alert 'cuj\/CUJ-005\/success\/fsat' \(did you mean 'cuj\/CUJ-005\/success\/fast'\?\)/],
  [['alerts', 'silence', 'nothing/*', '2h'], /there is no alert 'nothing\/\*'/],
  [['alerts', 'silence', 'cuj/*', 'long'], /SPAN must be a number of milliseconds or a span/],
  [['alerts', 'export'], /alerts export needs to know what to: --prometheus/],
  [['alerts', 'chek'], /unknown command 'alerts chek'.*check/],
])('what cannot be done is one line on stderr, exit code 2: %j', (args, words) => {
  want({ objectives: OBJECTIVES, rules: [] });
  history('CUJ-005', QUIET, HOUR);
  const { status, stdout, stderr } = obs(...args);
  expect([status, stdout, stderr.split('\n').length]).toEqual([2, '', 2]);
  expect(stderr).toMatch(words);
}); // prettier-ignore

test('test replays the past: how often, when and for how long, and what cannot fire', () => {
  want({ objectives: [...OBJECTIVES, { cuj: 'CUJ-RARE', success: 0.95 }], rules: [] });
  history('CUJ-005', `${QUIET}-------${QUIET}`, HOUR);
  history('CUJ-RARE', '++++-+++', 3 * DAY);
  const { answer } = asked('alerts-test', 'alerts', 'test', '--since', '20d');
  const [fast, slow] = answer.objectives[0].tiers;
  expect([answer.executions, answer.objectives[0].runs, fast.fired, slow.fired]).toEqual([133, { total: 127, failed: 7 }, 1, 1]);
  expect(fast.episodes[0].ms).toBe(fast.firing_ms);
  expect(fast.firing_ms).toBeGreaterThan(2 * HOUR);
  const text = obs('alerts', 'test', '--since', '20d').stdout;
  expect(text).toMatch(/cuj CUJ-005, success 95 %: 127 runs, 7 bad\n {2}fast {2}once, \d+h.* in all, last:\n {8}\d{4}-.*Z {2}for /);
  expect(text).toContain('fast  cannot fire: never more than 1 run in 6h, and it takes 3 to tell');
  // The replay of a state's beginning is the moment at which a check at each run would have seen it.
  expect(Date.parse(fast.episodes[0].from)).toBeLessThan(Date.now() - 60 * HOUR);
}); // prettier-ignore

test('init writes goals that were met, over periods in which they can fire, and warns of the others', () => {
  history('CUJ-GOOD', '+'.repeat(400), 3 * HOUR);
  history('CUJ-FLAKY', '+++++++++++-'.repeat(10), 12 * HOUR);
  history('CUJ-RARE', '+'.repeat(25), 4.4 * DAY);
  history('CUJ-BAD', '+-'.repeat(30), 3 * HOUR);
  history('CUJ-NEW', '+++', HOUR);
  for (let i = 0; i < 30; i += 1) workspace.logSkillInvocation({ skill: 'deploy', result: 'success', duration: 40_000 + i });
  const { status, stdout, stderr } = obs('objectives', 'init', '--dry-run');
  const { objectives } = JSON.parse(stdout);
  expect([status, objectives.map(({ '//': _, ...rest }) => rest)]).toEqual([0, [
    { cuj: 'CUJ-GOOD', success: 0.99, over: '7d' },
    { cuj: 'CUJ-FLAKY', success: 0.9, over: '7d' },
    { cuj: 'CUJ-RARE', success: 0.99, over: '84d' },
    { skill: 'deploy', p95_ms: 61_000, over: '7d' },
  ]]);
  expect(stderr.split('\n').slice(0, -1)).toEqual([
    'obs: cuj CUJ-BAD: only 50 % succeed; no objective is proposed for what is broken',
    'obs: cuj CUJ-NEW: 3 runs in 90d are too few for an objective',
  ]);
  expect(obs('objectives', 'init').stdout).toMatch(/^Wrote .*objectives\.json: 4 objectives\.\n {2}cuj CUJ-BAD: only/);
  expect(obs('objectives', 'init').stderr).toMatch(/there is an objectives\.json already; --force replaces it/);
  expect(obs('objectives', 'init', '--force').status).toBe(0);
  expect(createFace({ projectRoot: workspace.root, env: {} }).getObjectives()).toHaveLength(4);
}); // prettier-ignore

test('init warns of an objective that can never fire, in the file as well', () => {
  history('CUJ-SELDOM', '+++++-+'.repeat(4), 4 * DAY);
  const { stdout, stderr } = obs('objectives', 'init', '--dry-run');
  const words = 'cuj CUJ-SELDOM: this objective can never fire as often as it runs: at most 4 runs in 12d, and it takes 5 to tell';
  expect(JSON.parse(stdout).objectives).toEqual([{ '//': words, cuj: 'CUJ-SELDOM', success: 0.8, over: '84d' }]);
  expect(stderr).toBe(`obs: ${words}\n`);
}); // prettier-ignore
