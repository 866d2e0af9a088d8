// The command `obs import claude`: its words, its JSON, what it refuses, and that it may be ended at any point.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const Ajv = require('ajv');
const { barOf, createProgress } = require('../command/claude/progress.js');
const { PACKAGE, makeFolder, removeFolder, run, start, writeFiles } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { expectedOf } = require('./support/transcript-oracle.js');
const { makeSession, writeSessions } = require('./support/transcripts.js');

const SEED = seedOfTest();
const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const schema = require('../schemas/import-claude.schema.json');

let root;
let random;
beforeEach(() => {
  root = makeFolder();
  random = createRandom(SEED);
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

const options = () => ({ cwd: root, env: { CLAUDE_CONFIG_DIR: path.join(root, 'home') } });
const obs = (...args) => run([OBS, 'import', 'claude', ...args], options());

/** Sessions of this workspace. */
function putSessions(count) {
  const slug = root.replace(/[^a-zA-Z0-9]/g, '-');
  const sessions = Array.from({ length: count }, (_, number) => makeSession(random, number));
  for (const files of sessions) writeSessions(path.join(root, 'home', 'projects', slug), files);
  return sessions;
}

test('the sessions of this workspace are imported, and the words say what was found', async () => {
  putSessions(12);
  const [slug] = fs.readdirSync(path.join(root, 'home', 'projects'));
  const [name] = fs.readdirSync(path.join(root, 'home', 'projects', slug)).filter((each) => each.endsWith('.jsonl'));
  fs.appendFileSync(path.join(root, 'home', 'projects', slug, name), '{"type":"brand-new-type"}\n');
  const dry = await obs('--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toMatch(/^12 sessions in \d+ files, 0 of them without news\.\n.*\d+ {2}skill invocations/);
  expect(dry.stdout).toMatch(/Would import [\d,]+ records of 2026-07-\d\d to 2026-07-\d\d; 0 on record already\./);
  const real = await obs();
  expect(real.stdout.replace('Imported', 'Would import')).toBe(dry.stdout);
  expect(real.stdout).toMatch(/Types of lines that are not known here, passed over: brand-new-type \d+\./);
  expect(await obs()).toMatchObject({ code: 0, stdout: expect.stringMatching(/^12 sessions in \d+ files, 12 of them without news\.\n$/) }); // prettier-ignore
});

test('the bare command offers what could be imported, while nothing is on record', async () => {
  const bare = () => run([OBS], options());
  const help = await bare();
  putSessions(3);
  const offered = await bare();
  expect(offered.stdout.startsWith(help.stdout)).toBe(true);
  expect(offered.stdout.slice(help.stdout.length)).toMatch(
    /transcripts of\n3 sessions of \d+ days\..*\n {2}npx @obs\/native import claude\n$/,
  );
  await obs();
  expect((await bare()).stdout).toMatch(/^=+\nMETRICS DASHBOARD\n/);
});

test('--json prints what the schema says', async () => {
  putSessions(3);
  const { code, stdout } = await obs('--json', '--since', '52w');
  const fits = new Ajv({ strictTypes: false }).compile(schema);
  expect([code, fits(JSON.parse(stdout)), fits.errors]).toEqual([0, true, null]);
});

test('without transcripts it says where it looked and what else there is', async () => {
  expect(await obs()).toMatchObject({ code: 0, stdout: `No transcripts of Claude Code of ${root}. --from DIR names a folder, --all-projects takes every project.\n` }); // prettier-ignore
});

test.each([
  [1, ['--from', 'nowhere'], /obs: could not read .*nowhere: it is no folder/],
  [2, ['--from', '.', '--all-projects'], /obs: --from names a folder and --all-projects takes them all/],
  [2, ['--since', 'soon'], /--since must be a time span/],
  [1, ['--cuj', '('], /cuj is no regular expression/],
])('exit code %i for %j, with one line', async (wanted, args, complaint) => {
  putSessions(1);
  const { code, stdout, stderr } = await obs(...args);
  expect([code, stdout, stderr.split('\n').length]).toEqual([wanted, '', 2]);
  expect(stderr).toMatch(complaint);
});

test('names of hostile types drive no terminal', async () => {
  writeFiles(root, { 'from/s.jsonl': '{"type":"\\u001b[31mred"}\n' });
  expect((await obs('--from', 'from')).stdout).toContain('\\u001b[31mred 1');
});

test(`killed at any point and begun again, every event is recorded once (seed ${SEED})`, async () => {
  const sessions = putSessions(60);
  for (let kills = 0; kills < 8; kills += 1) {
    const running = start([OBS, 'import', 'claude'], options());
    await new Promise((resolve) => setTimeout(resolve, 20 + random.below(150)));
    running.child.kill('SIGKILL');
    await running.done;
    if (random.chance(0.3)) fs.rmSync(path.join(root, '.claude/context/.obs'), { recursive: true, force: true });
  }
  expect((await obs()).code).toBe(0);
  const wanted = sessions.map(expectedOf).flatMap(({ skills, cujs, calls }) => [...skills, ...cujs, ...calls]);
  const files = fs.readdirSync(path.join(root, '.claude/context'), { recursive: true }).filter((name) => name.endsWith('.jsonl')); // prettier-ignore
  const found = files.flatMap((name) => fs.readFileSync(path.join(root, '.claude/context', name), 'utf8').split('\n').filter(Boolean)); // prettier-ignore
  const ids = (records) => records.map(({ metadata: { id } }) => id).sort();
  expect(ids(found.map((text) => JSON.parse(text)))).toEqual(ids(wanted));
});

describe('the bar', () => {
  test('says percent, speed and what is left', () => {
    expect(barOf(50e6, 200e6, 1000)).toBe(`######${' '.repeat(18)} 25 %, 50 MB/s, 3 s left`);
    expect(barOf(0, 0, 0)).toBe(`${'#'.repeat(24)} 100 %, 0 MB/s, 0 s left`);
  });

  test('is drawn on a terminal only, ten times a second, and leaves nothing behind', () => {
    const written = [];
    const stream = { isTTY: true, write: (text) => written.push(text) };
    let time = 0;
    const progress = createProgress(stream, () => time);
    for (time = 0; time < 250; time += 10) progress.show({ bytes: time, of_bytes: 250 });
    progress.end();
    expect([written.length, written.at(-1)]).toEqual([4, '\r\x1b[K']);
    createProgress({ ...stream, isTTY: false }).show({ bytes: 1, of_bytes: 2 });
    expect(written).toHaveLength(4);
  });
});
