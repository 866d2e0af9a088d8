// `obs compact`: no question sees a difference, also with lines that come late and with damaged files.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');

const Ajv = require('ajv');
const { createTestWorkspace } = require('@obs/native/testing');

const { PACKAGE, run } = require('./support/command-line.js');
const { withinOneDay } = require('./support/midnight.js');
const { dayName, invocation, writePacked } = require('./support/packed.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const DAY = 86_400_000;
const LOGS = '.claude/context/logs';
const LONG = process.env.OBS_LONG === '1';
const workspace = useWorkspace();
const posix = process.platform === 'win32' ? test.skip : test;

const obs = (root, ...args) => run([OBS, ...args, '--root', root], {});
const compact = (root, ...args) => obs(root, 'compact', ...args);
const names = (root) => fs.readdirSync(path.join(root, LOGS)).sort();

/** What questions that read day files say; `face` has its clock at `now`. */
function answers(face, now) {
  const clock = jest.spyOn(Date, 'now').mockReturnValue(now);
  const logger = face.getLogger();
  const from = new Date(now - 40 * DAY);
  const found = {
    all: logger.queryLogs({ startDate: from, endDate: new Date(now) }),
    some: logger.queryLogs({
      startDate: new Date(now - 9.5 * DAY),
      endDate: new Date(now - 3.3 * DAY),
      skill: 'deploy',
    }),
    limited: logger.queryLogs({ startDate: from, endDate: new Date(now), limit: 7 }),
    statistics: logger.getStatistics({ startDate: from, endDate: new Date(now) }),
    performance: face.getSkillPerformance({ startDate: from, endDate: new Date(now) }),
    skills: face.getSkillTable({ from: now - 20 * DAY, to: now }),
    agents: face.getAgentTable({ from: null }),
    latest: face.getLatestLogs({ startDate: from, limit: 300 }),
    slowest: face.getSlowestCalls({ from: null, limit: 50 }),
    failures: face.getFailures({ from: null, source: 'skill' }),
    timeline: face.getTimeline({ from: now - 12 * DAY, to: now }),
    runs: face.getRuns({ from, limit: 100 }),
    skipped: face.getStoreHealth().skipped_lines,
  };
  clock.mockRestore();
  return found;
}

/** Lines of the skill files by day, as `writeHistory` would leave them but over some weeks, with damaged ones among them. */
function skillLines(random, now, count) {
  const skills = ['deploy', 'linter', 'a"b\\c', 'naïve ☃ 𝄞', '__proto__', ' '];
  return Array.from({ length: count }, (_, i) => {
    const at = now - Math.floor(((count - 1 - i) / count) * 30 * DAY);
    const text = random.chance(0.3) ? 'x'.repeat(random.below(900)) : String(random.next());
    const line = JSON.stringify(invocation(at, random.pick(skills), { duration_ms: random.below(9000), result: random.pick(['success', 'failure', 'partial']), params: text, error: random.pick([null, 'timeout', 'no ☃']), agent: random.pick([null, 'qa']), run_id: `run ${random.below(9)}` })); // prettier-ignore
    const odd = random.below(60);
    const damaged =
      odd === 0 ? line.slice(0, random.below(line.length)) : odd === 1 ? line + line : odd === 2 ? '' : line;
    return { day: dayName(at), line: damaged };
  });
}

function append(root, lines) {
  fs.mkdirSync(path.join(root, LOGS), { recursive: true });
  for (const { day, line } of lines) fs.appendFileSync(path.join(root, LOGS, day), `${line}\n`);
}

const twins = [];
afterEach(() => twins.splice(0).forEach((twin) => twin.cleanup()));
function makeTwin() {
  twins.push(createTestWorkspace());
  return twins.at(-1);
}

/** The same answers, the paths of the files apart. */
const ofRoot = (found, root) => JSON.parse(JSON.stringify(found).replaceAll(root, ''));

posix('no question sees a difference, not in the same process, not in a new one, and not with lines that come late', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  const now = Date.now();
  const [one, other] = [workspace(), makeTwin()];
  const lines = skillLines(random, now, LONG ? 20_000 : 3000);
  for (const each of [one, other]) append(each.root, lines);
  for (let round = 0; round < 3; round += 1) {
    const before = answers(other, now);
    expect({ seed, round, ...answers(one, now) }).toEqual({ seed, round, ...before });
    const { code, stderr, stdout } = await compact(one.root, '--apply', '--json');
    expect({ seed, code, stderr }).toEqual({ seed, code: 0, stderr: '' });
    if (round === 0) expect(JSON.parse(stdout).files.length).toBeGreaterThan(20);
    expect({ seed, round, ...answers(one, now) }).toEqual({ seed, round, ...before });
    const [fresh, plain] = [one, other].map((each) => { const face = createTestWorkspace(); face.configure({ projectRoot: each.root }); return face; }); // prettier-ignore
    try {
      expect({ seed, ...ofRoot(answers(fresh, now), one.root) }).toEqual({ seed, ...ofRoot(answers(plain, now), other.root) });
    } finally {
      [fresh, plain].forEach((face) => face.cleanup());
    }
    const [metrics, plainly] = await Promise.all([one, other].map(({ root }) => obs(root, 'export', 'prometheus')));
    expect(metrics.stdout).toBe(plainly.stdout);
    // What comes to a closed day afterwards, as from an import: some days get much, so that they are compacted again.
    const late = skillLines(random, now, 200).flatMap((each, i) => Array.from({ length: i % 50 === 0 ? 40 : 1 }, () => each));
    for (const each of [one, other]) append(each.root, late);
  }
  expect(names(one.root).filter((name) => name.endsWith('.gz')).length).toBeGreaterThan(20);
  expect(names(one.root).filter((name) => name.startsWith('.'))).toEqual([]);
}, 240_000); // prettier-ignore

posix('what it makes is gzip that other programs read, a fraction of the size, with mode and time of the file', async () => {
  await withinOneDay();
  const random = createRandom(seedOfTest());
  const now = Date.now();
  append(workspace().root, skillLines(random, now, 3000));
  const file = path.join(workspace().root, LOGS, dayName(now - 10 * DAY));
  fs.chmodSync(file, 0o640);
  const [text, { mtimeMs }] = [fs.readFileSync(file), fs.statSync(file)];
  const before = Object.fromEntries(names(workspace().root).map((name) => [name, fs.readFileSync(path.join(workspace().root, LOGS, name))]));
  const dry = await compact(workspace().root, '--json');
  expect(Object.fromEntries(names(workspace().root).map((name) => [name, fs.readFileSync(path.join(workspace().root, LOGS, name))]))).toEqual(before);
  const { stdout, code } = await compact(workspace().root, '--json', '--apply');
  expect(code).toBe(0);
  const [said, done] = [dry.stdout, stdout].map((each) => JSON.parse(each));
  for (const each of [said, done]) expect(new Ajv().validate(require('../schemas/compact.schema.json'), each)).toBe(true);
  expect(done.files.map(({ file: name, bytes }) => [name, bytes])).toEqual(said.files.map(({ file: name, bytes }) => [name, bytes]));
  expect(fs.existsSync(file)).toBe(false);
  expect(zlib.gunzipSync(fs.readFileSync(`${file}.gz`))).toEqual(text);
  const stat = fs.statSync(`${file}.gz`);
  expect([stat.mode & 0o777, stat.size < text.length / 2]).toEqual([0o640, true]);
  expect(Math.abs(stat.mtimeMs - mtimeMs)).toBeLessThan(2);
  // The last two days are open.
  for (const days of [0, 1]) expect(fs.existsSync(path.join(workspace().root, LOGS, dayName(now - days * DAY)))).toBe(true);
}, 120_000); // prettier-ignore

const { Z_FIXED, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_DEFAULT_STRATEGY } = zlib.constants;
const WAYS = [0, 1, 6, 9].flatMap((level) => [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED].map((strategy) => ({ level, strategy }))); // prettier-ignore

test('whatever a compressor makes of the lines is read: all its ways, members of any size, texts of any kind', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  const at = Date.now() - 5 * DAY;
  const kinds = [
    () => random.next().toString(36),
    () => 'a'.repeat(random.below(3000)),
    () => Array.from({ length: 200 }, () => String.fromCodePoint(32 + random.below(0xd000))).join(''),
    () => 'the same words again and again, '.repeat(random.below(40)),
    () => '',
  ];
  const file = path.join(workspace().root, LOGS, `${dayName(at)}.gz`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const deflates = [...WAYS.map((way) => (bytes) => zlib.deflateRawSync(bytes, way)), (bytes) => zlib.deflateRawSync(bytes, { finishFlush: zlib.constants.Z_FINISH, memLevel: 1, windowBits: 9 })]; // prettier-ignore
  for (const [place, deflate] of deflates.entries()) {
    const long = place === 2;
    const params = Array.from({ length: long ? 4000 : 60 }, () => random.pick(kinds)());
    const text = Buffer.from(params.map((each, i) => `${JSON.stringify(invocation(at + i, 'deploy', { params: each }))}\n`).join(''));
    writePacked(file, text, deflate, 1 + random.below(long ? 100_000 : 30_000));
    expect({ seed, place, same: zlib.gunzipSync(fs.readFileSync(file)).equals(text) }).toEqual({ seed, place, same: true });
    const found = workspace().getLogger().queryLogs({ startDate: new Date(at), endDate: new Date(at + DAY) });
    expect({ seed, place, params: found.map((each) => each.params) }).toEqual({ seed, place, params });
  }
}, 60_000); // prettier-ignore

test('a damaged file is told, and never gives another answer', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  const at = Date.now() - 5 * DAY;
  const file = path.join(workspace().root, LOGS, `${dayName(at)}.gz`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const text = Buffer.from(Array.from({ length: 300 }, (_, i) => `${JSON.stringify(invocation(at + i, 'deploy', { params: String(random.next()) }))}\n`).join(''));
  const ask = () => workspace().getLogger().queryLogs({ startDate: new Date(at), endDate: new Date(at + DAY) }).map(({ params }) => params);
  const counts = { same: 0, told: 0, foreign: 0 };
  for (let round = 0; round < (LONG ? 3000 : 200); round += 1) {
    writePacked(file, text, zlib.deflateRawSync, 20_000);
    const whole = ask();
    expect(whole).toHaveLength(300);
    const bytes = fs.readFileSync(file);
    const kind = random.below(3);
    if (kind === 0) bytes[random.below(bytes.length)] ^= 1 << random.below(8);
    else if (kind === 1) bytes.fill(random.below(256), random.below(bytes.length));
    const length = kind === 2 ? random.below(bytes.length) : bytes.length;
    fs.writeFileSync(file, bytes.subarray(0, length));
    let found;
    try {
      found = ask();
    } catch (error) {
      expect({ seed, round, message: error.message }).toEqual({ seed, round, message: expect.stringMatching(/read .*skill-invocations.*(damaged|replaced)/) });
      counts.told += 1;
      continue;
    }
    // A file whose beginning is not ours counts for nothing; the doctor tells.
    const nothing = found.length === 0;
    counts[nothing ? 'foreign' : 'same'] += 1;
    if (!nothing) expect({ seed, round, found }).toEqual({ seed, round, found: whole });
  }
  expect(counts.told).toBeGreaterThan(50);
}, 240_000); // prettier-ignore

const SECRET = 'sk-ant-api03-aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9dE1fG3hI5jK7lM9nO1pQ3rS5tU7vW9xY1zA3-AbCdEfGh';

posix('redact finds secrets in compacted files and takes them out, and the file stays compacted', async () => {
  const { root } = workspace();
  const at = Date.now() - 6 * DAY;
  const name = dayName(at);
  const lines = Array.from({ length: 200 }, (_, i) => ({ day: name, line: JSON.stringify(invocation(at, 'deploy', { params: i === 77 ? `key ${SECRET}` : 'nothing' })) })); // prettier-ignore
  append(root, lines);
  await compact(root, '--apply');
  const scanned = await obs(root, 'redact', 'scan', '--json');
  expect([scanned.code, JSON.parse(scanned.stdout).files.filter(({ lines: found }) => found > 0).map(({ file, lines: found }) => [path.basename(file), found])]).toEqual([1, [[`${name}.gz`, 1]]]);
  expect(scanned.stdout).not.toContain(SECRET);
  expect((await obs(root, 'redact', 'apply')).code).toBe(0);
  const text = zlib.gunzipSync(fs.readFileSync(path.join(root, LOGS, `${name}.gz`))).toString();
  expect(text).not.toContain(SECRET);
  expect(text.split('\n').filter((_, i) => i !== 77)).toEqual([...lines.map(({ line }) => line), ''].filter((_, i) => i !== 77));
  const found = workspace().getLogger().queryLogs({ startDate: new Date(at), endDate: new Date(at + DAY) });
  expect([found.length, found[77].params]).toEqual([200, expect.stringContaining('REDACTED')]);
  expect((await obs(root, 'redact', 'scan')).code).toBe(0);
}, 60_000); // prettier-ignore

posix('prune drops compacted days, what is old in others, and counts what they take of the disk', async () => {
  const { root } = workspace();
  const now = Date.now();
  const fill = (days, stray) => Array.from({ length: 300 }, (_, i) => ({ day: dayName(now - days * DAY), line: JSON.stringify(invocation(now - (stray && i % 3 === 0 ? 90 : days) * DAY, `skill ${i}`)) })); // prettier-ignore
  append(root, [...fill(40), ...fill(10, true), ...fill(9), ...fill(0)]);
  await compact(root, '--apply');
  const size = (days) => fs.statSync(path.join(root, LOGS, `${dayName(now - days * DAY)}.gz`)).size;
  const sizes = [40, 10, 9].map(size);
  const dry = JSON.parse((await obs(root, 'prune', '--older-than', '30d', '--json')).stdout);
  const { code, stdout, stderr } = await obs(root, 'prune', '--older-than', '30d', '--json', '--apply');
  expect([code, stderr, { ...dry, applied: true }]).toEqual([0, '', JSON.parse(stdout)]);
  expect(JSON.parse(stdout).files.map(({ lines }) => lines)).toEqual([300, 100]);
  expect(JSON.parse(stdout).files[0].bytes).toBe(sizes[0]);
  expect(names(root)).toEqual([10, 9, 0].map((days) => `${dayName(now - days * DAY)}${days > 0 ? '.gz' : ''}`));
  expect(size(10)).toBeLessThan(sizes[1]);
  const all = workspace().getLogger().queryLogs({ startDate: new Date(now - 400 * DAY), endDate: new Date(now + DAY) });
  expect(all).toHaveLength(800);
  // Nothing goes of what fits.
  const total = names(root).reduce((sum, name) => sum + fs.statSync(path.join(root, LOGS, name)).size, 0);
  expect(JSON.parse((await obs(root, 'prune', '--max-bytes', String(total + 100), '--json')).stdout).files).toEqual([]);
  expect(JSON.parse((await obs(root, 'prune', '--max-bytes', String(total - 100), '--json')).stdout).files.map(({ lines }) => lines)).toEqual([200]);
}, 60_000); // prettier-ignore

posix('a file that is not ours is left as it is and told; the doctor counts compacted days', async () => {
  const { root } = workspace();
  const now = Date.now();
  append(root, [6, 7].flatMap((days) => Array.from({ length: 99 }, () => ({ day: dayName(now - days * DAY), line: JSON.stringify(invocation(now - days * DAY, 'deploy')) })))); // prettier-ignore
  const foreign = path.join(root, LOGS, `${dayName(now - 6 * DAY)}.gz`);
  fs.writeFileSync(foreign, zlib.gzipSync('not ours\n'));
  const { code, stdout } = await compact(root, '--apply');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/left as it is: it was not made by obs compact/)]);
  expect(zlib.gunzipSync(fs.readFileSync(foreign)).toString()).toBe('not ours\n');
  expect(names(root)).toEqual([`${dayName(now - 7 * DAY)}.gz`, dayName(now - 6 * DAY), path.basename(foreign)]);
  expect(workspace().getSkillTable({ from: null }).rows[0].calls).toBe(198);
  const doctor = await obs(root, 'doctor');
  expect(doctor.stdout).toMatch(/skill-invocations +3 days/);
  expect(doctor.stdout).toMatch(/jsonl\.gz +was not made by obs compact/);
  fs.rmSync(foreign);
  expect((await compact(root, '--apply')).code).toBe(0);
  expect(workspace().getSkillTable({ from: null }).rows[0].calls).toBe(198);
}, 60_000); // prettier-ignore

posix('a link is left as it is, and a data folder is known by a compacted day alone', async () => {
  const { root } = workspace();
  const day = Date.now() - 6 * DAY;
  append(root, Array.from({ length: 99 }, () => ({ day: dayName(day), line: JSON.stringify(invocation(day, 'deploy')) }))); // prettier-ignore
  const elsewhere = path.join(root, 'elsewhere.jsonl');
  fs.renameSync(path.join(root, LOGS, dayName(day)), elsewhere);
  fs.symlinkSync(elsewhere, path.join(root, LOGS, dayName(day)));
  expect(await compact(root, '--apply')).toMatchObject({ code: 0, stdout: 'Nothing to compact.\n' });
  expect(workspace().getSkillTable({ from: null }).rows[0].calls).toBe(99);
  fs.rmSync(path.join(root, LOGS, dayName(day)));
  fs.renameSync(elsewhere, path.join(root, LOGS, dayName(day)));
  await compact(root, '--apply');
  expect(names(root)).toEqual([`${dayName(day)}.gz`]);
  const newer = makeTwin();
  fs.mkdirSync(path.join(newer.root, '.claude/context'), { recursive: true });
  fs.renameSync(path.join(root, '.claude/context'), path.join(newer.root, '.claude/context/runtime'));
  const { stdout } = await obs(newer.root, 'skills', '--since', '30d', '--json');
  expect(JSON.parse(stdout).rows.map(({ skill, calls }) => [skill, calls])).toEqual([['deploy', 99]]);
}, 60_000); // prettier-ignore

posix.each([
  [['--older-than', '1h'], {}, 2, /--older-than must be at least 1d/],
  [['--apply'], { OBS_DISABLED: '1' }, 1, /nothing is written while OBS_DISABLED is set; unset it to compact/],
])('compact %p with %p is refused', async (args, env, expected, said) => {
  const { code, stderr } = await run([OBS, 'compact', ...args, '--root', workspace().root], { env });
  expect([code, stderr]).toEqual([expected, expect.stringMatching(said)]);
});
