// What an export reads of data files that are appended to, rotated, cut and rewritten, by an exporter that is started anew at any
// moment: every record once, and none again that was acknowledged.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Source } = require('../export/otlp/source.js');
const { unsentBytes } = require('../export/otlp/unsent.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const ROUNDS = process.env.OBS_LONG === '1' ? 300 : 25;
const STEPS = 60;
const STREAMS = ['executions', 'providers', 'progress', 'skills'];
const DAY = 86_400_000;
const workspace = useWorkspace();

const dayOf = (at) => new Date(at).toISOString().slice(0, 10);
const FILES = {
  executions: () => 'analytics/cuj-metrics.jsonl',
  providers: () => 'analytics/provider-health.jsonl',
  progress: () => 'logs/progress.jsonl',
  skills: (day) => `logs/skill-invocations-${dayOf(Date.UTC(2026, 0, 1) + day * DAY)}.jsonl`,
};
const pathOf = (name) => workspace().path('.claude/context', name);

/** A record of any stream: a reader of each finds its id. */
const lineOf = (n, filling) => `${JSON.stringify({ timestamp: '2026-01-09T12:00:00.000Z', cuj_id: 'C', skill: 's', provider: 'p', n, filling })}\n`; // prettier-ignore

/** What a person's machine does to data files, and what the reader has to give of it. */
class World {
  constructor(random, streams = STREAMS) {
    this.random = random;
    this.streams = streams;
    this.next = 0;
    /** Numbers that were taken off the disk before they were read. */
    this.gone = new Set();
    /** Numbers whose lines were changed: they may come again. */
    this.changed = new Set();
    this.torn = new Map();
    this.acknowledged = [];
    this.open();
    // From now on nothing is missed.
    this.source.look({ all: true });
  }

  open() {
    this.source = new Source(workspace().core(), 'logs', this.streams);
  }

  file() {
    return FILES[this.random.pick(this.streams)](this.random.below(3));
  }

  append(name = this.file()) {
    fs.mkdirSync(path.dirname(pathOf(name)), { recursive: true });
    const filling = 'x'.repeat(this.random.pick([0, 0, 10, 700]));
    let text = this.torn.get(name) ?? '';
    this.torn.delete(name);
    for (let left = this.random.below(6); left >= 0; left -= 1) text += lineOf(this.next++, filling);
    if (this.random.chance(0.2)) {
      const whole = lineOf(this.next++, filling);
      const cut = 1 + this.random.below(whole.length - 1);
      text += whole.slice(0, cut);
      this.torn.set(name, whole.slice(cut));
    }
    fs.appendFileSync(pathOf(name), text);
  }

  /** Ends a line that was begun: what rewrites files waits for whole lines, too. */
  mend(name) {
    if (this.torn.has(name)) fs.appendFileSync(pathOf(name), this.torn.get(name));
    this.torn.delete(name);
  }

  rotate() {
    const name = this.file();
    if (!fs.existsSync(pathOf(name))) return;
    this.mend(name);
    for (let number = 60; number > 0; number -= 1) {
      if (fs.existsSync(pathOf(`${name}.${number}`))) {
        fs.renameSync(pathOf(`${name}.${number}`), pathOf(`${name}.${number + 1}`));
      }
    }
    if (this.random.chance(0.3)) {
      fs.copyFileSync(pathOf(name), pathOf(`${name}.1`));
      fs.truncateSync(pathOf(name));
    } else fs.renameSync(pathOf(name), pathOf(`${name}.1`));
  }

  lines(name) {
    return fs.readFileSync(pathOf(name), 'utf8').split('\n').filter(Boolean); // prettier-ignore
  }

  replace(name, lines) {
    fs.writeFileSync(pathOf(`${name}.fresh`), lines.map((line) => `${line}\n`).join(''));
    fs.renameSync(pathOf(`${name}.fresh`), pathOf(name));
  }

  prune() {
    const name = this.file();
    if (!fs.existsSync(pathOf(name))) return;
    this.mend(name);
    const lines = this.lines(name);
    const cut = this.random.below(lines.length + 1);
    for (const line of lines.slice(0, cut)) this.gone.add(JSON.parse(line).n);
    this.replace(name, lines.slice(cut));
  }

  redact() {
    const name = this.file();
    if (!fs.existsSync(pathOf(name))) return;
    this.mend(name);
    const lines = this.lines(name).map((line) => JSON.parse(line));
    for (const line of lines) {
      if (!this.random.chance(0.1)) continue;
      line.filling = '[REDACTED]';
      this.changed.add(line.n);
    }
    this.replace(
      name,
      lines.map((line) => JSON.stringify(line)),
    );
  }

  take(most = this.random.below(8), killed = 0.1) {
    this.source.look({ all: true });
    for (let left = most; left > 0; left -= 1) {
      const given = this.source.next(this.random.pick([200, 5000]));
      if (given === null) return;
      // Whoever is killed before the answer comes is given the same again.
      if (this.random.chance(killed)) {
        this.restart();
        return;
      }
      given.acknowledge();
      this.acknowledged.push(...given.records.map(({ record }) => record.n));
    }
  }

  restart() {
    this.source.close();
    this.open();
  }

  check() {
    for (const name of this.torn.keys()) this.mend(name);
    this.take(Infinity, 0);
    this.source.close();
    const times = new Map();
    for (const n of this.acknowledged) times.set(n, (times.get(n) ?? 0) + 1);
    const lost = Array.from({ length: this.next }, (_, n) => n).filter((n) => !times.has(n) && !this.gone.has(n));
    const twice = [...times].filter(([n, count]) => count > 1 && !this.changed.has(n)).map(([n]) => n);
    return { lost, twice };
  }
}

const KINDS = {
  'appended to, by an exporter that is killed': ['append', 'append', 'take', 'restart'],
  'rotated in any way': ['append', 'append', 'take', 'restart', 'rotate'],
  'pruned and redacted': ['append', 'append', 'take', 'restart', 'prune', 'redact'],
};

test.each(Object.entries(KINDS))('files that are %s', (_, kinds) => {
  const seed = seedOfTest();
  for (let round = 0; round < ROUNDS; round += 1) {
    fs.rmSync(pathOf('.'), { recursive: true, force: true });
    const random = createRandom(seed + round);
    const world = new World(random);
    const done = [];
    for (let step = 0; step < STEPS; step += 1) {
      const kind = random.pick(kinds);
      done.push(kind);
      world[kind]();
    }
    expect([`OBS_TEST_SEED=${seed + round}`, done.length, world.check()]).toEqual([
      `OBS_TEST_SEED=${seed + round}`,
      STEPS,
      { lost: [], twice: [] },
    ]);
  }
});

describe('beside the commands that rewrite data files', () => {
  const CUJS = '.claude/context/analytics/cuj-metrics.jsonl';
  const OBS = path.join(PACKAGE, 'bin', 'obs.js');
  const obs = (...words) => run([OBS, ...words, '--root', workspace().root]);
  const record = (n, at, error = null) => ({ timestamp: new Date(at).toISOString(), cuj_id: 'C', success: true, duration_ms: 1, error, metadata: { n } }); // prettier-ignore

  /** What a source gives until there is nothing more, acknowledged. */
  function take(source, most = Infinity) {
    source.look({ all: true });
    const numbers = [];
    for (let given = source.next(2000); given !== null; given = numbers.length < most ? source.next(2000) : null) {
      given.acknowledge();
      numbers.push(...given.records.map(({ record: { metadata } }) => metadata.n));
    }
    return numbers;
  }
  const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);

  test('obs prune drops what was sent, and nothing is sent again', async () => {
    const now = Date.now();
    const old = range(0, 100).map((n) => record(n, now - 60 * DAY + n));
    const fresh = range(100, 200).map((n) => record(n, now - DAY + n));
    writeLines(workspace(), CUJS, [...old, ...fresh]);
    const source = new Source(workspace().core(), 'logs', ['executions']);
    const first = take(source, 120);
    expect(first).toEqual(range(0, first.length));
    expect((await obs('prune', '--older-than', '30d', '--apply')).code).toBe(0);
    expect(workspace().lines(CUJS)).toHaveLength(100);
    expect(take(source)).toEqual(range(first.length, 200));
    fs.appendFileSync(workspace().path(CUJS), `${JSON.stringify(record(200, now))}\n`);
    expect(take(source)).toEqual([200]);
    source.close();
  });

  test('another file with the number and the length of the one that was sent is sent', () => {
    const now = Date.now();
    const lines = (from) =>
      range(from, from + 10)
        .map((n) => `${JSON.stringify(record(n, now))}\n`)
        .join('');
    expect(lines(20)).toHaveLength(lines(10).length);
    writeLines(workspace(), CUJS, range(10, 20).map((n) => record(n, now))); // prettier-ignore
    const source = new Source(workspace().core(), 'logs', ['executions']);
    expect([take(source), take(source)]).toEqual([range(10, 20), []]);
    // In place, so that it keeps its number, as one may get it again that was made anew.
    fs.writeFileSync(workspace().path(CUJS), lines(20));
    expect(take(source)).toEqual(range(20, 30));
    source.close();
  });

  test('where all that was sent is gone and the next line was redacted, the rest is sent once', () => {
    const now = Date.now();
    const all = range(0, 100).map((n) => record(n, now));
    writeLines(workspace(), CUJS, all);
    const source = new Source(workspace().core(), 'logs', ['executions']);
    const first = take(source, 1);
    expect(first.length).toBeLessThan(100);
    const [next, ...rest] = all.slice(first.length);
    writeLines(workspace(), `${CUJS}.fresh`, [{ ...next, error: '[REDACTED]' }, ...rest]);
    fs.renameSync(workspace().path(`${CUJS}.fresh`), workspace().path(CUJS));
    expect(take(source)).toEqual(range(first.length, 100));
    source.close();
  });

  test('obs redact apply changes what was sent, and nothing is sent again', async () => {
    const now = Date.now();
    const secret = 'ghp_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6';
    const lines = range(0, 200).map((n) => record(n, now - DAY + n, n % 50 === 7 ? `token ${secret}` : null));
    writeLines(workspace(), CUJS, lines);
    const source = new Source(workspace().core(), 'logs', ['executions']);
    expect(take(source)).toEqual(range(0, 200));
    source.close();
    expect((await obs('redact', 'apply')).code).toBe(0);
    expect(fs.readFileSync(workspace().path(CUJS), 'utf8')).not.toContain(secret);
    const again = new Source(workspace().core(), 'logs', ['executions']);
    expect(take(again)).toEqual([]);
    fs.appendFileSync(workspace().path(CUJS), `${JSON.stringify(record(200, now))}\n`);
    expect(take(again)).toEqual([200]);
    again.close();
  });

  test('while a prune carries over what came late, its file waits', () => {
    const now = Date.now();
    writeLines(workspace(), CUJS, range(0, 10).map((n) => record(n, now + n))); // prettier-ignore
    const source = new Source(workspace().core(), 'logs', ['executions']);
    expect(take(source)).toEqual(range(0, 10));
    // The new file has not got yet what was written to the old one meanwhile.
    const lock = workspace().core().call('tryLock', workspace().path('.claude/context/.obs/prune.lock'));
    writeLines(workspace(), `${CUJS}.new`, range(3, 8).map((n) => record(n, now + n))); // prettier-ignore
    fs.renameSync(workspace().path(`${CUJS}.new`), workspace().path(CUJS));
    expect(take(source)).toEqual([]);
    fs.appendFileSync(workspace().path(CUJS), range(8, 11).map((n) => `${JSON.stringify(record(n, now + n))}\n`).join('')); // prettier-ignore
    expect(take(source)).toEqual([]);
    lock.release();
    expect(take(source)).toEqual([10]);
    source.close();
  });
});

test('a line that is too long is passed over, and one without its end waits', () => {
  const file = FILES.progress();
  fs.mkdirSync(path.dirname(pathOf(file)), { recursive: true });
  const source = new Source(workspace().core(), 'logs', ['progress']);
  fs.writeFileSync(pathOf(file), `${lineOf(0)}{"pad":"${'x'.repeat(17 * 1024 * 1024)}"}\n${lineOf(1)}{"n":2`);
  const take = () => {
    source.look({ all: true });
    const numbers = [];
    for (let given = source.next(5000); given !== null; given = source.next(5000)) {
      given.acknowledge();
      numbers.push(...given.records.map(({ record }) => record.n));
    }
    return numbers;
  };
  expect(take()).toEqual([0, 1]);
  fs.appendFileSync(pathOf(file), ',"pad":1}\n');
  expect(take()).toEqual([2]);
  source.close();
});

test('who would take a file away is told how much of it is not sent', () => {
  const file = pathOf(FILES.progress());
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, lineOf(0));
  const unsent = () => unsentBytes(workspace().core(), file);
  // Nobody ever exported from here.
  expect(unsent()).toBe(0);
  const source = new Source(workspace().core(), 'logs', ['progress']);
  source.look({ all: true });
  expect(unsent()).toBe(lineOf(0).length);
  source.next(5000).acknowledge();
  expect(unsent()).toBe(0);
  // A line without its end is not sent, and stays where it is.
  fs.appendFileSync(file, lineOf(1).slice(0, 20));
  expect(unsent()).toBe(0);
  fs.appendFileSync(file, lineOf(1).slice(20));
  expect(unsent()).toBe(lineOf(1).length);
  fs.renameSync(file, `${file}.1`);
  expect(unsent()).toBe(0);
  fs.writeFileSync(file, lineOf(2));
  expect(unsent()).toBe(lineOf(2).length);
  source.close();
});
