// Makes the benchmark's inputs: varied events and the records they become; same seed, same data.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const DAY = 86_400_000;
export const HOUR = 3_600_000;

/** A small generator of pseudo-random numbers in [0, 1) (mulberry32). */
export function makeRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const SKILLS = [
  'todo-scanner',
  'link-checker',
  'json-validator',
  'markdown-summary',
  'test-generator',
  'api-contract',
];
export const AGENTS = ['developer', 'qa', 'architect', 'technical-writer', 'security'];
export const ERRORS = [
  'deadline exceeded',
  'missing harbours.json',
  'no provider answered',
  'schema mismatch at $.port',
];
export const PROVIDERS = ['anthropic', 'openai', 'google'];
/** One of a list. */
export const pick = (random, list) => list[Math.floor(random() * list.length)];
/** Up to eight letters and digits. */
export const word = (random) => Math.floor(random() * 2 ** 40).toString(36);
/** A whole number from 0 to below `most`. */
export const count = (random, most) => Math.floor(random() * most);

// Code as agents send it: lines of this very package in a new order each time.
const folder = fileURLToPath(new URL('.', import.meta.url));
const CODE = readdirSync(folder)
  .filter((name) => name.endsWith('.mjs'))
  .flatMap((name) => readFileSync(path.join(folder, name), 'utf8').split('\n'))
  .filter((line) => /^[\x20-\x7e]*$/.test(line));

// One letter beyond Latin-1, and V8 keeps the whole text with two bytes for each letter.
const WIDE = '// Prüfe den Hafen → Łódź';

function makeCode(random, bytes, wide) {
  let text = wide ? `${WIDE}\n` : '';
  while (text.length < bytes) text += `${pick(random, CODE)}\n`;
  return text.slice(0, bytes);
}

/** One event for `logSkillInvocation`; `code` adds that many letters of source (`wide` beyond ASCII), `usage` the token counts of a model call. */
export function skillEvent(random, { code = 0, wide = false, usage = false } = {}) {
  const params = { file: `src/${word(random)}/${word(random)}.js`, depth: count(random, 9), strict: random() < 0.5 };
  if (code > 0) params.code = makeCode(random, code, wide);
  const metadata = { step: count(random, 12), cache_key: word(random) };
  if (usage) metadata.usage = { input_tokens: count(random, 9e4), output_tokens: count(random, 4e3) };
  const failed = random() < 0.1;
  return {
    skill: pick(random, SKILLS),
    params,
    result: failed ? 'failure' : 'success',
    duration: random() * 900,
    cacheHit: random() < 0.4,
    agent: pick(random, AGENTS),
    runId: `run-${word(random)}`,
    cujId: `CUJ-${count(random, 20)}`,
    error: failed ? pick(random, ERRORS) : null,
    metadata,
  };
}

/** The record that the event becomes, as an object that has only to be made text. */
export function skillRecord(event) {
  return {
    timestamp: new Date().toISOString(),
    type: 'skill_invocation',
    skill: event.skill,
    params: JSON.stringify(event.params),
    result: event.result,
    duration_ms: event.duration,
    cache_hit: event.cacheHit,
    agent: event.agent,
    run_id: event.runId,
    cuj_id: event.cujId,
    error: event.error,
    metadata: event.metadata,
  };
}

/** The record of one execution at `time` (epoch ms), about 280 bytes long. */
export function executionRecord(random, time = Date.now()) {
  const success = random() < 0.85;
  const resources = { memory_delta_mb: random() * 8, cpu_user_ms: random() * 400 };
  return {
    timestamp: new Date(time).toISOString(),
    cuj_id: `CUJ-${String(count(random, 20)).padStart(3, '0')}`,
    success,
    duration_ms: random() * 60_000,
    error: success ? null : `${pick(random, ERRORS)} in ${word(random)}`,
    metadata: {
      run_id: `run-${word(random)}`,
      agents_used: [pick(random, AGENTS)],
      attempt: count(random, 4),
      resources,
    },
  };
}

export function progressRecord(random) {
  const now = Date.now();
  return {
    timestamp: now,
    iso_timestamp: new Date(now).toISOString(),
    run_id: `run-${word(random)}`,
    step: count(random, 12),
    status: random() < 0.5 ? 'running' : 'completed',
    percentage: count(random, 100),
    message: `Checking ${word(random)} of ${word(random)}`,
    metadata: { agent: pick(random, AGENTS) },
  };
}

export function providerRecord(random) {
  const now = Date.now();
  const success = random() < 0.93;
  return {
    timestamp: now,
    iso_timestamp: new Date(now).toISOString(),
    provider: pick(random, PROVIDERS),
    success,
    latency_ms: count(random, 9_000),
    error: success ? null : `${pick(random, ERRORS)} (${word(random)})`,
    metadata: {},
  };
}
