// Posts a request to a collector and says what its answer means. No redirects are followed, and nothing of headers or credentials is
// in what is said of it.
'use strict';

// Jest replaces the global timers, not these.
const { clearTimeout, setTimeout } = require('node:timers');

const { SIGNALS } = require('./messages.js');
const { decode } = require('./protobuf.js');

const { version } = require('../../package.json');

const MOST_ANSWER = 1024 * 1024;
const LATER = new Set([429, 502, 503, 504]);
/** It is the data that the collector does not like, not who sends or where to. */
const OF_DATA = new Set([400, 413, 422]);
const LONGEST_WORDS = 300;

/** An address as it may be shown. */
const shownAddress = (url) => `${url.origin}${url.pathname}`;

/** The seconds or the date of a `Retry-After`, as milliseconds from now; `null` when there is none that can be read. */
function retryAfter(value, now) {
  if (value === undefined) return null;
  const text = value.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}

/** What an answer says was not taken, in either encoding: `{ rejected, words }`. */
function partialOf(signal, type, body) {
  try {
    if (type?.includes('json')) {
      const { partialSuccess = {} } = JSON.parse(body.toString('utf8'));
      const { rejected } = SIGNALS[signal];
      return { rejected: Number(partialSuccess[rejected] ?? 0), words: String(partialSuccess.errorMessage ?? '') };
    }
    const partial = decode(decode(body).get(1) ?? Buffer.alloc(0));
    return { rejected: partial.get(1) ?? 0, words: String(partial.get(2) ?? '') };
  } catch {
    return { rejected: 0, words: '' };
  }
}

/** The reason in the body of a refusal: a status message of protobuf or JSON, or text. */
function wordsOf(type, body) {
  try {
    if (type?.includes('json')) return String(JSON.parse(body.toString('utf8')).message ?? '');
    if (type?.includes('protobuf')) return String(decode(body).get(2) ?? '');
  } catch {
    // It is none.
  }
  return type?.startsWith('text/plain') ? body.toString('utf8').trim() : '';
}

/** Sends requests of one signal over one connection that is kept, and that keeps no process from its end. */
class Sender {
  #signal;
  #target;
  #agent;

  constructor(signal, target) {
    const { Agent } = require(target.url.protocol === 'https:' ? 'node:https' : 'node:http');
    this.#signal = signal;
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1, ...target.tls });
  }

  get address() {
    return shownAddress(this.#target.url);
  }

  /**
   * What became of a request: `{ kind, words, after, rejected }`. `kind` is `taken`; `later`, as it may be taken at another time, in
   * `after` ms if the collector says so; `data`, as it will never take that; or `refused`, as something is wrong that a person has to mend.
   */
  async send({ body, headers }, signal) {
    let answer;
    try {
      answer = await this.#post(body, headers, signal).catch((error) => {
        // A collector closes connections on which nothing happens, mostly just before something does.
        if (!error.reused) throw error;
        return this.#post(body, headers, signal);
      });
    } catch (error) {
      return { kind: 'later', words: error.code ?? error.message, after: null, rejected: 0 };
    }
    return this.#judge(answer);
  }

  #judge({ status, headers, body }) {
    const type = headers['content-type'];
    if (status >= 200 && status < 300) {
      return { kind: 'taken', after: null, ...partialOf(this.#signal, type, body) };
    }
    const said = wordsOf(type, body).slice(0, LONGEST_WORDS);
    const words = `the collector answered ${status}${said === '' ? '' : `: ${said}`}`;
    const kind = LATER.has(status) ? 'later' : OF_DATA.has(status) ? 'data' : 'refused';
    return { kind, words, after: retryAfter(headers['retry-after'], Date.now()), rejected: 0 };
  }

  #post(body, headers, signal) {
    const { url, timeout, headers: own } = this.#target;
    const { request } = require(url.protocol === 'https:' ? 'node:https' : 'node:http');
    const auth =
      url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    const all = { 'user-agent': `obs-native/${version}`, ...own, ...headers, 'content-length': body.length };
    return new Promise((resolve, reject) => {
      const asked = request(url, { method: 'POST', headers: all, auth, agent: this.#agent, signal }, (answer) =>
        collect(answer).then(resolve, reject),
      );
      const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
      timer.unref();
      asked.on('socket', (socket) => socket.unref());
      asked.on('close', () => clearTimeout(timer));
      asked.on('error', (error) => {
        const reused = asked.reusedSocket && error.code === 'ECONNRESET';
        reject(Object.assign(error, { reused }));
      });
      asked.end(body);
    });
  }

  close() {
    this.#agent.destroy();
  }
}

async function collect(answer) {
  const pieces = [];
  let size = 0;
  for await (const piece of answer) {
    size += piece.length;
    if (size > MOST_ANSWER) throw new Error('the answer of the collector is too long');
    pieces.push(piece);
  }
  return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(pieces) };
}

module.exports = { Sender, partialOf, retryAfter };
