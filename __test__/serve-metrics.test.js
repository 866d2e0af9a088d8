// `/metrics` of `obs serve`: the bytes of `obs export prometheus`, for who brings the token and for nobody else; and a real
// Prometheus that scrapes it while records are written.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { testWith } = require('./support/box.js');
const { PACKAGE, run, start, until } = require('./support/command-line.js');
const { parseExposition } = require('./support/exposition.js');
const { writeHistory } = require('./support/histories.js');
const { ask, enter, ensurePage, startServer } = require('./support/page.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');
const { freePort } = require('./support/free-port.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const TOKEN = 'a-token-of-the-tests-own';
const BEARER = { Authorization: `Bearer ${TOKEN}` };
const OPEN =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const ROUNDS = process.env.OBS_LONG === '1' ? 120 : 8;
const workspace = useWorkspace();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const servers = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function serving(metrics = { token: TOKEN }, roots = [workspace().root]) {
  servers.push(await startServer(roots, { metrics }));
  return servers.at(-1);
}

const exported = (...args) => run([OBS, 'export', 'prometheus', '--root', workspace().root, ...args], {});

test('it gives the bytes that obs export prometheus prints, in the format that is asked for', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  writeLines(workspace(), '.claude/context/config/objectives.json', [JSON.stringify({ objectives: [{ cuj: 'CUJ-005', p95_ms: 777 }] })]);
  for (const maxValues of [undefined, 3]) {
    writeHistory(workspace(), random, 200, Date.now());
    fs.appendFileSync(workspace().path('.claude/context/analytics/cuj-metrics.jsonl'), 'damaged\n');
    const server = await serving({ token: TOKEN, maxValues });
    const more = maxValues === undefined ? [] : ['--max-values', String(maxValues)];
    const plain = await ask(server.port, '/metrics', BEARER);
    expect({ seed, body: plain.body }).toEqual({ seed, body: (await exported(...more)).stdout });
    expect([plain.status, plain.headers['content-type'], plain.headers.vary]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8', 'Accept']);
    const open = await ask(server.port, '/metrics', { ...BEARER, Accept: OPEN });
    expect({ seed, body: open.body }).toEqual({ seed, body: (await exported('--openmetrics', ...more)).stdout });
    expect([open.status, open.headers['content-type']]).toEqual([200, 'application/openmetrics-text; version=1.0.0; charset=utf-8']);
    const head = await ask(server.port, '/metrics', BEARER, 'HEAD');
    expect([head.status, head.body, Number(head.headers['content-length'])]).toEqual([200, '', Buffer.byteLength(plain.body)]);
    // What is recorded meanwhile is in the next answer.
    workspace().recordCujExecution('CUJ-005', true, 778);
    expect((await ask(server.port, '/metrics', BEARER)).body).toBe((await exported(...more)).stdout);
  }
}, 60_000); // prettier-ignore

test('the token alone opens it: no other one, no cookie, no address, and not from other pages', async () => {
  workspace().recordCujExecution('CUJ-005', true, 5);
  const server = await serving();
  const cookie = await enter(server);
  const wrong = [
    {},
    { Cookie: cookie },
    { Authorization: 'Bearer' },
    { Authorization: TOKEN },
    { Authorization: `Bearer ${TOKEN}x` },
    { Authorization: `Bearer ${TOKEN.slice(0, -1)}` },
    { Authorization: `Basic ${TOKEN}` },
    { Authorization: `Bearer ${TOKEN} ${TOKEN}` },
    { Authorization: [`Bearer ${TOKEN}`, `Bearer ${TOKEN}`] },
    { Authorization: ['Bearer no', `Bearer ${TOKEN}`] },
  ];
  for (const headers of wrong) {
    const { status, body, headers: given } = await ask(server.port, '/metrics', headers);
    expect([headers, status, given['www-authenticate']]).toEqual([headers, 401, 'Bearer']);
    expect(body).not.toContain('CUJ-005');
  }
  expect((await ask(server.port, `/metrics?token=${TOKEN}`)).status).toBe(401);
  expect((await ask(server.port, '/metrics', { Authorization: `bearer   ${TOKEN}` })).status).toBe(200);
  for (const headers of [{ Host: 'evil.example' }, { Origin: 'http://evil.example' }, { 'Sec-Fetch-Site': 'cross-site' }]) {
    expect((await ask(server.port, '/metrics', { ...BEARER, ...headers })).status).toBe(403);
  }
  expect((await ask(server.port, '/metrics', BEARER, 'POST')).status).toBe(405);
  // It opens nothing else.
  for (const target of ['/', '/api/cujs', '/metrics/', '/api/metrics']) expect((await ask(server.port, target, BEARER)).status).toBe(401);
}, 60_000); // prettier-ignore

test('without a token there are no metrics; with several workspaces each has its number', async () => {
  const off = await serving(null);
  expect((await ask(off.port, '/metrics', { Cookie: await enter(off) })).status).toBe(404);
  const other = workspace().path('other');
  fs.mkdirSync(path.join(other, '.claude'), { recursive: true });
  workspace().recordCujExecution('here', true, 5);
  const server = await serving({ token: TOKEN }, [workspace().root, other]);
  const of = (query) => ask(server.port, `/metrics${query}`, BEARER);
  expect((await of('')).body).toContain('cuj="here"');
  expect((await of('?root=0')).body).toContain('cuj="here"');
  const second = await of('?root=1');
  expect([second.status, second.body.includes('cuj="here"')]).toEqual([200, false]);
  for (const query of ['?root=2', '?root=', '?root=-1', '?root=0&root=0', '?span=7d', '?root=length']) {
    expect([query, (await of(query)).status]).toEqual([query, 400]);
  }
}, 60_000); // prettier-ignore

test('records that cannot be read are a failed scrape, and objectives that cannot be are told once', async () => {
  const told = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const server = await serving();
  writeLines(workspace(), '.claude/context/config/objectives.json', ['{"objectives":1}']);
  for (let i = 0; i < 3; i += 1) expect((await ask(server.port, '/metrics', BEARER)).status).toBe(200);
  const words = told.mock.calls.map(([text]) => String(text)).filter((text) => text.includes('no bounds of objectives'));
  told.mockRestore();
  expect(words).toHaveLength(1);
  fs.mkdirSync(workspace().path('.claude/context/logs'), { recursive: true });
  fs.rmSync(workspace().path('.claude/context/logs'), { recursive: true });
  fs.writeFileSync(workspace().path('.claude/context/logs'), 'no folder');
  const { status } = await ask(server.port, '/metrics', BEARER);
  const { code } = await exported();
  expect(status === 200).toBe(code === 0);
}, 60_000); // prettier-ignore

describe('obs serve --metrics-token', () => {
  const serve = (...args) => start([OBS, 'serve', '--root', workspace().root, ...args]);

  test('makes the file for this user alone, and takes the token that stands in one', async () => {
    ensurePage();
    const file = workspace().path('metrics token');
    const tokens = [];
    for (let round = 0; round < 2; round += 1) {
      const running = serve('--metrics-token', file);
      await until(() => running.stderr.includes('/metrics'), () => `the server: ${running.stderr}`, 30_000);
      tokens.push(fs.readFileSync(file, 'utf8').trim());
      const port = Number(/127\.0\.0\.1:(\d+)\/metrics/.exec(running.stderr)[1]);
      expect((await ask(port, '/metrics', { Authorization: `Bearer ${tokens.at(-1)}` })).status).toBe(200);
      expect(running.stdout + running.stderr).not.toContain(tokens.at(-1));
      running.child.kill('SIGTERM');
      expect((await running.done).code).toBe(0);
    }
    expect(tokens[0]).toMatch(/^[\w-]{43}$/);
    expect(tokens[1]).toBe(tokens[0]);
    if (process.platform !== 'win32') expect(fs.statSync(file).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(workspace().root).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  }, 90_000); // prettier-ignore

  test.each([
    ['short', 1, /holds no token: one line of 16 to 512/],
    ['two lines of\nwords that are no token', 1, /holds no token/],
    ['', 1, /holds no token/],
    [null, 1, /cannot be used: ENOENT/],
  ])('a file with %j is refused in one line', async (text, expected, said) => {
    const file = workspace().path(text === null ? 'missing/folder/token' : 'token');
    if (text !== null) fs.writeFileSync(file, text);
    const { code, stderr } = await serve('--metrics-token', file).done;
    expect([code, stderr]).toEqual([expected, expect.stringMatching(said)]);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('--max-values without it is wrong usage', async () => {
    expect(await serve('--max-values', '3').done).toMatchObject({ code: 2, stderr: expect.stringContaining('--metrics-token FILE') });
  }); // prettier-ignore
});

/** Waits until `look()` gives what is wanted, some while; gives what it saw last. */
async function eventually(look, isWanted) {
  let seen = await look().catch(() => null);
  for (let tries = 0; tries < 400 && !isWanted(seen); tries += 1) {
    await pause(100);
    seen = await look().catch(() => null);
  }
  return seen;
}

/** The configuration that docs/fleet.md shows, for these ports and often enough for a test. */
function configuration(port) {
  const documented = /```yaml\n(scrape_configs:[^]*?)```/.exec(fs.readFileSync(path.join(PACKAGE, 'docs', 'fleet.md'), 'utf8'))[1];
  const own = documented.replace('127.0.0.1:9464', `127.0.0.1:${port}`).replace(/credentials_file: [^ ]+/, 'credentials_file: token');
  return `global: { scrape_interval: 250ms, scrape_timeout: 250ms }\n${own}`;
} // prettier-ignore

testWith(['prometheus', 'promtool'], 'a real Prometheus, configured as documented, scrapes obs serve under load and has our counts and quantiles', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  ensurePage();
  const { root } = workspace();
  const record = () => {
    for (let i = 0; i < 50; i += 1) {
      const success = random.chance(0.5);
      workspace().recordCujExecution('CUJ-005', success, random.below(3000), success ? null : 'no');
      workspace().logSkillInvocation({ skill: 'linter', agent: 'qa', result: 'success', duration: random.below(900) });
      workspace().recordProviderCall('anthropic', true, 200 + random.below(2000));
    }
  };
  record();
  const running = start([OBS, 'serve', '--root', root, '--metrics-token', path.join(root, 'token')]);
  await until(() => running.stderr.includes('/metrics'), () => `the server: ${running.stderr}`, 30_000);
  const target = /127\.0\.0\.1:(\d+)\/metrics/.exec(running.stderr)[1];
  fs.writeFileSync(path.join(root, 'prometheus.yml'), configuration(target));
  const port = await freePort();
  const words = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn('prometheus', words, { cwd: root, stdio: 'ignore' });
  const query = async (text) => {
    const response = await globalThis.fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(text)}`);
    return (await response.json()).data.result;
  };
  try {
    const up = await eventually(() => query('up'), (result) => result?.[0]?.value[1] === '1');
    expect(up?.map(({ value }) => value[1])).toEqual(['1']);
    // A busy machine may miss scrapes; it gets to see the counts change a few times.
    const seen = async () => Number((await query('changes(obs_skill_invocations_total{result="success"}[1h])'))[0]?.value[1] ?? 0);
    for (let round = 0; round < ROUNDS || ((await seen()) < 4 && round < 100); round += 1) {
      record();
      await pause(400);
    }
    const given = parseExposition((await exported()).stdout);
    const total = [...given].filter(([key]) => key.includes('obs_cuj_executions_total')).reduce((sum, [, value]) => sum + value, 0);
    expect(total).toBe(workspace().getCujSuccessRate('CUJ-005', null).total);
    await eventually(() => query('sum(obs_cuj_executions_total)'), (result) => Number(result?.[0]?.value[1]) === total);
    // Every series that we print is there with our value, and no other of ours.
    const held = await query('{__name__=~"obs_.*"}');
    const series = held.map(({ metric: { __name__: name, job: _job, instance: _instance, ...labels }, value }) => [JSON.stringify([name, Object.entries(labels).sort()]), Number(value[1])]);
    const ours = [...given].map(([key, value]) => {
      const [name, labels] = JSON.parse(key);
      // As it writes floats in OpenMetrics.
      const as = labels.map(([label, text]) => [label, label === 'le' && /^\d+$/.test(text) ? `${text}.0` : text]);
      return [JSON.stringify([name, as.sort()]), value];
    });
    expect({ seed, series: Object.fromEntries(series.sort()) }).toEqual({ seed, series: Object.fromEntries(ours.sort()) });
    const exact = workspace().getPerformancePercentiles('CUJ-005', null);
    const bounds = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
    for (const quantile of [50, 90, 99]) {
      const above = bounds.findIndex((bound) => exact[`p${quantile}`] / 1000 <= bound);
      const [{ value }] = await query(`histogram_quantile(${quantile / 100}, obs_cuj_execution_duration_seconds_bucket{cuj="CUJ-005"})`);
      expect(Number(value[1])).toBeGreaterThanOrEqual(bounds[above - 1]);
      expect(Number(value[1])).toBeLessThanOrEqual(bounds[above]);
    }
    expect(Number((await query('count_over_time(up[1h]) - sum_over_time(up[1h])'))[0].value[1])).toBeLessThan(3);
  } finally {
    running.child.kill('SIGTERM');
    child.kill();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}, 180_000); // prettier-ignore
