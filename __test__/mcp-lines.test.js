// `obs mcp` and lines that nobody should send: every line is answered as JSON-RPC says, by an oracle of its own, and none ends the server.
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');
const { createInterface } = require('node:readline');

const { createTestWorkspace } = require('@obs/native/testing');
const { LONGEST, TOO_LONG, linesOf } = require('../command/mcp/lines.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { PACKAGE } = require('./support/child.js');
const { converse, recordedIn, request } = require('./support/mcp.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');

const has = (value, key) => Object.prototype.hasOwnProperty.call(value, key);
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const goodId = (id) => typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));

/** What the specification wants of one message: `null` for silence, else `[id, code]`, `code` being 'result' for an answer. */
function wantedOf(message) {
  if (!isObject(message)) return [null, -32600];
  if (!has(message, 'method') && (has(message, 'result') || has(message, 'error'))) return null;
  const id = has(message, 'id') && goodId(message.id) ? message.id : null;
  const { params } = message;
  const structured = !has(message, 'params') || (typeof params === 'object' && params !== null);
  const valid = message.jsonrpc === '2.0' && typeof message.method === 'string' && structured;
  if (!valid || (has(message, 'id') && id === null)) return [id, -32600];
  if (!has(message, 'id')) return null;
  if (Array.isArray(params)) return [id, -32602];
  return [id, codeOf(message.method, params ?? {})];
}

function codeOf(method, params) {
  const meta = isObject(params._meta) ? params._meta : {};
  const version = 'io.modelcontextprotocol/protocolVersion';
  const modern = has(meta, version);
  if (modern && meta[version] !== '2026-07-28') return -32022;
  if (modern && !isObject(meta['io.modelcontextprotocol/clientCapabilities'])) return -32602;
  const known = modern
    ? ['server/discover', 'tools/list', 'tools/call']
    : ['initialize', 'ping', 'tools/list', 'tools/call'];
  if (!modern && method === 'server/discover') return -32602;
  if (!known.includes(method)) return -32601;
  if (method === 'initialize') return typeof params.protocolVersion === 'string' ? 'result' : -32602;
  if (method === 'tools/list') return (params.cursor ?? null) === null ? 'result' : -32602;
  if (method !== 'tools/call') return 'result';
  if (params.name !== 'obs_status') return -32602;
  return (params.arguments ?? null) === null || isObject(params.arguments) ? 'result' : -32602;
}

/** What is wanted of a line that was sent where no version with batches was agreed on. */
function wantedOfLine(line) {
  if (line.trim() === '') return null;
  let message;
  try {
    message = JSON.parse(line);
  } catch {
    return [null, -32700];
  }
  return Array.isArray(message) ? [null, -32600] : wantedOf(message);
}

const shortOf = (reply) => [reply.id, reply.error?.code ?? 'result'];

const VERSION = 'io.modelcontextprotocol/protocolVersion';
const WORDS = [
  '',
  'a',
  '__proto__',
  'constructor',
  '\u0000\u001b[2J',
  '\ud800',
  '💥'.repeat(20),
  '2.0',
  'obs_status',
  '</recorded>',
];
const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'server/discover',
  'notifications/initialized',
  'notifications/cancelled',
  'resources/list',
  '__proto__',
  'toString',
  '',
];

function anything(random, depth = 0) {
  const flat = [null, true, 0, -1, 1.5, 1e300, 12345678901234567890, random.pick(WORDS)];
  if (depth > 3 || random.chance(0.6)) return random.pick(flat);
  const items = Array.from({ length: random.below(4) }, () => anything(random, depth + 1));
  if (random.chance(0.5)) return items;
  return Object.fromEntries(items.map((item) => [random.pick([...WORDS, ...METHODS]), item]));
}

/** A request that is right, or nearly. */
function nearlyRight(random) {
  const some = (usual, chance = 0.12) => (random.chance(chance) ? anything(random) : usual);
  const meta = { [VERSION]: some('2026-07-28', 0.3), 'io.modelcontextprotocol/clientCapabilities': some({}) };
  const params = {
    ...(random.chance(0.4) && { _meta: some(meta) }),
    ...(random.chance(0.5) && { protocolVersion: some('2025-11-25') }),
    ...(random.chance(0.6) && { name: some('obs_status'), arguments: some({}) }),
    ...(random.chance(0.1) && { cursor: anything(random) }),
  };
  const all = {
    jsonrpc: some('2.0'),
    id: some(random.below(1000)),
    method: some(random.pick(METHODS)),
    params: some(params),
  };
  for (const key of ['jsonrpc', 'id', 'method', 'params']) if (random.chance(0.08)) delete all[key];
  if (random.chance(0.05)) all[random.pick(['result', 'error'])] = anything(random);
  return all;
}

function randomLine(random) {
  const kind = random.next();
  if (kind < 0.7) return JSON.stringify(nearlyRight(random));
  if (kind < 0.78) return JSON.stringify(anything(random));
  if (kind < 0.84) return JSON.stringify([nearlyRight(random), nearlyRight(random)]);
  const text = JSON.stringify(nearlyRight(random));
  const at = random.below(text.length);
  if (kind < 0.9) return text.slice(0, at);
  if (kind < 0.96) {
    return text.slice(0, at) + random.pick(['"', '{', '\\', '\u0007', ',', '\r', '9']) + text.slice(at + 1);
  }
  return random.pick([
    '',
    ' \t\r',
    '[]',
    '[',
    '{',
    'null',
    '"',
    '\u0000',
    '\ufeff{}',
    '[[[]]]',
    '{"a":1}{"b":2}',
    'NaN',
  ]);
}

test('two thousand random lines are answered as the oracle says, in their order', () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  // As UTF-8 carries them: half of a pair becomes another character on its way.
  const sent = Array.from({ length: 2000 }, () => Buffer.from(randomLine(random)).toString());
  const lines = sent.filter((line) => !line.includes('\n'));
  const { replies, status, stderr, lines: told } = converse(lines);
  expect({ seed, status, stderr }).toEqual({ seed, status: 0, stderr: '' });
  const wanted = lines.map((line) => [wantedOfLine(line), line]).filter(([answer]) => answer !== null);
  expect({ seed, count: replies.length }).toEqual({ seed, count: wanted.length });
  replies.forEach((reply, i) => {
    const [answer, line] = wanted[i];
    expect([seed, line, ...shortOf(reply)]).toEqual([seed, line, ...answer]);
    expect(reply.jsonrpc).toBe('2.0');
  });
  // Many of each kind, or the lines test nothing.
  const codes = replies.map((reply) => shortOf(reply)[1]);
  for (const code of ['result', -32700, -32600, -32601, -32602, -32022]) expect(codes).toContain(code);
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  for (const line of told) expect(line).not.toMatch(/[\u0000-\u001f]/);
});

test('a batch is answered as one where the version has batches, and refused where it has none', () => {
  const batch = JSON.stringify([
    { jsonrpc: '2.0', id: 1, method: 'ping' },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    7,
    { jsonrpc: '2.0', id: 'x', method: 'nothing' },
  ]);
  const silent = JSON.stringify([{ jsonrpc: '2.0', method: 'notifications/initialized' }]);
  const agreeing = (protocolVersion) => request(0, 'initialize', { protocolVersion });
  const { replies } = converse([agreeing('2025-03-26'), batch, '[]', silent, agreeing('2025-06-18'), batch]);
  expect(replies).toHaveLength(5);
  expect(replies[1].map(shortOf)).toEqual([[1, 'result'], [null, -32600], ['x', -32601]]); // prettier-ignore
  expect(shortOf(replies[2])).toEqual([null, -32600]);
  expect(shortOf(replies[4])).toEqual([null, -32600]);
});

test('what is too long or too deep is refused, and the next line is answered', () => {
  const ping = request(1, 'ping');
  const deep = `${'['.repeat(LONGEST / 2)}`;
  const long = request(2, 'ping', { pad: 'x'.repeat(LONGEST) });
  const nested = request(3, 'tools/call', {
    name: 'obs_status',
    arguments: JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`),
  });
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0xc3, 0x28]);
  const { replies, status, stderr } = converse([long, ping, deep, ping, nested, ping, bytes, ping]);
  expect([status, stderr]).toEqual([0, '']);
  expect(replies.map(shortOf)).toEqual([
    [null, -32600], [1, 'result'], [null, -32700], [1, 'result'], [3, 'result'], [1, 'result'], [null, -32700], [1, 'result'],
  ]); // prettier-ignore
  expect(replies[4].result.isError).toBe(true);
});

test('lines are the same however the bytes arrive, and none is kept that is too long', async () => {
  const seed = seedOfTest();
  const random = createRandom(seed);
  for (let round = 0; round < 200; round += 1) {
    const texts = Array.from({ length: random.below(8) }, () =>
      random.pick(['', 'a', 'é💥', 'x'.repeat(random.below(40))]),
    );
    const ended = random.chance(0.5);
    const bytes = Buffer.from(texts.join('\n') + (ended ? '\n' : ''));
    const pieces = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + random.below(9);
      pieces.push(bytes.subarray(at, end));
      at = end;
    }
    const got = [];
    for await (const line of linesOf(pieces, 20)) got.push(line);
    const whole = bytes.toString().split('\n');
    if (whole.at(-1) === '') whole.pop();
    const wanted = whole.map((line) => (Buffer.byteLength(line) > 20 ? TOO_LONG : line));
    expect([seed, got]).toEqual([seed, wanted]);
  }
});

test('the end of stdin ends the server, also in the middle of a line', () => {
  expect(converse([])).toMatchObject({ status: 0, stderr: '', lines: [] });
  const { replies, status } = converse([request(1, 'ping'), '{"jsonrpc":']);
  expect([status, replies.map(shortOf)]).toEqual([0, [[1, 'result'], [null, -32700]]]); // prettier-ignore
});

test('a server that goes on sees what is recorded meanwhile', async () => {
  const living = createTestWorkspace();
  const server = spawn(process.execPath, [OBS, 'mcp', '--root', living.root], { stdio: ['pipe', 'pipe', 'inherit'] });
  const replies = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const calls = async () => {
    server.stdin.write(`${request(1, 'tools/call', { name: 'obs_skills', arguments: { since: 'all' } })}\n`);
    const { value } = await replies.next();
    return recordedIn(JSON.parse(value).result.content[0].text).rows.map((row) => row.calls);
  };
  expect(await calls()).toEqual([]);
  living.logSkillInvocation({ skill: 'deploy', result: 'success' });
  expect(await calls()).toEqual([1]);
  living.logSkillInvocation({ skill: 'deploy', result: 'success' });
  expect(await calls()).toEqual([2]);
  server.stdin.end();
  expect((await replies.next()).done).toBe(true);
  living.cleanup();
});
