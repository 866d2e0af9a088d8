// The import of transcripts against a naive oracle: random sessions, written at once or growing line by line.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createFace } = require('../lib/face.js');
const { makeFolder, removeFolder } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { expectedOf } = require('./support/transcript-oracle.js');
const { LOUD, forkOf, makeSession, textOf, writeSessions } = require('./support/transcripts.js');

const SEED = seedOfTest();
const SESSIONS = 150;
const TIMES = process.env.OBS_LONG === '1' ? 67 : 1; // 10,000 sessions
const LATER = Date.UTC(2027, 0, 1);

let root;
let now = LATER;
beforeEach(() => {
  now = LATER;
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});
afterEach(() => {
  jest.restoreAllMocks();
  removeFolder(root);
});

const from = () => path.join(root, 'transcripts');
const importAll = (options = {}) => createFace({ projectRoot: root, env: {} }).importClaudeTranscripts({ from: from(), ...options }); // prettier-ignore
const byId = (a, b) => (a.metadata.id < b.metadata.id ? -1 : 1);

const sorted = (_, value) => (Object.prototype.toString.call(value) === '[object Object]' ? Object.fromEntries(Object.entries(value).sort()) : value); // prettier-ignore
const keyed = (record) => JSON.stringify(record, sorted);

/** The records of one list that the other does not have. */
function without(list, other) {
  const known = new Set(other.map(keyed));
  return list.filter((record) => !known.has(keyed(record)));
}

/** Only what differs, so that a failure can be read. */
function expectRecords(found, wanted) {
  for (const key of Object.keys(wanted)) {
    const missing = without(wanted[key], found[key]);
    expect(without(found[key], wanted[key]).slice(0, 3)).toEqual(missing.slice(0, 3));
    expect([missing.length, found[key].length]).toEqual([0, wanted[key].length]);
  }
}

function linesOf(file) {
  if (!fs.existsSync(file)) return [];
  return fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)); // prettier-ignore
}

/** What is on record; each skill invocation in the file of its own day. */
function recorded() {
  const context = path.join(root, '.claude/context');
  const logs = path.join(context, 'logs');
  const days = fs.existsSync(logs) ? fs.readdirSync(logs) : [];
  const skills = days.flatMap((name) => {
    const all = linesOf(path.join(logs, name));
    expect(all.filter(({ timestamp }) => !name.includes(timestamp.slice(0, 10)))).toEqual([]);
    return all.map(({ type, params, cache_hit, cuj_id, ...rest }) => {
      expect([type, params, cache_hit, cuj_id]).toEqual(['skill_invocation', '{}', false, null]);
      return rest;
    });
  });
  const cujs = linesOf(path.join(context, 'analytics/cuj-metrics.jsonl'));
  const calls = linesOf(path.join(context, 'analytics/provider-health.jsonl'));
  return { skills: skills.sort(byId), cujs: cujs.sort(byId), calls: calls.sort(byId) };
}

function expected(sessions) {
  const all = sessions.map(expectedOf);
  const joined = (key) => all.flatMap((each) => each[key]).sort(byId);
  return { skills: joined('skills'), cujs: joined('cujs'), calls: joined('calls') };
}

/** Tokens by model, and the sum of the costs that are known, of records of calls. */
function usageOf(calls) {
  const usage = {};
  for (const { success, metadata } of calls) {
    if (!success) continue;
    const { model = 'unknown', cost_usd: cost } = metadata;
    usage[model] ??= { responses: 0, input_tokens: 0, output_tokens: 0, cache_write_tokens: 0, cache_read_tokens: 0, cost_usd: 0, unpriced: 0 }; // prettier-ignore
    const sum = usage[model];
    sum.responses += 1;
    for (const name of Object.keys(sum).filter((each) => each.endsWith('_tokens'))) sum[name] += metadata[name];
    if (cost === undefined) sum.unpriced += 1;
    else sum.cost_usd += Math.round(cost * 1e9);
  }
  for (const sum of Object.values(usage)) sum.cost_usd = sum.unpriced === sum.responses ? null : sum.cost_usd / 1e9;
  return usage;
}

/** How often the one member that nobody knows stands in lines of which something is read out. */
function unknownOf(sessions) {
  const counts = {};
  for (const line of sessions.flat().flatMap(({ lines = [] }) => lines)) {
    if (!('future' in line) || !['assistant', 'system', 'user'].includes(line.type)) continue;
    counts[`${line.type}.future`] = (counts[`${line.type}.future`] ?? 0) + 1;
  }
  return counts;
}

const seeds = Array.from({ length: TIMES }, (_, at) => SEED + at);

test.each(seeds)(
  'random sessions are recorded as the oracle says, and a second import records nothing (seed %i)',
  (seed) => {
    const random = createRandom(seed);
    const sessions = Array.from({ length: SESSIONS }, (_, number) => makeSession(random, number));
    for (const files of sessions) writeSessions(from(), files);
    const wanted = expected(sessions);
    const first = importAll();
    expectRecords(recorded(), wanted);
    const counts = { skills: wanted.skills.length, cujs: wanted.cujs.length, provider_calls: wanted.calls.length };
    expect(first.skills + first.subagents).toBe(counts.skills);
    expect(first).toMatchObject({ cujs: counts.cujs, provider_calls: counts.provider_calls, damaged: 0, waiting: 0 });
    expect(first.usage).toEqual(usageOf(wanted.calls));
    expect(first.unknown_fields).toEqual(unknownOf(sessions));
    const again = importAll();
    expect(again).toMatchObject({ unchanged: SESSIONS, lines: 0, imported: 0 });
    fs.rmSync(path.join(root, '.claude/context/.obs'), { recursive: true });
    expect(importAll()).toMatchObject({ imported: 0, already_there: first.imported });
    expectRecords(recorded(), wanted);
  },
);

test(`no prompt, answer or argument is read out (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  for (let number = 0; number < 40; number += 1) writeSessions(from(), makeSession(random, number));
  const report = importAll();
  const context = path.join(root, '.claude/context');
  const names = fs.readdirSync(context, { recursive: true }).map((name) => path.join(context, name));
  const bytes = names.filter((file) => fs.statSync(file).isFile()).map((file) => fs.readFileSync(file, 'latin1'));
  const all = `${bytes.join('\n')}${JSON.stringify(report)}`;
  expect([...LOUD, 'hunter2'].filter((word) => all.includes(word))).toEqual([]);
});

/** The lines of a session in the order of time, as they come into its files. */
function inOrder(files) {
  const lines = files
    .filter(({ meta }) => !meta)
    .flatMap(({ name, lines: own }) => own.map((line) => ({ name, line })));
  return lines.sort((a, b) => Date.parse(a.line.timestamp) - Date.parse(b.line.timestamp));
}

test(`a session that is imported while it grows is recorded as if it had been there at once (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const sessions = Array.from({ length: 20 }, (_, number) => makeSession(random, number));
  const wanted = expected(sessions);
  for (const files of sessions) {
    writeSessions(from(), files.filter(({ meta }) => meta)); // prettier-ignore
    let torn = null;
    for (const { name, line } of inOrder(files)) {
      const file = path.join(from(), name);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      if (torn !== null) fs.appendFileSync(torn.file, torn.rest);
      const bytes = Buffer.from(textOf([line]));
      const cut = random.chance(0.3) ? random.below(bytes.length) : bytes.length;
      fs.appendFileSync(file, bytes.subarray(0, cut));
      torn = { file, rest: bytes.subarray(cut) };
      now = Date.parse(line.timestamp) + 1000;
      if (random.chance(0.15)) expect(importAll().damaged).toBe(0);
    }
    if (torn !== null) fs.appendFileSync(torn.file, torn.rest);
  }
  const early = recorded();
  const wrong = Object.keys(wanted).flatMap((key) => without(early[key], wanted[key]));
  expect(wrong.slice(0, 3)).toEqual([]);
  now = LATER;
  importAll();
  expectRecords(recorded(), wanted);
});

test(`copies of sessions, resumed or forked, count once, and as the first of them says (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const sessions = Array.from({ length: 30 }, (_, number) => makeSession(random, number));
  const forks = sessions.map((files, number) => forkOf(random, files, number));
  for (const files of [...sessions, ...forks]) writeSessions(from(), files);
  importAll();
  const wanted = expected(sessions);
  const copies = expected(forks);
  for (const key of Object.keys(wanted)) {
    const ids = new Set(wanted[key].map(({ metadata }) => metadata.id));
    wanted[key].push(...copies[key].filter(({ metadata }) => !ids.has(metadata.id)));
    wanted[key].sort(byId);
  }
  expectRecords(recorded(), wanted);
});
