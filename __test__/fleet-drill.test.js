// A fleet on one machine, by the configuration that docs/fleet.md shows: hosts record, a real rsyslog ships their lines to a central
// one; a host is cut off, another one is killed, the central one is restarted. All lines arrive, and ClickHouse answers over them.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const path = require('node:path');

const { CHDB, testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment, start } = require('./support/command-line.js');
const { useWorkspace } = require('./support/use-workspace.js');
const { freePort } = require('./support/free-port.js');

const LONG = process.env.OBS_LONG === '1';
const HOSTS = LONG ? 10 : 3;
const SCALE = LONG ? 5 : 1;
const KINDS = { cuj: 'analytics/cuj-metrics.jsonl', provider: 'analytics/provider-health.jsonl', progress: 'logs/progress.jsonl', skill: /^skill-invocations-.*\.jsonl$/ }; // prettier-ignore
const workspace = useWorkspace();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms * SCALE));

/** Records all four kinds, no two records alike, until it is ended; `from` is the first number. */
const RECORDER = `
  const obs = require(${JSON.stringify(path.join(PACKAGE, 'index.js'))});
  const [root, host, from] = process.argv.slice(1);
  obs.configure({ projectRoot: root });
  let n = Number(from);
  setInterval(() => {
    obs.recordCujExecution('CUJ-' + (n % 7), n % 5 !== 0, n, n % 5 ? null : 'no "☃" \\\\ ' + host, { host, n });
    obs.logSkillInvocation({ skill: 'skill ' + (n % 3), agent: 'qa', result: n % 4 ? 'success' : 'failure', duration: n, params: { text: '\\u0001\\u007f\\t☃𝄞', n, host } });
    obs.recordProviderCall('anthropic', n % 9 !== 0, n, n % 9 ? null : 'overloaded', { host, n });
    obs.emitProgress({ runId: host + ' run ' + (n % 2), step: n, status: 'running', message: 'step ' + n });
    n += 1;
  }, 20);
`;

const ended = (child) => (child.exitCode !== null || child.signalCode !== null ? null : new Promise((resolve) => child.once('exit', resolve))); // prettier-ignore

async function stop(child, signal) {
  child.kill(signal);
  await ended(child);
}

/** The nth block of configuration in the document, with other places. */
function configuration(place, folder, changes) {
  const document = fs.readFileSync(path.join(PACKAGE, 'docs', 'fleet.md'), 'utf8');
  let text = [...document.matchAll(/```rsyslog\n([^]*?)```/g)][place][1];
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the documented configuration has no ${from}`);
    text = text.replaceAll(from, to);
  }
  fs.mkdirSync(path.join(folder, 'state'), { recursive: true });
  return text;
}

/** Starts rsyslog in a folder of its own. */
function startCollector(folder, name, text) {
  const file = path.join(folder, 'rsyslog.conf');
  fs.writeFileSync(file, `global(workDirectory="${path.join(folder, 'state')}" localHostname="${name}")\n${text}`);
  return spawn('rsyslogd', ['-n', '-i', path.join(folder, 'pid'), '-f', file], { stdio: 'ignore' });
}

/** The network between one host and the central one, which can be cut. */
async function startLink(target) {
  const sockets = new Set();
  let whole = true;
  const server = net.createServer((near) => {
    if (!whole) return near.destroy();
    const far = net.connect(target, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      // prettier-ignore
      sockets.add(one);
      one.on('error', () => {}).on('close', () => other.destroy());
      one.pipe(other);
    }
    return undefined;
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    whole = false;
    sockets.forEach((socket) => socket.destroy());
  };
  return { port: server.address().port, cut, mend: () => (whole = true), close: () => (cut(), server.close()) };
}

/** A host: its workspace, its recorder and its collector, and the link to the central one. */
async function startHost(number, central, isCut) {
  const name = `host-${number}`;
  const folder = workspace().path(name);
  const link = await startLink(central);
  if (isCut) link.cut();
  const text = configuration(0, folder, [
    ['/srv/agents', folder],
    ['collector.example', '127.0.0.1'],
    ['port="2514"', `port="${link.port}"`],
    ['action.resumeInterval="5"', 'action.resumeInterval="1"'],
  ]);
  let lives = 0;
  const host = {
    name,
    folder,
    link,
    bootCollector() {
      host.collector = startCollector(folder, name, text);
    },
    boot() {
      host.bootCollector();
      host.recorder = start(['-e', RECORDER, folder, name, String(lives * 1_000_000)]).child;
      lives += 1;
    },
    kill: () => Promise.all([stop(host.recorder, 'SIGKILL'), stop(host.collector, 'SIGKILL')]),
  };
  host.boot();
  return host;
}

/** The whole lines of a host's files of one kind. */
function recordedLines(folder, where) {
  const context = path.join(folder, '.claude', 'context');
  const logs = path.join(context, 'logs');
  const files = typeof where === 'string' ? [path.join(context, where)] : fs.readdirSync(logs).filter((name) => where.test(name)).map((name) => path.join(logs, name)); // prettier-ignore
  return files.flatMap((file) => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1)).filter((line) => line !== '');
}

/** What the central one has: rows by kind, as they stand there. */
function collectedRows(folder) {
  const rows = { cuj: [], provider: [], progress: [], skill: [] };
  for (const name of fs.existsSync(folder) ? fs.readdirSync(folder).sort() : []) {
    const kind = /^obs-(\w+)-\d{8}\.jsonl$/.exec(name)[1];
    rows[kind].push(...fs.readFileSync(path.join(folder, name), 'utf8').split('\n').slice(0, -1));
  }
  return rows;
}

const keyOf = (host, kind, line) => JSON.stringify([host, kind, line]);

/** How often each line of each host arrived, and what is missing or nobody wrote. */
function compare(hosts, folder) {
  const arrived = new Map();
  for (const [kind, rows] of Object.entries(collectedRows(folder))) {
    for (const { host, line } of rows.map((row) => JSON.parse(row))) {
      const key = keyOf(host, kind, line);
      arrived.set(key, (arrived.get(key) ?? 0) + 1);
    }
  }
  const wanted = new Set(hosts.flatMap(({ name, folder: own }) => Object.entries(KINDS).flatMap(([kind, where]) => recordedLines(own, where).map((line) => keyOf(name, kind, line))))); // prettier-ignore
  return {
    records: wanted.size,
    missing: [...wanted].filter((key) => !arrived.has(key)),
    strange: [...arrived.keys()].filter((key) => !wanted.has(key)),
    twice: [...arrived].filter(([, count]) => count > 1).map(([key]) => JSON.parse(key)[0]),
  };
}

/** Until all have arrived, or a minute has passed. */
async function settled(hosts, folder) {
  let found = compare(hosts, folder);
  for (let tries = 0; tries < 120 && found.missing.length > 0; tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    found = compare(hosts, folder);
  }
  return found;
}

/** What ClickHouse answers over the rows, each counted once. */
function askClickHouse(folder, questions) {
  const run = spawnSync(process.execPath, [path.join(PACKAGE, 'bin', 'obs.js'), 'export', 'clickhouse'], { encoding: 'utf8', env: cleanEnvironment() }); // prettier-ignore
  const tables = {
    cuj: 'cuj_executions',
    provider: 'provider_calls',
    progress: 'progress_events',
    skill: 'skill_invocations',
  };
  const statements = Object.entries(tables).flatMap(([kind, table]) => [
    `INSERT INTO ${kind}_lines SELECT host, line FROM file('${folder}/obs-${kind}-*.jsonl', 'JSONEachRow', 'host String, line String')`,
    `OPTIMIZE TABLE ${table} FINAL DEDUPLICATE`,
  ]);
  const input = JSON.stringify({
    folder: workspace().path('clickhouse'),
    definitions: run.stdout,
    statements,
    questions,
  });
  const { status, stdout, stderr } = spawnSync('python3', [path.join(__dirname, 'support', 'clickhouse.py')], { input, encoding: 'utf8', env: { ...process.env, PYTHONPATH: CHDB }, maxBuffer: 1 << 28 }); // prettier-ignore
  if (status !== 0) throw new Error(stderr.trim().split('\n').slice(-12).join('\n'));
  return JSON.parse(stdout);
}

/** All hosts' lines in one workspace, which this package answers over. */
function merge(hosts) {
  for (const [kind, where] of Object.entries(KINDS)) {
    for (const { folder } of hosts) {
      for (const line of recordedLines(folder, where)) {
        const day = String(JSON.parse(line).timestamp).slice(0, 10);
        const name = kind === 'skill' ? `logs/skill-invocations-${day}.jsonl` : where;
        const file = workspace().path('.claude/context', name);
        fs.mkdirSync(path.dirname(file), { recursive: true });
        fs.appendFileSync(file, `${line}\n`);
      }
    }
  }
}

const ALL = "from = '1900-01-01', to = '2299-01-01'";
const round = (value) => Number(value.toPrecision(12));

testWith(['rsyslog', 'chdb'], 'a host that is cut off, one that is killed and a restart of the central one lose no line, and ClickHouse answers over all', async () => {
  const central = workspace().path('central');
  const collected = path.join(central, 'rows');
  const port = await freePort();
  const text = configuration(1, central, [
    ['/var/lib/obs', collected],
    ['port="2514"', `port="${port}" address="127.0.0.1"`],
  ]);
  const boot = () => startCollector(central, 'central', text);
  let collector = boot();
  const hosts = [];
  try {
    for (let number = 0; number < HOSTS; number += 1) hosts.push(await startHost(number, port, number === 1));
    const [, cut, killed] = hosts;
    await pause(1500);
    // It had no network so far, and its collector is killed with all that it has in memory.
    await stop(cut.collector, 'SIGKILL');
    cut.bootCollector();
    await pause(300);
    cut.link.mend();
    await pause(1500);
    cut.link.cut();
    await pause(700);
    await killed.kill();
    await pause(500);
    const held = compare([cut], collected).missing.length;
    await stop(collector, LONG ? 'SIGKILL' : 'SIGTERM');
    await pause(1000);
    collector = boot();
    await pause(500);
    killed.boot();
    cut.link.mend();
    await pause(1500);
    for (const { recorder } of hosts) await stop(recorder, 'SIGKILL');
    const { records, missing, strange, twice } = await settled(hosts, collected);
    expect({ missing, strange }).toEqual({ missing: [], strange: [] });
    expect(records).toBeGreaterThan(HOSTS * 40);
    // The drill was one: lines waited for the network, and what comes twice is a part.
    expect(held).toBeGreaterThan(0);
    expect(twice.length).toBeLessThan(records / 2);
    if (LONG) console.log(`${records} records of ${HOSTS} hosts, ${twice.length} of them sent again`);

    merge(hosts);
    const found = askClickHouse(collected, {
      cujs: `SELECT * FROM cuj_summary(${ALL})`,
      skills: `SELECT * FROM skill_summary(${ALL})`,
      providers: `SELECT * FROM provider_summary(${ALL})`,
      runs: `SELECT count() AS events FROM progress_events`,
      hosts: 'SELECT host, count() AS n FROM cuj_executions GROUP BY host ORDER BY host',
    });
    const cujs = Object.fromEntries(found.cujs.map((row) => [row.cuj_id, [row.total, row.failed, round(row.avg_duration_ms), row.p95]]));
    const ours = Object.entries(workspace().getAllCujMetrics(null)).map(([name, row]) => [name, [row.total, row.failed, round(row.avg_duration_ms), workspace().getPerformancePercentiles(name, null).p95]]);
    expect(cujs).toEqual(Object.fromEntries(ours));
    const skills = workspace().getSkillTable({ from: null }).rows;
    expect(Object.fromEntries(found.skills.map((row) => [row.skill, [row.invocations, row.failures]]))).toEqual(Object.fromEntries(skills.map((row) => [row.skill, [row.calls, row.failed]])));
    const { anthropic } = workspace().getGlobalHealthMonitor().getAllProviderHealth();
    expect(found.providers.map((row) => [row.provider, row.total_calls, row.failed_calls])).toEqual([['anthropic', anthropic.total_calls, anthropic.failed_calls]]);
    expect(found.runs[0].events).toBe(workspace().getProgressHistory().length);
    expect(found.hosts).toEqual(hosts.map(({ name, folder }) => ({ host: name, n: recordedLines(folder, KINDS.cuj).length })));
  } finally {
    for (const { recorder, collector: own, link } of hosts) {
      await Promise.all([stop(recorder, 'SIGKILL'), stop(own, 'SIGKILL')]);
      link.close();
    }
    await stop(collector, 'SIGKILL');
  }
}, LONG ? 600_000 : 180_000); // prettier-ignore
