// The documented differences from the original modules, each by a test of its own.
'use strict';

const fs = require('node:fs');
const { createFace } = require('../lib/face.js');
const { runCode } = require('./support/child.js');
const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOON = Date.UTC(2026, 4, 5, 12);
const DAY = 86_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOON }));
afterEach(() => jest.useRealTimers());

test('a step of 0 is stored as 0', () => {
  workspace().emitProgress({ runId: 'r', step: 0 });
  workspace().createProgressTracker('r', 2).start();
  expect(
    workspace()
      .lines(PROGRESS)
      .map((line) => line.step),
  ).toEqual([0, 0]);
});

test('each record goes to the UTC day of its own timestamp', () => {
  const logger = new (workspace().StructuredLogger)();
  jest.setSystemTime(Date.UTC(2026, 4, 5, 23, 59, 59, 999));
  logger.logSkillInvocation({ skill: 'before' });
  jest.setSystemTime(Date.UTC(2026, 4, 6));
  logger.logSkillInvocation({ skill: 'after' });
  expect(workspace().lines(skills(NOON))).toHaveLength(1);
  expect(workspace().lines(skills(NOON + DAY))[0].skill).toBe('after');
});

test('a start date after midnight keeps what comes after it on that day', () => {
  jest.setSystemTime(NOON - 3_600_000);
  workspace().logSkillInvocation({ skill: 'early' });
  jest.setSystemTime(NOON - 60_000);
  workspace().logSkillInvocation({ skill: 'late' });
  jest.setSystemTime(NOON);
  const found = workspace()
    .getLogger()
    .queryLogs({ startDate: new Date(NOON - 1_800_000) });
  expect(found.map((each) => each.skill)).toEqual(['late']);
});

test('following the file hears other processes', () => {
  const { follow } = createFace({ projectRoot: workspace().root, env: {} });
  const follower = follow('progress');
  expect(follower.read()).toEqual([]);
  runCode('obs.emitProgress({ runId: "other", step: 1 })', { env: { OBS_PROJECT_ROOT: workspace().root } });
  expect(follower.read().map((event) => event.run_id)).toEqual(['other']);
  follower.close();
});

test("the dashboard's providers are the recorded ones", () => {
  workspace().recordProviderCall('mine', true, 10);
  const { providers } = workspace().generateMetricsDashboard().summary;
  expect(Object.keys(providers.providers)).toEqual(['mine']);
  expect(providers).toMatchObject({ status: 'healthy', overall_success_rate: 1, overall_avg_latency_ms: 10 });
});

test('provider totals count all calls on record, not the last 1,000', () => {
  const call = { timestamp: NOON, provider: 'p', success: true, latency_ms: 1, error: null, metadata: {} };
  writeLines(workspace(), PROVIDERS, Array(2500).fill(call));
  expect(workspace().getProviderHealth('p').total_calls).toBe(2500);
  const code = 'console.log(obs.getProviderHealth("p").total_calls)';
  expect(runCode(code, { env: { OBS_PROJECT_ROOT: workspace().root } }).stdout).toBe('2500\n');
});

test("another process's calls are seen at the next query", () => {
  workspace().recordProviderCall('p', true, 1);
  expect(workspace().getProviderHealth('p').total_calls).toBe(1);
  runCode('obs.recordProviderCall("p", false, 1)', { env: { OBS_PROJECT_ROOT: workspace().root } });
  expect(workspace().getProviderHealth('p')).toMatchObject({ total_calls: 2, failed_calls: 1 });
});

test('a circular or BigInt parameter is recorded with a marker', () => {
  const params = { big: 10n };
  params.self = params;
  workspace().logSkillInvocation({ skill: 's', params });
  const [line] = workspace().lines(skills(NOON));
  expect(JSON.parse(line.params)).toEqual({ big: '[BigInt 10]', self: '[Circular]' });
});

test('a subscriber that throws loses nothing and breaks nobody', () => {
  const errors = [];
  workspace().configure({ onError: (error) => errors.push(error.message) });
  workspace().subscribeToProgress(() => {
    throw new Error('boom');
  });
  expect(() => workspace().emitProgress({ step: 1 })).not.toThrow();
  expect(workspace().lines(PROGRESS)).toHaveLength(1);
  expect(errors).toEqual(['boom']);
});

test('success is a boolean, a duration a number or null, whatever was given', () => {
  workspace().recordCujExecution('A', 'yes', '12');
  workspace().recordCujExecution('A', 0, undefined);
  workspace().recordProviderCall('p', 1, '12');
  expect(
    workspace()
      .lines(CUJS)
      .map(({ success, duration_ms }) => [success, duration_ms]),
  ).toEqual([
    [true, null],
    [false, null],
  ]);
  expect(workspace().lines(PROVIDERS)[0]).toMatchObject({ success: true, latency_ms: null });
});

test('error and metadata are redacted like params', () => {
  workspace().logSkillInvocation({ skill: 's', error: { password: 'hunter2' }, metadata: { api_key: 'k' } });
  workspace().recordCujExecution('A', false, 1, 'Bearer abcdef123456', { secret: 's' });
  expect(workspace().lines(skills(NOON))[0]).toMatchObject({
    error: { password: '[REDACTED]' },
    metadata: { api_key: '[REDACTED]' },
  });
  expect(workspace().lines(CUJS)[0]).toMatchObject({ error: 'Bearer [REDACTED]', metadata: { secret: '[REDACTED]' } });
});

test('numbers under keys such as max_tokens are kept', () => {
  const usage = { max_tokens: 5, input_tokens: 7, tokenCount: 3, total_tokens: 10, token: 'secret' };
  workspace().logSkillInvocation({ skill: 's', params: usage });
  expect(JSON.parse(workspace().lines(skills(NOON))[0].params)).toEqual({ ...usage, token: '[REDACTED]' });
});

test('an execution with an unreadable timestamp counts only in all history', () => {
  writeLines(workspace(), CUJS, [
    { timestamp: 'yesterday', cuj_id: 'A', success: true, duration_ms: 1 },
    { timestamp: new Date(NOON).toISOString(), cuj_id: 'A', success: true, duration_ms: 1 },
  ]);
  expect(workspace().getCujSuccessRate('A').total).toBe(1);
  expect(workspace().getCujSuccessRate('A', null)).toMatchObject({
    total: 2,
    window_start: '2026-05-05T12:00:00.000Z',
  });
});

test('the message of an Error given to recordProviderCall is stored', () => {
  workspace().recordProviderCall('p', false, 1, new Error('boom'));
  expect(workspace().lines(PROVIDERS)[0].error).toBe('boom');
});

test('a time window that is no number is a RangeError that names the argument', () => {
  expect(() => workspace().getCujSuccessRate('A', 'a day')).toThrow(RangeError);
  expect(() => workspace().getCujSuccessRate('A', 'a day')).toThrow(/^timeWindow must be .*, got "a day"$/);
});

test.each([[null], [0]])('with a window of %p, window_start is the time of the earliest execution', (timeWindow) => {
  jest.setSystemTime(NOON - 90 * DAY);
  workspace().recordCujExecution('A', true, 1);
  jest.setSystemTime(NOON);
  workspace().recordCujExecution('A', true, 1);
  expect(workspace().getCujSuccessRate('A', timeWindow)).toMatchObject({
    window_start: new Date(NOON - 90 * DAY).toISOString(),
    window_end: new Date(NOON).toISOString(),
  });
});

test('a record glued behind a torn line is found again; the fragment is one skipped line', () => {
  workspace().recordCujExecution('A', true, 1);
  const whole = workspace().read(CUJS);
  fs.appendFileSync(workspace().path(CUJS), whole.slice(0, 60) + whole);
  expect(workspace().getCujSuccessRate('A').total).toBe(2);
  expect(workspace().getStoreHealth().skipped_lines).toBe(1);
});
