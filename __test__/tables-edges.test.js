// The tables over a period: empty, asked again, refused, of one name.
'use strict';

const fs = require('node:fs');
const { skills } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const NOW = Date.UTC(2026, 4, 5, 12);
const DAY = 86_400_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

describe('tables', () => {
  const workspace = useWorkspace();

  test('on a fresh workspace are empty, and nothing is made', () => {
    const { getSkillTable, getAgentTable, getCujTable, getProviderTable } = workspace();
    for (const ask of [getSkillTable, getAgentTable, getCujTable, getProviderTable]) {
      expect(ask()).toEqual({ schema: 1, from: '2026-04-28T12:00:00.000Z', to: '2026-05-05T12:00:00.000Z', before_from: '2026-04-21T12:00:00.000Z', rows: [] }); // prettier-ignore
    }
    expect(workspace().getFailures()).toMatchObject({ total: 0, group_count: 0, groups: [] });
    expect(workspace().getRuns()).toMatchObject({ total: 0, runs: [] });
    expect(workspace().getRun('r')).toMatchObject({ run: null, steps: [], joined: { progress: 0 } });
    expect(workspace().getLatestLogs()).toEqual([]);
    expect(fs.existsSync(workspace().path('.claude/context/logs'))).toBe(false);
  });

  test('what is asked again with the window that was told has the same answer', () => {
    workspace().recordCujExecution('A', true, 5);
    const first = workspace().getCujTable({ from: null });
    expect(first.rows[0]).toMatchObject({ total: 1, before: null, chance: null });
    const second = workspace().getCujTable();
    jest.setSystemTime(NOW + 3 * DAY);
    expect(workspace().getCujTable({ from: second.from, to: second.to })).toEqual(second);
  });

  test('a skill that fell silent is told with what it was before', () => {
    jest.setSystemTime(NOW - 10 * DAY);
    workspace().logSkillInvocation({ skill: 'old', result: 'success', duration: 7 });
    jest.setSystemTime(NOW);
    const [row] = workspace().getSkillTable().rows;
    expect(row).toMatchObject({ skill: 'old', calls: 0, p50_ms: null, last_used: '2026-04-25T12:00:00.000Z', before: { calls: 1, p95_ms: 7 } }); // prettier-ignore
  });

  test.each([
    ['getSkillTable', { by: 'colour' }, /^by must be one of agent, cuj, run/],
    ['getSkillTable', { from: 'soon' }, /^from must be/],
    ['getCujTable', { from: '2026-05-04', to: '2026-05-01' }, /^from must be no later than to/],
    ['getRuns', { from: NOW + 5 }, /^from must be no later than now/],
    ['getRuns', { limit: -1 }, /^limit must be/],
    ['getFailures', { source: 'moon' }, /^source must be one of cuj, skill, provider/],
    ['getFailures', { skill: 'a', cujId: 'b' }, /^options must be at most one of/],
    ['getFailures', 'a', /^options must be an object/],
    ['getLatestLogs', { grep: '(' }, /^grep is no regular expression/],
    ['getLatestLogs', { grep: 5 }, /^grep must be/],
    ['getRun', '', /^runId must be/],
  ])('%s(%j) is refused', (name, options, message) => {
    expect(() => workspace()[name](options)).toThrow(message);
  });

  test('failures of one name, and of one kind of record', () => {
    workspace().recordCujExecution('A', false, 5, 'Timeout after 812 ms');
    workspace().recordCujExecution('B', false, 5, 'Timeout after 9 ms');
    workspace().recordProviderCall('OpenAI', false, 5, '429 slow down');
    expect(workspace().getFailures({ cujId: 'A' })).toMatchObject({
      total: 1,
      groups: [{ text: 'Timeout after # ms' }],
    });
    expect(workspace().getFailures({ source: 'cuj' }).groups).toMatchObject([
      { count: 2, subject_count: 2, kind: 'timeout' },
    ]);
    expect(workspace().getFailures({ provider: 'OPENAI' }).groups).toMatchObject([{ kind: 'rate_limit' }]);
    expect(workspace().getFailures({ limit: 1 })).toMatchObject({ total: 3, group_count: 2, groups: [{ count: 2 }] });
  });

  test('more calls than are kept one by one say how far off their percentiles may be', () => {
    const entry = (duration_ms) => ({ timestamp: new Date(NOW).toISOString(), skill: 'many', duration_ms });
    writeLines(
      workspace(),
      skills(NOW),
      Array.from({ length: 20_000 }, (_, index) => entry((index * 7919) % 20_000)),
    );
    const [row] = workspace().getSkillTable().rows;
    expect(row.error_bound).toBe(0.001);
    expect(Math.abs(row.p50_ms - 9999)).toBeLessThanOrEqual(10);
  });

  test.each(['"', '"a', '\\', '5', '{'])('a run whose id is %p is found by it, as others are', (runId) => {
    const { emitProgress, logSkillInvocation, getRun, getRuns } = workspace();
    logSkillInvocation({ skill: 'a', runId });
    emitProgress({ runId, step: 1 });
    expect(getRuns().runs.map((run) => run.run_id)).toEqual([runId]);
    expect(getRun(runId).joined).toMatchObject({ progress: 1, skill_invocations: 1 });
  });
});
