// An export of days that are compacted before, between and after it, also by runs that are stopped half-way: every record arrives once,
// the same as from plain files.
'use strict';

// For what comes late one waits a second, in which others may write.
let mockSecond = () => {};
jest.mock('node:timers/promises', () => ({
  setTimeout: () => new Promise((resolve) => setImmediate(() => resolve(mockSecond()))),
}));
afterEach(() => (mockSecond = () => {}));

const fs = require('node:fs');
const path = require('node:path');

const { packClosed } = require('../command/compact/closed.js');
const { pack } = require('../command/compact/pack.js');
const { dropOld } = require('../command/prune/drop.js');
const { locked } = require('../command/prune/lock.js');
const { Exporter } = require('../export/otlp/exporter.js');
const { Source } = require('../export/otlp/source.js');
const { unsentBytes } = require('../export/otlp/unsent.js');
const { testWith } = require('./support/box.js');
const { Collector, attributesIn } = require('./support/collector.js');
const { PACKAGE, run } = require('./support/command-line.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const LONG = process.env.OBS_LONG === '1';
const ROUNDS = LONG ? 200 : 20;
const STEPS = 50;
const DAY = 86_400_000;
const NOW = Date.now();
const DAYS = [7, 6, 5].map((days) => new Date(NOW - days * DAY).toISOString().slice(0, 10));
const workspace = useWorkspace();
const posix = process.platform === 'win32' ? test.skip : test;

const core = () => workspace().core();
const logs = (...names) => workspace().path('.claude/context/logs', ...names);
const fileOf = (day) => logs(`skill-invocations-${day}.jsonl`);
const lineOf = (n, day, filling = '') => `${JSON.stringify({ timestamp: `${day}T12:00:00.000Z`, skill: 's', result: 'success', duration_ms: n, filling })}\n`; // prettier-ignore
const range = (from, to) => Array.from({ length: to - from }, (_, n) => from + n);
const lines = (from, to, day, filling = 'x'.repeat(100)) => range(from, to).map((n) => lineOf(n, day, filling)).join(''); // prettier-ignore
const packAll = () => locked(core(), () => packClosed(core(), { span: DAY }));
const isCompacted = (file) => fs.existsSync(`${file}.gz`) && !fs.existsSync(file);

function append(file, text) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.appendFileSync(file, text);
}

/** What a source gives until there is nothing more, or `most`, acknowledged. */
function take(source, most = Infinity, want = 2000) {
  source.look({ all: true });
  const numbers = [];
  for (let given = source.next(want); given !== null; given = numbers.length < most ? source.next(want) : null) {
    given.acknowledge();
    numbers.push(...given.records.map(({ record }) => record.duration_ms));
  }
  return numbers;
}

/** A run that ends at the n-th call of a kind, as if it had been killed there. */
async function stopped(name, n, work) {
  const real = fs[name];
  let calls = 0;
  const spy = jest.spyOn(fs, name).mockImplementation((...args) => {
    calls += 1;
    if (calls === n) throw new Error('stopped');
    return real(...args);
  });
  try {
    await work();
  } catch (error) {
    if (error.message !== 'stopped') throw error;
  } finally {
    spy.mockRestore();
  }
}

/** Before the plain file has another name, before it is noted that it is gone, and before its last lines are carried over. */
const STOPS = [['renameSync', 2], ['fsyncSync', 3], ['futimesSync', 2]]; // prettier-ignore

class World {
  constructor(random) {
    this.random = random;
    this.next = 0;
    this.torn = new Map();
    this.acknowledged = [];
    this.counts = { compacted: 0, stopped: 0 };
    this.open();
  }

  open() {
    this.source = new Source(core(), 'logs', ['skills']);
  }

  append(torn = 0.2) {
    const day = this.random.pick(DAYS);
    let text = this.torn.get(day) ?? '';
    this.torn.delete(day);
    const filling = 'x'.repeat(this.random.pick([0, 10, 1500, 4000]));
    for (let left = this.random.below(6); left >= 0; left -= 1) text += lineOf(this.next++, day, filling);
    if (this.random.chance(torn)) {
      const whole = lineOf(this.next++, day, filling);
      const cut = 1 + this.random.below(whole.length - 1);
      text += whole.slice(0, cut);
      this.torn.set(day, whole.slice(cut));
    }
    append(fileOf(day), text);
  }

  /** Before the last line of a day is packed away it gets its end: what is appended to a torn one is another file's business. */
  mend() {
    for (const [day, rest] of this.torn) append(fileOf(day), rest);
    this.torn.clear();
  }

  /** As people call it: what is not exported stays as it is. */
  async compact() {
    this.mend();
    const results = await packAll();
    this.counts.compacted += results.filter(({ error }) => error === null).length;
  }

  /** As on a machine from which nobody exports. */
  async compactAnyway() {
    this.mend();
    const file = fileOf(this.random.pick(DAYS));
    await locked(core(), async () => {
      if (!fs.existsSync(file)) return;
      await pack(file).settled;
      this.counts.compacted += 1;
    });
  }

  async stop() {
    this.mend();
    const file = fileOf(this.random.pick(DAYS));
    const [name, n] = this.random.pick(STOPS);
    await locked(core(), async () => {
      if (!fs.existsSync(file)) return;
      await stopped(name, n, () => pack(file).settled);
      this.counts.stopped += 1;
    });
    // Who had the file open goes on for a moment.
    const old = fs.existsSync(logs()) ? fs.readdirSync(logs()).find((each) => each.endsWith('.old')) : undefined;
    if (old !== undefined && this.random.chance(0.5)) append(logs(old), lineOf(this.next++, DAYS[0]));
  }

  take(most = this.random.below(40)) {
    this.acknowledged.push(...take(this.source, most, this.random.pick([200, 5000, 100_000])));
  }

  restart() {
    this.source.close();
    this.open();
  }

  async check() {
    mockSecond = () => {};
    this.mend();
    // The second one packs what the first carried over.
    for (let more = 0; more < 2; more += 1) await this.compact();
    this.take(Infinity);
    this.source.close();
    const times = new Map();
    for (const n of this.acknowledged) times.set(n, (times.get(n) ?? 0) + 1);
    return {
      lost: range(0, this.next).filter((n) => !times.has(n)),
      twice: [...times].filter(([, count]) => count > 1).map(([n]) => n),
    };
  }
}

const KINDS = {
  'compacted when all was sent': ['append', 'append', 'take', 'restart', 'compact'],
  'compacted whatever was sent': ['append', 'append', 'take', 'restart', 'compact', 'compactAnyway'],
  'compacted by runs that are stopped': ['append', 'append', 'take', 'restart', 'compact', 'compactAnyway', 'stop'],
};

describe.each(Object.entries(KINDS))('days that are %s', (_, kinds) => {
  posix('are read once, whoever reads when', async () => {
    const seed = seedOfTest();
    const counts = { compacted: 0, stopped: 0 };
    for (let round = 0; round < ROUNDS; round += 1) {
      fs.rmSync(workspace().path('.claude'), { recursive: true, force: true });
      const random = createRandom(seed + round);
      const world = new World(random);
      mockSecond = () => random.chance(0.5) && world.append(0);
      for (let step = 0; step < STEPS; step += 1) await world[random.pick(kinds)]();
      const found = await world.check();
      expect([`OBS_TEST_SEED=${seed + round}`, found]).toEqual([`OBS_TEST_SEED=${seed + round}`, { lost: [], twice: [] }]); // prettier-ignore
      for (const name of Object.keys(counts)) counts[name] += world.counts[name];
    }
    expect(counts.compacted).toBeGreaterThan(ROUNDS);
    expect(counts.stopped > ROUNDS).toBe(kinds.includes('stop'));
  }, 300_000); // prettier-ignore
});

posix('what no export has acknowledged is not packed, and the rest of a day counts from where it was read', async () => {
  const file = fileOf(DAYS[0]);
  append(file, lines(0, 100, DAYS[0]));
  expect(unsentBytes(core(), file)).toBe(0);
  const source = new Source(core(), 'logs', ['skills']);
  source.look({ all: true });
  const unsent = fs.statSync(file).size;
  expect(unsentBytes(core(), file)).toBe(unsent);
  expect(await packAll()).toMatchObject([{ error: expect.stringContaining(`${unsent} bytes of it were not exported`) }]);
  expect(take(source)).toEqual(range(0, 100));
  expect(await packAll()).toMatchObject([{ error: null }]);
  expect(isCompacted(file)).toBe(true);
  append(file, lines(100, 150, DAYS[0]));
  source.look({ all: true });
  expect(unsentBytes(core(), file)).toBe(fs.statSync(file).size);
  expect(await packAll()).toMatchObject([{ error: expect.stringContaining('not exported') }]);
  expect(take(source)).toEqual(range(100, 150));
  expect(unsentBytes(core(), file)).toBe(0);
  expect(await packAll()).toMatchObject([{ error: null }]);
  expect(take(source)).toEqual([]);
  source.close();
}); // prettier-ignore

posix('lines that are all alike are not sent again either', async () => {
  append(fileOf(DAYS[0]), lineOf(1, DAYS[0], 'x'.repeat(100)).repeat(100));
  const source = new Source(core(), 'logs', ['skills']);
  expect(take(source)).toHaveLength(100);
  await packAll();
  expect(isCompacted(fileOf(DAYS[0]))).toBe(true);
  expect(take(source)).toEqual([]);
  source.close();
});

posix('--from-now passes over compacted days as over plain ones', async () => {
  append(fileOf(DAYS[0]), lines(0, 100, DAYS[0]));
  await packAll();
  const source = new Source(core(), 'logs', ['skills']);
  source.look({ all: true, fromNow: true });
  expect(source.next(5000)).toBe(null);
  append(fileOf(DAYS[0]), lines(100, 101, DAYS[0]));
  expect(take(source)).toEqual([100]);
  source.close();
});

posix('pruned and redacted, compacted days are not sent again', async () => {
  const secret = ['ghp', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3gH6'].join('_');
  append(fileOf(DAYS[0]), lines(0, 100, DAYS[0]));
  append(fileOf(DAYS[2]), lines(100, 110, DAYS[2], `token ${secret}`) + lines(110, 200, DAYS[2]));
  await packAll();
  const source = new Source(core(), 'logs', ['skills']);
  const first = take(source, 120);
  expect(first).toEqual(range(0, first.length));
  const { code } = await run([path.join(PACKAGE, 'bin', 'obs.js'), 'redact', 'apply', '--root', workspace().root]);
  expect(code).toBe(0);
  expect([...first, ...take(source)]).toEqual(range(0, 200));
  await locked(core(), () => dropOld(core(), { span: 6 * DAY }, true));
  expect(fs.readdirSync(logs())).toEqual([`${path.basename(fileOf(DAYS[2]))}.gz`]);
  expect(take(source)).toEqual([]);
  append(fileOf(DAYS[2]), lines(200, 201, DAYS[2]));
  expect(take(source)).toEqual([200]);
  source.close();
}, 60_000); // prettier-ignore

posix('a damaged compacted day is told once the others are sent, and sent when it is whole again', async () => {
  append(fileOf(DAYS[0]), lines(0, 100, DAYS[0]));
  await packAll();
  append(fileOf(DAYS[1]), lines(100, 120, DAYS[1]));
  const packed = `${fileOf(DAYS[0])}.gz`;
  const whole = fs.readFileSync(packed);
  fs.writeFileSync(packed, Buffer.concat([whole.subarray(0, 200), Buffer.alloc(whole.length - 200)]));
  const source = new Source(core(), 'logs', ['skills']);
  const numbers = [];
  source.look({ all: true });
  const all = () => {
    for (let given = source.next(5000); given !== null; given = source.next(5000)) {
      given.acknowledge();
      numbers.push(...given.records.map(({ record }) => record.duration_ms));
    }
  };
  expect(all).toThrow(/damaged/);
  expect(numbers).toEqual(range(100, 120));
  fs.writeFileSync(packed, whole);
  expect(take(source)).toEqual(range(0, 100));
  source.close();
});

posix('nothing is read while somebody replaces files, and what is due waits for them', async () => {
  append(fileOf(DAYS[0]), lines(0, 10, DAYS[0]));
  const lock = core().call('tryLock', workspace().path('.claude/context/.obs/prune.lock'));
  const source = new Source(core(), 'logs', ['skills']);
  expect([take(source), source.waits]).toEqual([[], true]);
  lock.release();
  expect([take(source), source.waits]).toEqual([range(0, 10), false]);
  // What is read in between may get another place.
  append(fileOf(DAYS[0]), lines(10, 20, DAYS[0]));
  source.look({ all: true });
  const again = core().call('tryLock', workspace().path('.claude/context/.obs/prune.lock'));
  expect([source.next(5000), source.waits]).toEqual([null, true]);
  again.release();
  expect(source.next(5000).records).toHaveLength(10);
  source.close();
});

const SIGNALS = ['logs', 'traces'];
const send = (endpoint) =>
  new Exporter(core(), { endpoint, signals: SIGNALS }, { tell: () => {}, env: {}, patience: 20_000 }).once();

/** What the collector has, by what never changes of each item: `[signal, item]`. */
function arrived(collector) {
  return SIGNALS.flatMap((signal) =>
    collector
      .items(signal)
      .map(({ item: { observedTimeUnixNano: _at, ...item } }) => [
        item.spanId
          ? `${signal} ${item.spanId} ${attributesIn(item.attributes)['log.record.uid']}`
          : JSON.stringify(item),
        JSON.stringify(item),
      ]),
  );
}

testWith(['opentelemetry-proto'], 'a real receiver gets every record once and the same, however its days were compacted', async () => {
  const seed = seedOfTest();
  for (let round = 0; round < (LONG ? 30 : 4); round += 1) {
    const random = createRandom(seed + round);
    const texts = Array.from({ length: 8 }, (_, part) => {
      const day = random.pick(DAYS);
      const filling = 'x'.repeat(random.pick([0, 100, 5000]));
      return [day, lines(part * 100, part * 100 + 1 + random.below(99), day, filling)];
    });
    const fresh = () => fs.rmSync(workspace().path('.claude'), { recursive: true, force: true });
    const plain = await new Collector(workspace().path('plain'), { seed }).start();
    const compacted = await new Collector(workspace().path('compacted'), { seed }).start();
    try {
      fresh();
      for (const [day, text] of texts) append(fileOf(day), text);
      await send(plain.endpoint);
      fresh();
      let packed = 0;
      for (const [day, text] of texts) {
        append(fileOf(day), text);
        if (random.chance(0.4)) await send(compacted.endpoint);
        if (random.chance(0.5)) packed += (await packAll()).filter(({ error }) => error === null).length;
      }
      await send(compacted.endpoint);
      packed += (await packAll()).length;
      const { signals } = await send(compacted.endpoint);
      expect([signals.logs.sent, signals.traces.sent]).toEqual([0, 0]);
      expect(packed).toBeGreaterThan(0);
      const wanted = arrived(plain).sort();
      expect({ seed: seed + round, items: arrived(compacted).sort() }).toEqual({ seed: seed + round, items: wanted });
      expect(wanted.length).toBe(new Set(wanted.map(([key]) => key)).size);
    } finally {
      await Promise.all([plain.stop(), compacted.stop()]);
      fs.rmSync(workspace().path('plain'), { recursive: true });
      fs.rmSync(workspace().path('compacted'), { recursive: true });
    }
  }
}, 300_000); // prettier-ignore
