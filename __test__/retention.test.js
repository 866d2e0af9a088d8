// Automatic retention: what its file may say, one runner of all processes, killed at each call, and what people are told.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const Ajv = require('ajv');

const { createTestWorkspace } = require('@obs/native/testing');

const { isDue } = require('../command/retention/log.js');
const { loadRetention } = require('../command/retention/config.js');
const { swap } = require('../command/prune/swap.js');
const { PACKAGE, run, until } = require('./support/command-line.js');
const { callsOf, eachMoment, killAt, momentsOf } = require('./support/kill-each.js');
const { withinOneDay } = require('./support/midnight.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const DAY = 86_400_000;
const HOUR = 3_600_000;
const LONG = process.env.OBS_LONG === '1';
const CONFIG = '.claude/context/config/retention.json';
const CUJS = '.claude/context/analytics/cuj-metrics.jsonl';
const LOG = '.claude/context/analytics/retention.jsonl';
const LOGS = '.claude/context/logs';
const workspace = useWorkspace();
const posix = process.platform === 'win32' ? test.skip : test;

const obs = (root, ...args) => run([OBS, ...args, '--root', root], {});
const retention = (...args) => obs(workspace().root, 'retention', ...args);
/** Of one clock, however long the tests take. */
const NOW = Date.now();
const at = (days) => new Date(NOW - days * DAY).toISOString();
const execution = (days, id) => ({
  timestamp: at(days),
  cuj_id: id,
  success: true,
  duration_ms: 1,
  error: null,
  metadata: {},
});
const invocation = (days, skill) => ({
  timestamp: at(days),
  skill,
  params: '{}',
  result: 'success',
  duration_ms: 5,
  error: null,
});
const dayFile = (days) => `${LOGS}/skill-invocations-${at(days).slice(0, 10)}.jsonl`;
const many = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const wants = (value) => writeLines(workspace(), CONFIG, [typeof value === 'string' ? value : JSON.stringify(value)]);

/** Old records and new ones in a file for all days, and in files of days; what has to stay. */
function fill(root) {
  const put = (name, lines) => {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    fs.writeFileSync(path.join(root, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  };
  put(CUJS, [execution(40, 'old'), execution(5, 'kept 1'), execution(0, 'kept 2')]);
  put(
    dayFile(40),
    many(50, () => invocation(40, 'old')),
  );
  put(
    dayFile(6),
    many(50, () => invocation(6, 'packed')),
  );
  put(
    dayFile(0),
    many(50, () => invocation(0, 'open')),
  );
  put(CONFIG, [{ older_than: '30d', compact_after: '2d' }]);
}

/** Names and counts of all that is on record, as somebody reads it who comes anew. */
function recorded(root) {
  const face = createTestWorkspace();
  try {
    face.configure({ projectRoot: root });
    const cujs = face.getCujTable({ from: null }).rows.map(({ cuj_id: name, total }) => [name, total]);
    const skills = face.getSkillTable({ from: null }).rows.map(({ skill, calls }) => [skill, calls]);
    return [...cujs.sort(), ...skills.sort()];
  } finally {
    face.cleanup();
  }
}

const KEPT = [['kept 1', 1], ['kept 2', 1], ['open', 50], ['packed', 50]]; // prettier-ignore

posix('the first process of a day does what the file says, and nobody else does', async () => {
  await withinOneDay();
  const { root } = workspace();
  fill(root);
  const runs = await Promise.all(many(6, () => retention('run', '--json')));
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(many(6, () => [0, '']));
  const answers = runs.map(({ stdout }) => JSON.parse(stdout));
  const schema = new Ajv().addSchema(require('../schemas/retention-run.schema.json'));
  for (const answer of answers) expect(schema.validate(require('../schemas/retention-run.schema.json').$id, answer)).toBe(true);
  const [done, ...others] = answers.filter(({ ran }) => ran);
  expect(others).toEqual([]);
  expect(done.run).toMatchObject({ dropped_records: 51, errors: [] });
  expect(done.run.compacted_bytes).toBeGreaterThan(4096);
  expect(workspace().lines(LOG)).toEqual([done.run]);
  expect(recorded(root)).toEqual(KEPT);
  expect(fs.readdirSync(path.join(root, LOGS)).sort()).toEqual([path.basename(`${dayFile(6)}.gz`), path.basename(dayFile(0))]);
  const shown = JSON.parse((await retention('show', '--json')).stdout);
  expect(schema.validate(require('../schemas/retention-show.schema.json'), shown)).toBe(true);
  expect(shown).toEqual({ schema: 1, configured: true, due: false, runs: [done.run] });
  expect((await retention('show')).stdout).toMatch(/^drops what is older than 30d, compacts days 2d after their end; done for today\n.*51 records dropped before \d{4}-/);
  const doctor = (await obs(root, 'doctor')).stdout;
  expect(doctor).toMatch(/retention\.json +drops what is older than 30d, compacts/);
  expect(doctor).toMatch(/last run +\d+ \w+ ago: 51 records dropped/);
}, 150_000); // prettier-ignore

test('without a file nothing goes; a wrong one stops everything and is told with its place', async () => {
  writeLines(workspace(), CUJS, [execution(4000, 'old')]);
  expect(await retention('run')).toMatchObject({ code: 0, stdout: 'Nothing is due.\n', stderr: '' });
  wants({ older_than: '7' });
  const { code, stderr } = await retention('run');
  expect([code, stderr]).toEqual([1, expect.stringMatching(/retention\.json: older_than must be a span of a day or more, such as "90d", got "7"\n$/)]);
  expect((await obs(workspace().root, 'doctor')).stdout).toMatch(/retention\.json: older_than must be/);
  expect(workspace().lines(CUJS)).toHaveLength(1);
}, 150_000); // prettier-ignore

test('the file may say what its schema says', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  const validate = new Ajv().compile(require('../schemas/retention.schema.json'));
  const spans = ['1d', '90d', '2w', '24h', '1d12h', '7', 7, '', null, '-1d', 'd', ' 1d', true];
  const sizes = [1, 1e9, 0, -1, 1.5, '5', null];
  const counts = { good: 0, bad: 0 };
  for (let round = 0; round < 500; round += 1) {
    const value = {
      ...(random.chance(0.5) && { older_than: random.pick(random.chance(0.7) ? spans.slice(0, 5) : spans) }),
      ...(random.chance(0.5) && { max_bytes: random.pick(random.chance(0.7) ? sizes.slice(0, 2) : sizes) }),
      ...(random.chance(0.5) && { compact_after: random.pick(random.chance(0.7) ? spans.slice(0, 5) : spans) }),
      ...(random.chance(0.1) && { [random.pick(['$schema', '//', 'older', '__proto_'])]: 'x' }),
    };
    wants(random.chance(0.95) ? value : random.pick([[], null, 5]));
    const stands = JSON.parse(fs.readFileSync(workspace().path(CONFIG), 'utf8'));
    let good = true;
    try {
      loadRetention(workspace().root);
    } catch (error) {
      good = false;
      expect([error.name, error.code]).toEqual(['TypeError', 'OBS_BAD_RETENTION']);
    }
    expect({ seed, stands, good }).toEqual({ seed, stands, good: validate(stands) });
    counts[good ? 'good' : 'bad'] += 1;
  }
  expect(Math.min(counts.good, counts.bad)).toBeGreaterThan(50);
  wants('{"older_than": "90d",}');
  expect(() => loadRetention(workspace().root)).toThrow(/retention\.json: line 1, column 22: this is not JSON/);
  wants({ older_than: '12h' });
  expect(() => loadRetention(workspace().root)).toThrow(/a span of a day or more/);
});

test('a run is due once in each UTC day, after a fault an hour later, and whenever the clock was wrong', () => {
  const noon = Math.floor(Date.now() / DAY) * DAY + 12 * HOUR;
  const last = (ms, errors = []) => ({ timestamp: new Date(noon + ms).toISOString(), errors });
  const fault = [{ file: 'a', error: 'b' }];
  const due = (each) => isDue(each, noon);
  expect([undefined, last(-13 * HOUR), last(1), last(5 * DAY), last(-2 * HOUR, fault)].map(due)).toEqual([true, true, true, true, true]);
  expect([last(0), last(-11 * HOUR), last(-HOUR / 2, fault)].map(due)).toEqual([false, false, false]);
}); // prettier-ignore

posix('a file that could not be replaced is told, and the other files are done', async () => {
  await withinOneDay();
  const { root } = workspace();
  fill(root);
  fs.chmodSync(path.join(root, path.dirname(CUJS)), 0o700);
  // A folder stands where the compacted file would come.
  fs.mkdirSync(path.join(root, `${dayFile(6)}.gz`, 'in the way'), { recursive: true });
  const { code, stdout } = await retention('run');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/51 records dropped[^]*left as it is/)]);
  const [noted] = workspace().lines(LOG);
  expect(noted.errors.length).toBeGreaterThan(0);
  expect((await obs(root, 'doctor')).stdout).toMatch(/last run .*was left as it is/);
  expect(await retention('run')).toMatchObject({ code: 0, stdout: 'Nothing is due.\n' });
}, 150_000); // prettier-ignore

test('on Windows a file for all days says that only whole day files go', async () => {
  writeLines(workspace(), CUJS, [execution(40, 'old'), execution(0, 'new')]);
  const file = workspace().path(CUJS);
  const { dev, ino, size } = fs.statSync(file, { bigint: true });
  const [real, before] = [Object.getOwnPropertyDescriptor(process, 'platform'), fs.readFileSync(file)];
  Object.defineProperty(process, 'platform', { ...real, value: 'win32' });
  try {
    const surveyed = { file, size: Number(size), seen: { dev, ino } };
    await expect(swap(workspace().core(), surveyed, (_fd, keep) => keep(Buffer.from('kept\n')))).rejects.toThrow(/only whole day files go there/);
  } finally {
    Object.defineProperty(process, 'platform', real);
  }
  expect(fs.readFileSync(file)).toEqual(before);
  expect(fs.readdirSync(path.dirname(file))).toEqual(['cuj-metrics.jsonl']);
}); // prettier-ignore

test('timers call it, and so does the hook of Claude Code when a session ends, where it is wanted', async () => {
  const { root } = workspace();
  fs.mkdirSync(path.join(root, '.claude'), { recursive: true });
  const units = (await obs(root, 'schedule', 'print', '--systemd')).stdout;
  expect(units).toMatch(/ExecStart=.*"retention" "run" "--root"/);
  writeLines(workspace(), CUJS, [execution(40, 'old'), execution(0, 'new')]);
  const hook = (name) => require('../claude/hook.js').handle(Buffer.from(JSON.stringify({ hook_event_name: name, session_id: 's', cwd: root })), { PATH: process.env.PATH });
  hook('SessionEnd');
  wants({ older_than: '30d' });
  hook('Stop');
  expect(fs.existsSync(workspace().path(LOG))).toBe(false);
  hook('SessionEnd');
  await until(() => fs.existsSync(workspace().path(LOG)), 'the run after the session', 60_000);
  expect(workspace().lines(CUJS).length).toBe(process.platform === 'win32' ? 2 : 1);
}, 150_000); // prettier-ignore

/** What of each file's way has to be among the calls, the last ones those of the log of runs. */
const STEPS = [
  /^renameSync .*skill-invocations-[\d-]+\.jsonl$/,
  /^exchange .*cuj-metrics\.jsonl$/,
  /^renameSync .*\.jsonl\.gz\.\d+\.compacting$/,
  /^unlinkSync .*\.jsonl\.\d+\.\d+\.old$/,
  /^openSync .*retention\.jsonl$/,
];

posix('killed at any call it loses nothing that stays, and the next run ends its work', async () => {
  const seed = seedOfTest();
  const words = (root) => [OBS, 'retention', 'run', '--root', root];
  const listed = workspace().path('listed');
  fill(listed);
  const calls = await callsOf(words(listed));
  for (const step of STEPS) expect(calls).toContainEqual(expect.stringMatching(step));
  // The line of the run is written in one call, right after its file is opened.
  const log = calls.findIndex((call) => STEPS.at(-1).test(call));
  expect(calls[log + 1]).toMatch(/^writeFileSync \d+$/);
  const isLog = (_, place) => place === log || place === log + 1;
  const moments = momentsOf(calls, { long: LONG, random: createRandom(seed), always: isLog });
  expect(moments).toEqual(expect.arrayContaining(['before', 'after'].flatMap((when) => [[log + 1, when], [log + 2, when]])));
  await eachMoment(moments, async (moment) => {
    const root = workspace().path(moment.join(' '));
    fill(root);
    await killAt(moment, words(root));
    const kept = recorded(root).filter(([name]) => name !== 'old');
    expect([seed, moment, kept]).toEqual([seed, moment, KEPT]);
    const { code, stderr } = await obs(root, 'retention', 'run');
    expect([seed, moment, code, stderr]).toEqual([seed, moment, 0, '']);
    expect([seed, moment, recorded(root)]).toEqual([seed, moment, KEPT]);
    // Once on each day, if midnight came in between.
    const days = fs.readFileSync(path.join(root, LOG), 'utf8').trim().split('\n').map((line) => JSON.parse(line).timestamp.slice(0, 10));
    expect(days).toEqual([...new Set(days)]);
  });
  expect(moments.length).toBeGreaterThan(12);
  if (LONG) console.log(`${moments.length} kills at ${calls.length} calls`);
}, 900_000); // prettier-ignore
