// What getObjectives() counts, against a recount of the lines themselves: CUJs, skills, agents and providers, odd records among them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { createTestWorkspace } = require('../lib/testing.js');
const { createRandom, seedOfTest } = require('./support/random.js');

const SEED = seedOfTest();
const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let workspace;
beforeEach(() => {
  workspace = createTestWorkspace();
  jest.spyOn(Date, 'now').mockReturnValue(NOW);
});
afterEach(() => {
  jest.restoreAllMocks();
  workspace.cleanup();
});

const SUBJECTS = ['a', 'b-1', 'b-2', '__proto__', 'ünï'];
const OBJECTIVES = [
  { name: 'a', goal: 'success', value: 0.9, over: '7d', days: 7 },
  { name: 'b-*', goal: 'p90_ms', value: 50, over: '2d', days: 2 },
  { name: '*', goal: 'success', value: 0.8, over: '1d', days: 1 },
];

/** A record as each stream writes it, with a time that may be odd. */
function lineOf(random, kind) {
  const at = random.pick([() => NOW - random.below(9 * DAY), () => NOW + random.below(DAY), () => NOW]);
  const time = random.chance(0.03) ? 'no time' : new Date(at()).toISOString();
  const [subject, duration] = [random.pick(SUBJECTS), random.pick([10, 49, 50, 51, 1e9, null, 'long', 0.5])];
  const success = random.pick([true, true, true, false, 1, 0, '']);
  if (kind === 'cuj') return { timestamp: time, cuj_id: subject, success, duration_ms: duration };
  if (kind === 'provider') return { timestamp: Date.parse(time) || time, provider: subject, success, latency_ms: duration };
  const result = random.pick(['success', 'success', 'failure', 'unknown', null]);
  return { timestamp: time, [kind]: subject, ...(kind === 'agent' && { skill: 'x' }), result, duration_ms: duration };
} // prettier-ignore

const FILES = {
  cuj: () => 'analytics/cuj-metrics.jsonl',
  provider: () => 'analytics/provider-health.jsonl',
  skill: (line) => `logs/skill-invocations-${dayOf(line)}.jsonl`,
  agent: (line) => `logs/skill-invocations-${dayOf(line)}.jsonl`,
};
const dayOf = ({ timestamp }) => (timestamp === 'no time' ? '2026-11-19' : timestamp.slice(0, 10));

function write(kind, lines) {
  for (const line of lines) {
    const file = workspace.path('.claude/context', FILES[kind](line));
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, `${JSON.stringify(line)}\n`);
  }
}

/** `true` for a bad run, `null` for one that says nothing. */
function isBad(kind, line, { goal, value }) {
  const duration = kind === 'provider' ? line.latency_ms : line.duration_ms;
  if (goal !== 'success') return Number.isFinite(duration) ? duration > value : null;
  if (kind === 'cuj' || kind === 'provider') return !line.success;
  return { success: false, failure: true }[line.result] ?? null;
}

/** What an objective's windows hold of a subject, counted from the lines. */
function recount(kind, lines, objective, subject) {
  const nameOf = (line) => line[kind === 'cuj' ? 'cuj_id' : kind];
  const runs = lines
    .filter((line) => nameOf(line) === subject && line.timestamp !== 'no time')
    .map((line) => ({ at: new Date(line.timestamp).getTime(), bad: isBad(kind, line, objective) }))
    .filter(({ at, bad }) => bad !== null && at <= NOW && NOW - at <= objective.days * DAY);
  const within = (span) => runs.filter(({ at }) => NOW - at <= span);
  const counts = (list) => ({ total: list.length, failed: list.filter(({ bad }) => bad).length });
  const [long, all] = [within((objective.days * DAY) / 28), runs];
  return { runs: counts(all), long: counts(long), last: Math.max(-Infinity, ...all.map(({ at }) => at)) };
}

test.each(Object.keys(FILES))(`of a %s every window holds what its lines say (seed ${SEED}; OBS_TEST_SEED repeats one)`, (kind) => {
  const random = createRandom(SEED);
  const lines = Array.from({ length: 3000 }, () => lineOf(random, kind));
  write(kind, lines);
  const objectives = OBJECTIVES.map(({ name, goal, value, over }) => ({ [kind]: name, [goal]: value, over }));
  const file = workspace.path('.claude/context/config/objectives.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ objectives }));
  const found = workspace.getObjectives();
  // `*` has all subjects that the objectives for the same goal before it have not.
  expect(found.map(({ subject }) => subject).sort()).toEqual(['a', 'b-1', 'b-1', 'b-2', 'b-2', '__proto__', 'ünï'].sort());
  for (const { subject, goal, over, runs, last_run: last, tiers } of found) {
    const objective = OBJECTIVES.find((each) => each.goal === goal && each.over === over);
    const expected = recount(kind, lines, objective, subject);
    expect({ subject, goal, runs, long: tiers[0].long, last: last && Date.parse(last) }).toEqual({ subject, goal, ...expected });
  }
}); // prettier-ignore

test('a replay of a single moment says what a check says at it', () => {
  const random = createRandom(SEED);
  write(
    'cuj',
    Array.from({ length: 2000 }, () => lineOf(random, 'cuj')),
  );
  const asked = JSON.stringify({ kind: 'cuj', name: '*', share: 0.8, period_ms: 7 * DAY });
  for (let round = 0; round < 20; round += 1) {
    const at = NOW - random.below(3 * DAY);
    const said = workspace.core().ask('judgeObjective', asked, at);
    const replayed = workspace.core().ask('replayObjective', asked, at, at);
    const fires = (answers, tiers) => answers.map(({ subject }, i) => [subject, tiers(answers[i])]);
    const now = fires(said, (one) => one.tiers.map(({ verdict }) => verdict === 'burning'));
    expect(fires(replayed, (one) => one.tiers.map(({ fired }) => fired === 1))).toEqual(now);
  }
});
