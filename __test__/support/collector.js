// A collector of OTLP for tests, in Python and by the official definitions: started, given orders, killed, and asked what it got.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { OTLP } = require('./box.js');

const SCRIPT = path.join(__dirname, 'otlp_receiver.py');
const environment = () => ({ ...process.env, PYTHONPATH: OTLP, PYTHONDONTWRITEBYTECODE: '1' });

/** Requests as the official definitions read them: `[{ signal, encoding, body }]`, each body a Buffer. */
function decodeOfficially(requests) {
  const input = requests
    .map(({ body, ...rest }) => JSON.stringify({ ...rest, body: body.toString('base64') }))
    .join('\n');
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, 'decode'], { input, encoding: 'utf8', env: environment(), maxBuffer: 1 << 28 }); // prettier-ignore
  if (status !== 0) throw new Error(stderr.trim().split('\n').slice(-8).join('\n'));
  return stdout.trim().split('\n').map((line) => JSON.parse(line)); // prettier-ignore
}

class Collector {
  #folder;
  #child = null;
  #seed;
  port = 0;

  constructor(folder, { seed = 1 } = {}) {
    this.#folder = folder;
    this.#seed = seed;
    fs.mkdirSync(folder, { recursive: true });
  }

  get endpoint() {
    return `http://127.0.0.1:${this.port}`;
  }

  #file(name) {
    return path.join(this.#folder, name);
  }

  /** The port stays the same from one life to the next. */
  async start() {
    this.#seed += 1;
    const words = [SCRIPT, String(this.port), this.#file('notes'), this.#file('orders.json'), String(this.#seed)];
    const child = spawn('python3', words, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let said = '';
    child.stderr.on('data', (text) => (said += text));
    this.port = await new Promise((resolve, reject) => {
      child.stdout.once('data', (text) => resolve(Number(text)));
      child.once('exit', () => reject(new Error(said.trim().split('\n').slice(-4).join('\n'))));
    });
    return this;
  }

  order(orders) {
    fs.writeFileSync(this.#file('orders.new'), JSON.stringify(orders));
    fs.renameSync(this.#file('orders.new'), this.#file('orders.json'));
  }

  async stop() {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** What it was sent, oldest first; a note that a kill cut off is none. */
  notes() {
    if (!fs.existsSync(this.#file('notes'))) return [];
    return fs.readFileSync(this.#file('notes'), 'utf8').split('\n').flatMap(parsed); // prettier-ignore
  }

  /** The items of all requests of a signal, with the number of their request. */
  items(signal) {
    return this.notes().flatMap((note, number) =>
      note.signal === signal ? itemsOf(note.request).map((item) => ({ number, item })) : [],
    );
  }
}

function parsed(line) {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** The logs, spans or metrics of a request. */
function itemsOf(request) {
  const scopes = (request.resourceLogs ?? request.resourceSpans ?? request.resourceMetrics ?? []).flatMap(
    (each) => each.scopeLogs ?? each.scopeSpans ?? each.scopeMetrics,
  );
  return scopes.flatMap((each) => each.logRecords ?? each.spans ?? each.metrics ?? []);
}

/** Attributes as an object. */
const attributesIn = (list = []) => Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));

module.exports = { Collector, attributesIn, decodeOfficially, itemsOf };
