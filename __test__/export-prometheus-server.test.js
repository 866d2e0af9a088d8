// A real Prometheus that scrapes what we serve while records are written: its samples, quantiles, alerts and the dashboard's
// queries against our own numbers.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const { prometheusRules } = require('../alerts/prometheus.js');
const { formatOf, prometheus } = require('../export/prometheus.js');
const dashboard = require('../export/grafana.json');
const { testWith } = require('./support/box.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { parseExposition } = require('./support/exposition.js');
const { NAMES, writeHistory } = require('./support/histories.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');
const { freePort } = require('./support/free-port.js');

const ROUNDS = process.env.OBS_LONG === '1' ? 120 : 12;
const BOUNDS = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.777, 1, 2.5, 5, 10, 30, 60];
const workspace = useWorkspace();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server.address().port;
}

/** Serves the metrics at /open by `Accept`, and at /plain as text whatever is asked for; notes the counts that it gave. */
function serve(given) {
  return http.createServer((request, response) => {
    const openmetrics = request.url === '/open' && formatOf(request.headers.accept) === 'openmetrics';
    const { text, type } = prometheus(workspace().core(), { openmetrics });
    given[request.url] ??= new Set();
    given[request.url].add(Number(/^obs_cuj_executions_total\{cuj="CUJ-005",success="false"\} (\d+)$/m.exec(text)?.[1] ?? 0)); // prettier-ignore
    response.writeHead(200, { 'content-type': type }).end(text);
  });
}

/** A server with both jobs and the rules of the workspace's objectives; `ask` gives the result of a query. */
async function startPrometheus(target) {
  const job = (name) => ({ job_name: name, metrics_path: `/${name}`, static_configs: [{ targets: [target] }] });
  const config = {
    global: { scrape_interval: '250ms', scrape_timeout: '250ms', evaluation_interval: '250ms' },
    rule_files: ['rules.yml'],
    scrape_configs: [job('open'), job('plain')],
  };
  fs.writeFileSync(workspace().path('rules.yml'), prometheusRules(workspace().core()));
  fs.writeFileSync(workspace().path('prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const words = ['--config.file=prometheus.yml', '--storage.tsdb.path=tsdb', `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn('prometheus', words, { cwd: workspace().root, stdio: 'ignore' });
  const get = (route) =>
    globalThis.fetch(`http://127.0.0.1:${port}/api/v1/${route}`).then((response) => response.json());
  const ask = (query) => get(`query?query=${encodeURIComponent(query)}`).then(({ status, error, data }) => (status === 'success' ? data.result : error)); // prettier-ignore
  return { child, get, ask };
}

/** Waits until `look()` gives what is wanted, some while; gives what it saw last. */
async function eventually(look, isWanted) {
  let seen = await look().catch(() => null);
  for (let tries = 0; tries < 400 && !isWanted(seen); tries += 1) {
    await pause(100);
    seen = await look().catch(() => null);
  }
  return seen;
}

const valuesOf = (result) => Object.fromEntries(result.map(({ metric, value }) => [metric.job, Number(value[1])]));
const both = (value) => ({ open: value, plain: value });

function recordSome(random) {
  for (let i = 0; i < 50; i += 1) {
    const success = random.chance(0.5);
    workspace().recordCujExecution('CUJ-005', success, random.below(3000), success ? null : 'no');
    workspace().logSkillInvocation({ skill: 'linter', agent: 'qa', result: 'success', duration: random.below(900), cacheHit: i % 3 === 0 }); // prettier-ignore
    workspace().recordProviderCall('anthropic', true, 200 + random.below(2000));
  }
}

testWith(['prometheus'], 'a real Prometheus that scrapes under load has our counts, quantiles to within a bucket, alerts and a full board', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  writeLines(workspace(), '.claude/context/config/objectives.json', [
    JSON.stringify({ objectives: [{ cuj: 'CUJ-005', success: 0.95 }, { cuj: 'CUJ-005', p95_ms: 777 }, { skill: 'lint*', p95_ms: 60_000 }] }),
  ]);
  recordSome(random);
  NAMES.forEach((name) => workspace().recordCujExecution(name, true, 5));
  const given = {};
  const server = serve(given);
  const { child, get, ask } = await startPrometheus(`127.0.0.1:${await listen(server)}`);
  try {
    const up = await eventually(() => ask('up'), (result) => result?.length === 2 && result.every(({ value }) => value[1] === '1'));
    expect(valuesOf(up)).toEqual(both(1));
    // A busy machine may miss scrapes; each job gets to see the counts change a few times.
    const few = () => Math.min(given['/open'].size, given['/plain'].size) < 8;
    for (let round = 0; round < ROUNDS || (few() && round < 100); round += 1) {
      recordSome(random);
      await pause(500);
    }
    const { total, failed } = workspace().getCujSuccessRate('CUJ-005', null);
    const counted = await eventually(() => ask('sum by (job) (obs_cuj_executions_total{cuj="CUJ-005"})'), (result) => result?.every(({ value }) => Number(value[1]) === total));
    expect({ seed, ...valuesOf(counted) }).toEqual({ seed, ...both(total) });
    expect(valuesOf(await ask('obs_cuj_executions_total{cuj="CUJ-005",success="false"}'))).toEqual(both(failed));

    // Names of any kind arrive as they are, those that become one label together.
    const names = [...parseExposition(prometheus(workspace().core()).text)].map(([key, value]) => [JSON.parse(key), value]);
    const successes = names.filter(([[name, labels]]) => name === 'obs_cuj_executions_total' && labels[1][1] === 'true').map(([[, labels], value]) => [labels[0][1], value]);
    for (const job of ['open', 'plain']) {
      const seen = await ask(`obs_cuj_executions_total{job="${job}",success="true"}`);
      expect(seen.map(({ metric, value }) => [metric.cuj, Number(value[1])]).sort()).toEqual([...successes].sort());
    }

    // What it kept of each scrape is what it was given, and it never fell.
    for (const { metric, values } of await ask('obs_cuj_executions_total{cuj="CUJ-005",success="false"}[1h]')) {
      const kept = values.map(([, value]) => Number(value));
      expect(kept.filter((value) => !given[`/${metric.job}`].has(value))).toEqual([]);
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept.length).toBeGreaterThan(5);
    }
    // The share of failures of what it saw being recorded: both are extrapolated in the same way.
    const [shareSeen] = await ask('rate(obs_cuj_executions_total{job="open",cuj="CUJ-005",success="false"}[1h]) / ignoring(success) sum without (success) (rate(obs_cuj_executions_total{job="open",cuj="CUJ-005"}[1h]))');
    expect(Number(shareSeen.value[1])).toBeGreaterThan(0.35);
    expect(Number(shareSeen.value[1])).toBeLessThan(0.65);

    const ours = workspace().getPerformancePercentiles('CUJ-005', null);
    for (const quantile of [50, 75, 90, 95, 99]) {
      const seconds = ours[`p${quantile}`] / 1000;
      const above = BOUNDS.findIndex((bound) => seconds <= bound);
      for (const { value } of await ask(`histogram_quantile(${quantile / 100}, obs_cuj_execution_duration_seconds_bucket{cuj="CUJ-005"})`)) {
        expect(Number(value[1])).toBeGreaterThanOrEqual(BOUNDS[above - 1]);
        expect(Number(value[1])).toBeLessThanOrEqual(BOUNDS[above]);
      }
    }

    // Half of all runs fail, and most are slower than 777 ms: both objectives burn, in both jobs at once; lint* does not.
    const alerts = await eventually(() => get('alerts').then(({ data }) => data.alerts.map(({ labels, state }) => [labels.objective, labels.tier, state].join(' ')).sort()), (found) => found?.length === 4);
    const burning = ['cuj/CUJ-005/p95_ms', 'cuj/CUJ-005/success'].flatMap((name) => ['fast', 'slow'].map((tier) => `${name} ${tier} firing`));
    expect(alerts).toEqual(burning);

    const exprs = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    for (const expr of exprs) {
      const query = expr.replaceAll('$__range', '1h').replaceAll('$__rate_interval', '1h').replaceAll('$instance', '.*');
      expect([expr, (await ask(query)).length]).toEqual([expr, expect.any(Number)]);
      expect([expr, (await ask(query)).length > 0]).toEqual([expr, true]);
    }
  } finally {
    child.kill();
    server.closeAllConnections();
    server.close();
    await new Promise((resolve) => child.once('exit', resolve));
  }
}, 180_000); // prettier-ignore

testWith(['node_exporter'], 'the textfile collector of a real node exporter gives every series of --out on, also while the file is replaced', async () => {
  writeHistory(workspace(), createRandom(seedOfTest()), 300, Date.now());
  const folder = workspace().path('textfiles');
  fs.mkdirSync(folder);
  const port = await freePort();
  const words = ['--collector.disable-defaults', '--web.disable-exporter-metrics', '--collector.textfile', `--collector.textfile.directory=${folder}`, `--web.listen-address=127.0.0.1:${port}`];
  const child = spawn('prometheus-node-exporter', words, { stdio: 'ignore' });
  const get = () => globalThis.fetch(`http://127.0.0.1:${port}/metrics`).then((response) => response.text());
  const out = () => run([path.join(PACKAGE, 'bin', 'obs.js'), 'export', 'prometheus', '--root', workspace().root, '--out', path.join(folder, 'obs.prom')], {});
  // Its labels stand in the order of their names.
  const sorted = ([key, value]) => [JSON.stringify(JSON.parse(key).map((part) => (Array.isArray(part) ? part.sort() : part))), value];
  const own = (text) => Object.fromEntries([...parseExposition(text.replace(/^(?!obs_).*$/gm, ''))].map(sorted).sort());
  try {
    expect(await out()).toMatchObject({ code: 0, stderr: '' });
    await eventually(get, (text) => text?.includes('obs_cuj_executions_total'));
    expect(own(await get())).toEqual(own(prometheus(workspace().core()).text));
    // However often it looks while the file is replaced, it reads a whole one.
    let busy = true;
    const replacing = (async () => {
      for (let i = 0; i < 10; i += 1) await out();
      busy = false;
    })();
    const seen = new Set();
    while (busy) {
      const text = await get();
      seen.add(/^node_textfile_scrape_error (\d)$/m.exec(text)[1]);
      seen.add(Object.keys(own(text)).length);
    }
    await replacing;
    expect([...seen].map(Number).sort((a, b) => a - b)).toEqual([0, Object.keys(own(prometheus(workspace().core()).text)).length]);
    expect(fs.readdirSync(folder)).toEqual(['obs.prom']);
  } finally {
    child.kill();
  }
}, 60_000); // prettier-ignore
