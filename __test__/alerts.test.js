// Alerts over a workspace's records: states through a fire, the log with each change once, silences, and who is told.
'use strict';

const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const { createTestWorkspace } = require('../lib/testing.js');
const { PACKAGE } = require('./support/child.js');

const LOG = '.claude/context/analytics/alerts.jsonl';
const START = Date.UTC(2026, 10, 2);
const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
const FAST = 'cuj/CUJ-005/success/fast';

let workspace;
beforeEach(() => {
  jest.useFakeTimers({
    doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'clearTimeout', 'performance'],
  });
  jest.setSystemTime(START);
  workspace = createTestWorkspace();
});
afterEach(() => {
  jest.useRealTimers();
  workspace.cleanup();
}); // prettier-ignore

function want(value) {
  const file = workspace.path('.claude/context/config/objectives.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify(value));
}

const OBJECTIVES = [{ cuj: 'CUJ-005', success: 0.95, over: '7d' }];
/** Fires in both tiers. */
const BURN = '++++++-----';
const ONLY = { objectives: OBJECTIVES, rules: [] };

/** Runs of the CUJ, one a minute: `+` succeeded, `-` failed. */
function run(results, every = MINUTE) {
  for (const result of results) {
    jest.setSystemTime(Date.now() + every);
    workspace.recordCujExecution('CUJ-005', result === '+', 10);
  }
}

const changes = () => workspace.lines(LOG).filter(({ state }) => state);
const states = (alert = FAST) => changes().filter((each) => each.alert === alert).map(({ was, state }) => `${was} → ${state}`); // prettier-ignore
const stateOf = (report, alert = FAST) => report.alerts.find((each) => each.alert === alert)?.state;

test('a fire: pending while it can be chance, firing when it cannot, resolved when the good runs cannot be either; each change is one line', async () => {
  want(ONLY);
  expect((await workspace.checkAlerts()).state).toBe('unknown');
  run('+'.repeat(20), HOUR);
  expect(stateOf(await workspace.checkAlerts())).toBe('quiet');
  jest.setSystemTime(Date.now() + 7 * HOUR);
  run('--');
  expect(stateOf(await workspace.checkAlerts())).toBe('pending');
  run('-');
  const report = await workspace.checkAlerts();
  expect([report.state, report.firing, stateOf(report)]).toEqual(['firing', 1, 'firing']);
  expect((await workspace.checkAlerts()).changes).toEqual([]);
  run('++');
  expect(stateOf(await workspace.checkAlerts())).toBe('firing');
  run('+');
  expect(stateOf(await workspace.checkAlerts())).toBe('resolved');
  expect(states()).toEqual(['quiet → unknown', 'unknown → quiet', 'quiet → pending', 'pending → firing', 'firing → resolved']);
  const [line] = changes().filter(({ state, alert }) => state === 'firing' && alert === FAST);
  expect(line.message).toBe(
    'CUJ-005: 3 of 3 runs failed in the last 6h (goal 95 %); 3 of the last 3; 20 times what the goal allows, by chance 0.4 %',
  );
  expect(line.details).toMatchObject({ goal: 'success', tier: 'fast', threshold: 7, long: { total: 3, failed: 3 } });
}); // prettier-ignore

test('no runs keep a fire, and after a period without any nobody knows', async () => {
  want(ONLY);
  run('+'.repeat(20), HOUR);
  run('-----');
  expect(stateOf(await workspace.checkAlerts())).toBe('firing');
  jest.setSystemTime(Date.now() + 3 * DAY);
  expect(stateOf(await workspace.checkAlerts())).toBe('firing');
  jest.setSystemTime(Date.now() + 5 * DAY);
  const report = await workspace.checkAlerts();
  expect([report.state, stateOf(report)]).toEqual(['unknown', 'unknown']);
});

test('an alert whose objective is gone does not burn for ever', async () => {
  want(ONLY);
  run(BURN);
  await workspace.checkAlerts();
  want({ rules: [] });
  await workspace.checkAlerts();
  expect(states().at(-1)).toBe('firing → unknown');
});

test('a line that was torn by a kill says nothing, the change is recorded anew behind it, and states do not need the cache', async () => {
  want(ONLY);
  run(BURN);
  await workspace.checkAlerts();
  const whole = workspace.read(LOG);
  fs.writeFileSync(workspace.path(LOG), whole.slice(0, whole.lastIndexOf('{') + 40));
  fs.rmSync(workspace.path('.claude/context/.obs'), { recursive: true });
  const report = await workspace.checkAlerts();
  expect(report.changes).toHaveLength(1);
  const lines = workspace.read(LOG).split('\n').filter(Boolean);
  const parsed = lines.flatMap((line) => { try { return [JSON.parse(line)]; } catch { return []; } });
  expect([lines.length, parsed.map(({ alert, state }) => `${alert} ${state}`).sort()]).toEqual([
    3, [FAST, 'cuj/CUJ-005/success/slow'].map((alert) => `${alert} firing`),
  ]);
  fs.rmSync(workspace.path('.claude/context/.obs'), { recursive: true });
  expect((await workspace.checkAlerts()).changes).toEqual([]);
}); // prettier-ignore

test('a log that was rotated away leaves the states as they are', async () => {
  want(ONLY);
  run(BURN);
  await workspace.checkAlerts();
  fs.renameSync(workspace.path(LOG), workspace.path(`${LOG}.1`));
  expect((await workspace.checkAlerts()).changes).toEqual([]);
  run('++++++++');
  await workspace.checkAlerts();
  expect(states()).toEqual(['firing → resolved']);
});

test('files are for their owner alone, whatever the umask, and a link in place of the log is not followed', async () => {
  want({ ...ONLY, notify: [{ command: ['true'] }] });
  run(BURN);
  const before = process.umask(0);
  try {
    await workspace.checkAlerts();
  } finally {
    process.umask(before);
  }
  const modeOf = (...parts) => fs.statSync(workspace.path(...parts)).mode & 0o777;
  const cache = '.claude/context/.obs';
  const files = fs.readdirSync(workspace.path(cache)).filter((name) => name.startsWith('alerts'));
  expect(files.length).toBeGreaterThan(3);
  expect([modeOf(LOG), ...files.map((name) => modeOf(cache, name))]).toEqual(Array(files.length + 1).fill(0o600));
  expect(modeOf(cache)).toBe(0o700);
  fs.rmSync(workspace.path(LOG));
  fs.rmSync(workspace.path(cache), { recursive: true });
  fs.writeFileSync(workspace.path('elsewhere'), '');
  fs.symlinkSync(workspace.path('elsewhere'), workspace.path(LOG));
  await expect(workspace.checkAlerts()).rejects.toThrow('ELOOP');
  expect(workspace.read('elsewhere')).toBe('');
});

test('while OBS_DISABLED is set nothing is recorded and nobody is told, and the answer is there', async () => {
  const { createFace } = require('../lib/face.js');
  want({ ...ONLY, notify: [{ command: ['sh', '-c', 'touch told'] }] });
  run(BURN);
  const report = await createFace({ projectRoot: workspace.root, env: { OBS_DISABLED: '1' } }).checkAlerts();
  expect([report.state, report.changes.length, fs.existsSync(workspace.path(LOG)), report.told]).toEqual(['firing', 2, false, []]);
}); // prettier-ignore

test('the package loads nothing of alerts before one of their functions is called', () => {
  const code = `const obs = require(${JSON.stringify(PACKAGE)});
    obs.getCujSuccessRate('CUJ-005');
    const loaded = () => Object.keys(require.cache).filter((file) => file.startsWith(${JSON.stringify(path.join(PACKAGE, 'alerts'))})).length;
    const before = loaded();
    obs.getObjectives();
    console.log(before, loaded() > 0);`;
  const { runNode } = require('./support/child.js');
  const { stdout } = runNode(['-e', code], { env: { OBS_PROJECT_ROOT: workspace.root } });
  expect(stdout).toBe('0 true\n');
});

describe('rules without an objective', () => {
  const only = (...rules) => want({ rules });

  test('worse than its own usual', async () => {
    only({ name: 'worse', metric: 'cuj.usual' });
    run(`${'+'.repeat(15)}-`.repeat(13), 3 * HOUR);
    jest.setSystemTime(Date.now() + DAY);
    run('++--+---+');
    const report = await workspace.checkAlerts();
    expect(stateOf(report, 'worse/CUJ-005')).toBe('firing');
    expect(report.alerts[0].message).toMatch(
      /^CUJ-005: 4 of 9 succeeded in the last 1d, usually 93.75 % of 208; by chance 0.0\d+ %$/,
    );
  });

  test('a skill that fails, a provider that is degraded, each by both tiers', async () => {
    only({ name: 'skill-failing', metric: 'skill.success' }, { name: 'provider-degraded', metric: 'provider.success' });
    for (let i = 0; i < 30; i += 1) {
      jest.setSystemTime(Date.now() + MINUTE);
      workspace.logSkillInvocation({ skill: 'deploy', result: i < 3 ? 'success' : 'failure', duration: 5 });
      workspace.logSkillInvocation({ skill: 'lint', result: i < 3 ? 'success' : 'unknown', duration: 5 });
      workspace.recordProviderCall('anthropic', i < 3, 100);
    }
    const { alerts } = await workspace.checkAlerts();
    const firing = alerts.filter(({ state }) => state === 'firing').map(({ alert }) => alert);
    expect(firing).toEqual(['deploy', 'anthropic'].flatMap((subject, i) => {
      return ['fast', 'slow'].map((tier) => `${['skill-failing', 'provider-degraded'][i]}/${subject}/${tier}`);
    }));
  }); // prettier-ignore

  test('a run is stalled when it is silent for longer than any run before, and no longer when it goes on or ends', async () => {
    only({ name: 'stalled', metric: 'run.silence' });
    const step = (runId, wait, event) => {
      jest.setSystemTime(Date.now() + wait);
      workspace.emitProgress({ runId, ...event });
    };
    for (let i = 0; i < 6; i += 1) {
      step(`run-${i}`, MINUTE, { step: 1, percentage: 10 });
      step(`run-${i}`, (i === 3 ? 25 : 5) * MINUTE, { step: 2, status: 'completed', percentage: 100 });
    }
    step('slow', MINUTE, { step: 1, percentage: 10 });
    jest.setSystemTime(Date.now() + 24 * MINUTE);
    expect((await workspace.checkAlerts()).firing).toBe(0);
    jest.setSystemTime(Date.now() + 2 * MINUTE);
    expect(stateOf(await workspace.checkAlerts(), 'stalled/slow')).toBe('firing');
    step('slow', 0, { step: 2, status: 'completed', percentage: 100 });
    expect(stateOf(await workspace.checkAlerts(), 'stalled/slow')).toBe('resolved');
    expect((await workspace.checkAlerts()).alerts).toEqual([]);
  });

  test('until five runs have ended, no run is stalled before ten minutes', async () => {
    only({ metric: 'run.silence' });
    workspace.emitProgress({ runId: 'a', step: 1 });
    jest.setSystemTime(Date.now() + 9 * MINUTE);
    expect((await workspace.checkAlerts()).firing).toBe(0);
    jest.setSystemTime(Date.now() + 2 * MINUTE);
    expect(stateOf(await workspace.checkAlerts(), 'run-silence/a')).toBe('firing');
  });

  test('records that this process could not keep', async () => {
    only({ name: 'dropped', metric: 'store.dropped', above: 0 });
    expect((await workspace.checkAlerts()).alerts).toMatchObject([{ state: 'quiet', verdict: 'no_runs' }]);
    workspace.configure({ onError: () => {} });
    run('+');
    expect(stateOf(await workspace.checkAlerts(), 'dropped')).toBe('quiet');
    fs.mkdirSync(workspace.path('.claude/context/logs/progress.jsonl'), { recursive: true });
    workspace.emitProgress({ runId: 'a' });
    const report = await workspace.checkAlerts();
    const [alert] = report.alerts;
    expect([alert.state, alert.message]).toEqual(['firing', expect.stringMatching(/^1 record was dropped: 1 \w+$/)]);
    const other = require('../lib/face.js').createFace({ projectRoot: workspace.root, env: {} });
    expect(stateOf(await other.checkAlerts(), 'dropped')).toBe('firing');
  });

  test('the disk is nearly full', async () => {
    const { bavail, bsize } = fs.statfsSync(workspace.root);
    only({ name: 'full', metric: 'disk.free', below: 1 });
    expect(stateOf(await workspace.checkAlerts(), 'full')).toBe('quiet');
    only({ name: 'full', metric: 'disk.free', below: bavail * bsize * 2 });
    const report = await workspace.checkAlerts();
    expect(stateOf(report, 'full')).toBe('firing');
    expect(report.alerts[0].message).toMatch(/^[\d.]+ GB \([\d.]+ %\) of the disk are free$/);
  });
});

describe('silences', () => {
  const { silence } = require('../alerts/check.js');
  const burn = () => run(BURN);

  test('what changes in silence is recorded and not told; what still burns at its end is told then', async () => {
    want({ ...ONLY, notify: [{ command: ['sh', '-c', 'cat >> told'] }] });
    await workspace.checkAlerts();
    await silence(workspace.core(), 'cuj/CUJ-005/*', 2 * HOUR, 'we know');
    burn();
    const report = await workspace.checkAlerts();
    expect([report.state, report.firing, report.told]).toEqual(['quiet', 2, []]);
    expect(report.alerts[0].silenced_until).toBe(new Date(START + 2 * HOUR).toISOString());
    jest.setSystemTime(START + 2 * HOUR + 1);
    const after = await workspace.checkAlerts();
    expect([after.state, after.told.length]).toEqual(['firing', 2]);
    expect(states().slice(-2)).toEqual(['unknown → firing', 'firing → firing']);
    expect((await workspace.checkAlerts()).told).toEqual([]);
  });

  test('one that is ended early', async () => {
    want(ONLY);
    await workspace.checkAlerts();
    await silence(workspace.core(), FAST, DAY);
    await silence(workspace.core(), FAST, 0);
    burn();
    expect((await workspace.checkAlerts()).state).toBe('firing');
    expect(workspace.lines(LOG).filter(({ state }) => state === undefined)).toHaveLength(2);
  });
});

describe('who is told', () => {
  const { checkAndTell } = require('../alerts/main.js');
  const told = () => workspace.lines('told');
  const quick = { timeout: 500, firstPause: 5 };
  let server;
  let requests;
  let answer;

  beforeEach(async () => {
    requests = [];
    answer = (_, response) => response.end();
    server = http.createServer((request, response) => {
      let body = '';
      request.on('data', (piece) => (body += piece));
      request.on('end', () => {
        requests.push({ method: request.method, url: request.url, headers: request.headers, body: JSON.parse(body) });
        answer(request, response);
      });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = (tail = '') => `http://127.0.0.1:${server.address().port}${tail}`;

  test('a command gets the change on its standard input, without a shell, once for a fire and once for its end', async () => {
    const script = 'require("fs").appendFileSync("told", require("fs").readFileSync(0))';
    want({ ...ONLY, notify: [{ command: [process.execPath, '-e', script, '$(touch hacked)'] }] });
    run('+'.repeat(6), HOUR);
    await workspace.checkAlerts();
    run('-----');
    const { told: outcomes } = await workspace.checkAlerts();
    expect(outcomes.map(({ alert, state, error }) => [alert, state, error])).toEqual([
      [FAST, 'firing', null],
      ['cuj/CUJ-005/success/slow', 'firing', null],
    ]);
    await workspace.checkAlerts();
    run('++++++++');
    await workspace.checkAlerts();
    expect(told().map(({ alert, state }) => [alert, state]).slice(2)).toEqual([
      [FAST, 'resolved'],
      ['cuj/CUJ-005/success/slow', 'resolved'],
    ]);
    expect(told()).toEqual(changes().filter(({ state, was }) => [state, was].includes('firing')));
    expect(fs.existsSync(workspace.path('hacked'))).toBe(false);
  }); // prettier-ignore

  test('a webhook: address and secrets from the environment, the body without secrets', async () => {
    want({ ...ONLY, notify: [{ webhook_env: 'HOOK', headers_env: { 'X-Token': 'HOOK_TOKEN' } }], objectives: [{ cuj: '*', success: 0.95 }] });
    const name = 'CUJ token=abcdefghij0123456789';
    workspace.recordCujExecution(name, true, 1);
    await workspace.checkAlerts();
    for (let i = 0; i < 4; i += 1) workspace.recordCujExecution(name, false, 1);
    const env = { HOOK: address('/in?key=1'), HOOK_TOKEN: 'a secret' };
    const report = await checkAndTell(workspace.core(), {}, { env, ...quick });
    expect(report.told.map(({ notifier, error }) => [notifier, error])).toEqual([['HOOK', null], ['HOOK', null]]);
    expect(requests[0]).toMatchObject({ method: 'POST', url: '/in?key=1', headers: { 'x-token': 'a secret', 'content-type': 'application/json' } });
    expect(requests[0].body).toMatchObject({ state: 'firing', was: 'unknown' });
    expect(JSON.stringify(requests.map(({ body }) => body))).not.toContain('abcdefghij0123456789');
  }); // prettier-ignore

  test('a webhook that fails is tried three times, follows no redirect, and its address is never shown', async () => {
    want({ ...ONLY, notify: [{ webhook_env: 'HOOK' }] });
    run('++++++');
    await workspace.checkAlerts();
    run('-----');
    answer = (_, response) => response.writeHead(302, { location: address('/elsewhere') }).end();
    const report = await checkAndTell(workspace.core(), {}, { env: { HOOK: address('/secret-path') }, ...quick });
    expect(report.told.map(({ error }) => error)).toEqual(Array(2).fill('HOOK: the address answered 302'));
    expect(requests.map(({ url }) => url)).toEqual(Array(6).fill('/secret-path'));
    expect((await checkAndTell(workspace.core(), {}, { env: { HOOK: address() }, ...quick })).told).toEqual([]);
  });

  test.each([
    ['nobody listens', () => 'http://127.0.0.1:1/x', /^HOOK: ECONNREFUSED$/],
    ['the variable is not set', () => undefined, /^the environment variable HOOK is not set$/],
    ['it is no address', () => 'file:///etc/passwd', /^HOOK holds no http or https address$/],
    ['there is no answer', () => address('/slow'), /^HOOK: no answer within 60 ms$/],
  ])('a webhook: %s', async (_, hook, words) => {
    want({ ...ONLY, notify: [{ webhook_env: 'HOOK' }] });
    run('++++++');
    await workspace.checkAlerts();
    run('-----');
    answer = () => {};
    const report = await checkAndTell(workspace.core(), {}, { env: { HOOK: hook() }, timeout: 60, firstPause: 1 });
    expect(report.told[0].error).toMatch(words);
  });

  test('one that fails and one that hangs delay none of the others, and are told of', async () => {
    want({ ...ONLY, notify: [{ command: ['/no/such/program'] }, { command: ['sh', '-c', 'exit 3'] }, { webhook_env: 'HOOK' }, { command: ['sh', '-c', 'cat >> told'] }] });
    run('++++++');
    await workspace.checkAlerts();
    run('-----');
    let release;
    const hanging = new Promise((resolve) => (release = resolve));
    answer = (_, response) => hanging.then(() => response.end());
    const checked = checkAndTell(workspace.core(), {}, { env: { HOOK: address() }, timeout: 20_000, firstPause: 1 });
    while (told().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    release();
    const errors = (await checked).told.map(({ notifier, error }) => `${notifier}: ${error}`);
    expect(errors).toEqual([
      ...Array(2).fill('/no/such/program: /no/such/program could not be started: ENOENT'),
      ...Array(2).fill('sh: sh ended with 3'),
      ...Array(2).fill('HOOK: null'),
      ...Array(2).fill('sh: null'),
    ]);
  }); // prettier-ignore

  test('one who comes later hears what changes from then on, and a change of the list makes no other hear it twice', async () => {
    const first = { command: ['sh', '-c', 'cat >> told'] };
    want({ ...ONLY, notify: [first] });
    run('++++++');
    await workspace.checkAlerts();
    run('-----');
    await workspace.checkAlerts();
    want({ ...ONLY, notify: [{ command: ['sh', '-c', 'cat >> later'] }, first] });
    await workspace.checkAlerts();
    run('++++++++');
    await workspace.checkAlerts();
    expect(told().map(({ state }) => state)).toEqual(['firing', 'firing', 'resolved', 'resolved']);
    expect(workspace.lines('later').map(({ state }) => state)).toEqual(['resolved', 'resolved']);
  });

  test('onAlert hears each change once, also those that other processes record; what it throws does no harm', async () => {
    want(ONLY);
    const [heard, failed] = [[], []];
    workspace.configure({ onError: (error) => failed.push(error.message) });
    const off = workspace.onAlert(({ alert, state }) => heard.push(`${alert} ${state}`));
    workspace.onAlert(() => { throw new Error('mine'); });
    run(BURN);
    const other = require('../lib/face.js').createFace({ projectRoot: workspace.root, env: {} });
    await other.checkAlerts();
    expect(heard).toEqual([]);
    await workspace.checkAlerts();
    await workspace.checkAlerts();
    expect(heard).toEqual([`${FAST} firing`, 'cuj/CUJ-005/success/slow firing']);
    expect(failed).toEqual(['mine', 'mine']);
    off();
    run('++++++++');
    await workspace.checkAlerts();
    expect(heard).toHaveLength(2);
    expect(() => workspace.onAlert(3)).toThrow('listener must be a function, got the number 3');
    expect(() => workspace.onAlert(() => {}, { every: '1ms' })).toThrow(RangeError);
  }); // prettier-ignore
});
