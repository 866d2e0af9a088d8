// Exporter and collector, killed at any moment while records are written and files rotated: every record arrives, and none again once
// the exporter has noted that the collector acknowledged it.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { Exporter } = require('../export/otlp/exporter.js');
const { testWith } = require('./support/box.js');
const { Collector } = require('./support/collector.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useWorkspace } = require('./support/use-workspace.js');

const LONG = process.env.OBS_LONG === '1';
const KILLS = LONG ? 300 : 16;
const SIGNALS = ['logs', 'traces'];
const workspace = useWorkspace();
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const data = (...names) => workspace().path('.claude/context', ...names);

/** Writes numbered records of all streams, some at a time, until it is stopped; now and then a file is rotated. */
class Writer {
  count = 0;
  #random;
  #stopped = false;
  #rotations = 0;
  #running;

  constructor(random) {
    this.#random = random;
    this.#running = this.#run();
  }

  stop() {
    this.#stopped = true;
    return this.#running;
  }

  async #run() {
    while (!this.#stopped) {
      for (let left = this.#random.below(40); left > 0; left -= 1) this.#record();
      if (this.#random.chance(0.02)) this.#rotate();
      await pause(this.#random.below(60));
    }
  }

  #record() {
    const { recordCujExecution, logSkillInvocation, getGlobalHealthMonitor, emitProgress } = workspace();
    const metadata = {
      n: this.count++,
      run_id: `run-${this.#random.below(50)}`,
      pad: 'x'.repeat(this.#random.below(300)),
    };
    this.#random.pick([
      () => recordCujExecution('CUJ-1', true, 5, null, metadata),
      () => logSkillInvocation({ skill: 'linter', result: 'success', duration: 1, metadata }),
      () => getGlobalHealthMonitor().recordProviderCall('anthropic', true, 9, null, metadata),
      () => emitProgress({ runId: metadata.run_id, step: 1, metadata }),
    ])();
  }

  #rotate() {
    const file = data(
      ...this.#random.pick([
        ['analytics', 'cuj-metrics.jsonl'],
        ['analytics', 'provider-health.jsonl'],
        ['logs', 'progress.jsonl'],
      ]),
    );
    if (!fs.existsSync(file)) return;
    // A number for each, so that none is overwritten.
    fs.renameSync(file, `${file}.${(this.#rotations += 1)}`);
  }
}

/** Where each numbered record stands: `n → { place: 'device:inode', end, progress }`. */
function recorded() {
  const found = new Map();
  for (const folder of ['logs', 'analytics']) {
    for (const name of fs.readdirSync(data(folder)).filter((each) => each.includes('.jsonl'))) {
      const { dev, ino } = fs.statSync(data(folder, name), { bigint: true });
      let end = 0;
      for (const line of fs.readFileSync(data(folder, name), 'utf8').split('\n').slice(0, -1)) {
        end += Buffer.byteLength(line) + 1;
        found.set(JSON.parse(line).metadata.n, { place: `${dev}:${ino}`, end, progress: name.startsWith('progress') });
      }
    }
  }
  return found;
}

/** Up to where each file is acknowledged, as the exporter has noted it: `place → position`. */
function noted(signal) {
  const folder = data('.obs', `otlp-${signal}.d`);
  if (!fs.existsSync(folder)) return new Map();
  const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
  const segments = files.flatMap((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')).segments);
  return new Map(segments.map(({ identity, position }) => [identity, position]));
}

function startExporter(collector, random) {
  const options = { endpoint: collector.endpoint, signals: SIGNALS, protocol: random.pick(['http/json', 'http/protobuf']), compression: random.pick(['none', 'gzip']) }; // prettier-ignore
  const given = JSON.stringify({ root: workspace().root, options, want: random.pick([500, 3000, 20_000]) });
  const child = spawn(process.execPath, [path.join(__dirname, 'support', 'otlp-exporter.cjs'), given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = new Promise((resolve) => child.stdout.once('data', resolve));
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  return { child, ready: Promise.race([ready, ended]), ended };
}

/** The numbers in each note of a signal: `[{ at: the number of the note, numbers }]`. */
function received(collector) {
  return collector.notes().map(({ signal, request }, at) => {
    const text = JSON.stringify(request);
    // A log's body is JSON within JSON; a span has the number as an attribute.
    const found =
      signal === 'logs'
        ? text.matchAll(/\\"n\\":(\d+)/g)
        : text.matchAll(/"obs\.metadata\.n","value":\{"intValue":"(\d+)"/g);
    return { signal, at, numbers: [...found].map(([, n]) => Number(n)) };
  });
}

testWith(
  ['opentelemetry-proto'],
  `${KILLS} kills of exporter and collector: every record arrives, none again that was acknowledged`,
  async () => {
    const seed = seedOfTest();
    console.log(`seed ${seed}`);
    const random = createRandom(seed);
    const collector = await new Collector(workspace().path('collector'), { seed }).start();
    // What is rotated away before anybody exports is not sent.
    const exported = () => new Exporter(workspace().core(), { endpoint: collector.endpoint, signals: SIGNALS }, { tell: () => {}, env: {} }).once(); // prettier-ignore
    await exported();
    collector.order({ chaos: 0.15 });
    const writer = new Writer(createRandom(seed + 1));
    /** What was noted as acknowledged when an exporter was dead, and how many requests the collector had then. */
    const marks = [];
    let exporter = startExporter(collector, random);
    for (let kill = 0; kill < KILLS; kill += 1) {
      if (!random.chance(0.1)) await exporter.ready;
      await pause(random.below(250));
      if (random.chance(0.3)) {
        await collector.stop();
        await pause(random.below(100));
        await collector.start();
        continue;
      }
      exporter.child.kill('SIGKILL');
      expect(await exporter.ended).toEqual({ code: null, signal: 'SIGKILL' });
      marks.push({
        at: collector.notes().length,
        positions: Object.fromEntries(SIGNALS.map((signal) => [signal, noted(signal)])),
      });
      exporter = startExporter(collector, random);
    }
    await writer.stop();
    exporter.child.kill('SIGKILL');
    await exporter.ended;
    marks.push({
      at: collector.notes().length,
      positions: Object.fromEntries(SIGNALS.map((signal) => [signal, noted(signal)])),
    });
    collector.order({});
    await exported();

    const where = recorded();
    const requests = received(collector);
    expect([...where.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: writer.count }, (_, n) => n));
    for (const signal of SIGNALS) {
      const own = requests.filter((each) => each.signal === signal);
      const arrived = new Set(own.flatMap(({ numbers }) => numbers));
      const wanted = [...where].filter(([, { progress }]) => signal === 'logs' || !progress).map(([n]) => n); // prettier-ignore
      expect([signal, wanted.filter((n) => !arrived.has(n))]).toEqual([signal, []]);
      const again = marks.flatMap(({ at, positions }) => {
        const isNoted = (n) => where.get(n).end <= (positions[signal].get(where.get(n).place) ?? 0);
        return own.filter((request) => request.at >= at).flatMap(({ numbers }) => numbers.filter(isNoted));
      });
      expect([signal, again]).toEqual([signal, []]);
      const all = own.reduce((sum, { numbers }) => sum + numbers.length, 0);
      console.log(`${signal}: ${wanted.length} records, ${all - arrived.size} sent again, in ${own.length} requests`);
    }
    await collector.stop();
  },
  LONG ? 1_500_000 : 120_000,
);
