// Inside Jest the package's results and errors belong to the test: same classes, same clock, nothing left open.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE, runCode, runNode } = require('./support/child.js');
const { CUJS, PROGRESS } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();

/** Every object and array within a value. */
function parts(value) {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(parts)];
}

function recordSome() {
  workspace().recordCujExecution('A', false, 1, 'boom', { list: [1, { deep: true }] });
  workspace().logSkillInvocation({ skill: 's', metadata: { list: [1] } });
  workspace().recordProviderCall('p', false, 1, 'boom');
  workspace().emitProgress({ runId: 'r', metadata: { list: [1] } });
}

test('every result is made of the objects and arrays of this realm', () => {
  recordSome();
  const logger = workspace().getLogger();
  const monitor = workspace().getGlobalHealthMonitor();
  const results = [
    workspace().getCujSuccessRate('A'),
    workspace().getAllCujMetrics(),
    workspace().getCujTrending('A', 3),
    workspace().getFailureAnalysis('A'),
    workspace().getPerformancePercentiles('A'),
    workspace().getProgressHistory(),
    workspace().getCurrentProgress('r'),
    logger.queryLogs(),
    logger.getStatistics(),
    monitor.getProviderHealth('p'),
    monitor.getAllProviderHealth(),
    monitor.getOverallHealth(),
    monitor.getProviderComparison(),
    workspace().generateMetricsDashboard(),
    workspace().getStoreHealth(),
    workspace().flush(),
    workspace().trackResourceUsage('x').end(),
  ];
  for (const part of results.flatMap(parts)) {
    expect(Array.isArray(part) ? part instanceof Array : part instanceof Object).toBe(true);
    expect([Array.prototype, Object.prototype]).toContain(Object.getPrototypeOf(part));
  }
  expect(workspace().getProviderHealth('nobody')).toStrictEqual({
    provider: 'nobody',
    available: false,
    reason: 'No data available',
  });
});

test('what listeners hear is of this realm too', () => {
  const heard = [];
  workspace().subscribeToProgress((event) => heard.push(event));
  workspace().emitProgress({ metadata: { plain: [1] } });
  workspace().emitProgress({ metadata: { password: 'x' } });
  workspace().emitProgress({ metadata: { big: 1n } });
  for (const part of heard.flatMap(parts)) expect(part instanceof Object).toBe(true);
  expect(heard).toEqual(workspace().lines(PROGRESS));
});

test('errors are instances of the classes of this realm, those of the native part as well', () => {
  expect(() => workspace().recordCujExecution()).toThrow(TypeError);
  expect(() => workspace().getCujTrending('A', 0)).toThrow(RangeError);
  fs.writeFileSync(workspace().path('broken.json'), 'no json');
  let thrown;
  try {
    workspace().importLegacyPerformance('broken.json');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Error);
  expect(thrown.code).toBe('OBS_MALFORMED');
  expect(thrown.message).not.toMatch(/^OBS_/);
});

test('errors of another realm are errors', () => {
  const foreign = require('node:vm').runInNewContext('new TypeError("from afar")');
  workspace().recordCujExecution('A', false, 1, foreign);
  workspace().logSkillInvocation({ skill: 's', error: foreign });
  expect(workspace().lines(CUJS)[0].error).toBe('from afar');
  expect(workspace().getLogger().queryLogs()[0].error).toBe('from afar');
});

test('fake timers set the time of everything', () => {
  jest.useFakeTimers({ now: Date.UTC(2001, 0, 1) });
  try {
    recordSome();
    jest.advanceTimersByTime(3_600_000);
    workspace().recordCujExecution('A', true, 1);
    expect(
      workspace()
        .lines(CUJS)
        .map((line) => line.timestamp),
    ).toEqual(['2001-01-01T00:00:00.000Z', '2001-01-01T01:00:00.000Z']);
    expect(workspace().getCujSuccessRate('A', 3_599_999).total).toBe(1);
    expect(workspace().generateMetricsDashboard().generated_at).toBe('2001-01-01T01:00:00.000Z');
  } finally {
    jest.useRealTimers();
  }
});

test('a frozen Date is enough', () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.UTC(1999, 11, 31, 23, 59));
  workspace().emitProgress({});
  now.mockRestore();
  expect(workspace().lines(PROGRESS)[0].iso_timestamp).toBe('1999-12-31T23:59:00.000Z');
});

test('pending records keep no process alive, and importing leaves nothing open', () => {
  const env = { OBS_PROJECT_ROOT: workspace().root };
  const code = `
    const before = process.getActiveResourcesInfo().length;
    obs.configure({ durability: 'batch' });
    obs.recordCujExecution('A', true, 1);
    obs.getCujSuccessRate('A');
    console.log(process.getActiveResourcesInfo().length - before);`;
  expect(runCode(code, { env })).toEqual({ status: 0, stdout: '0\n', stderr: '' });
  expect(workspace().lines(CUJS)).toHaveLength(1);
});

test('Jest itself finds no open handles, and a test file that closes nothing loses nothing', () => {
  const dir = workspace().path('suite');
  fs.mkdirSync(dir);
  fs.writeFileSync(
    path.join(dir, 'some.test.js'),
    `const obs = require(${JSON.stringify(PACKAGE)});
     test('records', () => {
       obs.configure({ projectRoot: ${JSON.stringify(workspace().root)}, durability: 'batch' });
       obs.recordCujExecution('A', true, 1);
       obs.emitProgress({ step: 1 });
       expect(obs.getCujSuccessRate('A').total).toBe(1);
     });`,
  );
  const bin = path.join(PACKAGE, 'node_modules', 'jest', 'bin', 'jest.js');
  const args = [bin, '--rootDir', dir, '--config', '{"transform":{}}', '--detectOpenHandles', '--no-cache'];
  const { status, stderr } = runNode(args, { cwd: dir });
  expect(stderr).not.toMatch(/open handle|did not exit/i);
  expect(status).toBe(0);
  expect(workspace().lines(CUJS)).toHaveLength(1);
  expect(workspace().lines(PROGRESS)).toHaveLength(1);
});
