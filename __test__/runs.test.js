// Runs: where each is, when it is stalled, how long it may still take, and what has its id.
'use strict';

const { useWorkspace } = require('./support/use-workspace.js');

const NOW = Date.UTC(2026, 4, 5, 12);
const HOUR = 3_600_000;

beforeEach(() => jest.useFakeTimers({ now: NOW }));
afterEach(() => jest.useRealTimers());

describe('runs', () => {
  const workspace = useWorkspace();
  const at = (ms) => jest.setSystemTime(NOW + ms);

  function runOnce(runId, pause, end = 'complete') {
    const tracker = workspace().createProgressTracker(runId, 4);
    tracker.start();
    for (let step = 0; step < 3; step += 1) {
      jest.setSystemTime(Date.now() + pause);
      tracker.completeStep(`step ${step}`);
    }
    tracker[end]('over');
  }

  test('one in progress says where it is, how long others took, and when it is stalled', () => {
    for (let run = 0; run < 6; run += 1) {
      at(run * 60_000 - HOUR);
      runOnce(`CUJ-005-${run}`, 20_000 + run * 20_000);
      workspace().recordCujExecution('CUJ-005', true, 60_000 + run * 1000);
    }
    at(0);
    const tracker = workspace().createProgressTracker('CUJ-005-x', 7);
    tracker.start();
    at(1000);
    tracker.completeStep('planned');
    workspace().logSkillInvocation({ skill: 'plan', agent: 'pm', runId: 'CUJ-005-x' });
    workspace().logSkillInvocation({ skill: 'build', agent: 'dev', runId: 'CUJ-005-x' });
    at(11_000);
    const [first, ...others] = workspace().getRuns().runs;
    expect(first).toMatchObject({
      run_id: 'CUJ-005-x',
      cuj_id: 'CUJ-005',
      cuj_from: 'name',
      state: 'running',
      elapsed_ms: 11_000,
      silent_ms: 10_000,
      stalled_after_ms: 120_000,
      stalled_from_runs: 6,
      total_steps: 7,
      expected: { runs: 6, p50_ms: 62_000, p90_ms: 65_000 },
      left_ms: [51_000, 54_000],
      skill_calls: 2,
      skills: ['build', 'plan'],
      agents: ['dev', 'pm'],
    });
    expect(others).toHaveLength(6);
    expect(others[0]).toMatchObject({ state: 'completed', silent_ms: null, left_ms: null });
    at(1000 + 120_001);
    expect(workspace().getRuns().runs[0]).toMatchObject({ state: 'stalled', silent_ms: 120_001 });
  });

  test('before five have ended ten minutes are the limit', () => {
    workspace().createProgressTracker('r', 3).start();
    at(600_000);
    expect(workspace().getRuns().runs[0]).toMatchObject({ state: 'running', stalled_after_ms: 600_000, stalled_from_runs: 0, expected: null, cuj_id: null }); // prettier-ignore
    at(600_001);
    expect(workspace().getRuns().runs[0].state).toBe('stalled');
  });

  test('one run has its steps with their durations, and what has its id', () => {
    runOnce('r1', 500, 'failStep');
    workspace().logSkillInvocation({ skill: 'a', runId: 'r1', result: 'failure', error: 'boom', duration: 3 });
    workspace().logSkillInvocation({ skill: 'a', runId: 'r2' });
    const monitor = workspace().getGlobalHealthMonitor();
    monitor.recordProviderCall('openai', true, 40, null, { run_id: 'r1' });
    monitor.recordProviderCall('openai', true, 40, 'about r1', { run_id: 'r12' });
    workspace().recordCujExecution('A', false, 9, 'boom', { runId: 'r1', resources: { heap_used_mb: 12 } });
    const found = workspace().getRun('r1');
    expect(found.run).toMatchObject({ state: 'failed', elapsed_ms: 1500, events: 5 });
    expect(found.steps.map(({ step, status, duration_ms }) => [step, status, duration_ms])).toEqual([
      [0, 'completed', 500],
      [1, 'completed', 500],
      [2, 'completed', 500],
      [3, 'failed', 0],
    ]);
    expect(found.skill_calls).toMatchObject([{ skill: 'a', result: 'failure', error: 'boom', duration_ms: 3 }]);
    expect(found.provider_calls).toMatchObject([{ provider: 'openai', success: true, latency_ms: 40 }]);
    expect(found.executions).toMatchObject([{ cuj_id: 'A', success: false, resources: [null, 12, null, null] }]);
    expect(found.joined).toEqual({ progress: 5, skill_invocations: 1, provider_calls: 1, cuj_executions: 1 });
  });
});
