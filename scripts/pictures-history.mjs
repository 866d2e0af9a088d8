// A made-up fortnight of a small workspace, up to now, for pictures of the page: as varied as real ones, and nobody's.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeRandom, pick } from '../bench/data.mjs';

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAYS = 14;

const CUJS = {
  'CUJ-001': { rate: 0.97, ms: 900 },
  'CUJ-002': { rate: 0.9, ms: 4800, worse: 0.8 },
  'CUJ-003': { rate: 0.995, ms: 160 },
  'CUJ-004': { rate: 0.8, ms: 17_000 },
  'CUJ-005': { rate: 0.95, ms: 72_000 },
};
const SKILLS = ['repo-search', 'plan-change', 'edit-files', 'run-tests', 'review-diff', 'summarize', 'release-notes'];
const AGENTS = ['architect', 'developer', 'qa', 'technical-writer'];
const PROVIDERS = { anthropic: 0.985, openai: 0.96, google: 0.88 };
const ERRORS = [
  'Timeout after 8000 ms',
  'HTTP 529: overloaded',
  'HTTP 429: too many requests',
  'src/harbour.ts(41,7): error TS2345: Argument of type string is not assignable',
  '3 of 212 tests failed',
];
const OBJECTIVES = [
  { cuj: 'CUJ-001', success: 0.95, over: '7d' },
  { cuj: 'CUJ-002', success: 0.9, over: '7d' },
  { cuj: 'CUJ-004', success: 0.75, over: '7d' },
];

const iso = (at) => new Date(at).toISOString();
/** Mostly about as long as usual, now and then much longer. */
const around = (random, ms) => Math.round(ms * Math.exp((random() + random() + random() - 1.5) * 1.1));

function execution(random, at, run) {
  const [id, { rate, ms, worse }] = pick(random, Object.entries(CUJS));
  const late = Date.now() - at < 5 * DAY;
  const success = random() < (late ? (worse ?? rate) : rate);
  const resources = { memory_delta_mb: random() * 40, cpu_user_ms: random() * 900 };
  const error = success ? null : pick(random, ERRORS);
  const duration = around(random, ms);
  const metadata = { run_id: run, resources };
  return { timestamp: iso(at), cuj_id: id, success, duration_ms: duration, error, metadata };
}

function invocation(random, at, run, skill) {
  const failed = random() < 0.06;
  const error = failed ? pick(random, ERRORS) : null;
  const base = { timestamp: iso(at), type: 'skill_invocation', skill, params: '{}' };
  const result = { result: failed ? 'failure' : 'success', duration_ms: around(random, 120 + 400 * skill.length) };
  return {
    ...base,
    ...result,
    cache_hit: random() < 0.3,
    agent: pick(random, AGENTS),
    run_id: run,
    error,
    metadata: {},
  };
}

function call(random, at, run) {
  const [provider, rate] = pick(random, Object.entries(PROVIDERS));
  const success = random() < rate;
  const error = success ? null : pick(random, ERRORS.slice(0, 3));
  const latency = around(random, 1800);
  return {
    timestamp: at,
    iso_timestamp: iso(at),
    provider,
    success,
    latency_ms: latency,
    error,
    metadata: { run_id: run },
  };
}

/** The events of a run; of one that goes on, those so far. */
function progress(random, at, run, { steps, done = steps, each = 6 * MINUTE }) {
  const messages = ['Reading the tree', 'Planning', 'Editing src/harbour.ts', 'Running 212 tests', 'Writing notes'];
  const metadata = { cuj_id: pick(random, Object.keys(CUJS)) };
  return Array.from({ length: done }, (_, index) => {
    const [step, when] = [index + 1, at + index * each + random() * MINUTE];
    const percentage = Math.round((100 * step) / steps);
    const status = step === steps ? 'completed' : 'running';
    const message = messages[index % messages.length];
    return {
      timestamp: Math.round(when),
      iso_timestamp: iso(when),
      run_id: run,
      step,
      status,
      percentage,
      message,
      metadata,
    };
  });
}

function write(root, file, records) {
  const target = path.join(root, '.claude', 'context', ...file.split('/'));
  mkdirSync(path.dirname(target), { recursive: true });
  const time = (record) => Date.parse(record.iso_timestamp ?? record.timestamp);
  const sorted = [...records].sort((a, b) => time(a) - time(b));
  writeFileSync(target, sorted.map((record) => `${JSON.stringify(record)}\n`).join(''));
}

function install(root) {
  for (const skill of [...SKILLS, 'translate-docs', 'accessibility-audit']) {
    const folder = path.join(root, '.claude', 'skills', skill);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'SKILL.md'), `---\nname: ${skill}\n---\n`);
  }
  const config = path.join(root, '.claude', 'context', 'config');
  mkdirSync(config, { recursive: true });
  writeFileSync(path.join(config, 'objectives.json'), JSON.stringify({ objectives: OBJECTIVES }));
}

/** Puts the fortnight on record at `root`. */
export function makeFortnight(root) {
  const random = makeRandom(7);
  const all = { executions: [], skills: [], calls: [], events: [] };
  const now = Date.now();
  for (let index = 0; index < 2600; index += 1) {
    const at = Math.round(now - random() * DAYS * DAY);
    const run = `run-${1000 + Math.floor((now - at) / (40 * MINUTE))}`;
    all.executions.push(execution(random, at, run));
    for (let more = 0; more < 3; more += 1) {
      all.skills.push(invocation(random, at - more * 7000, run, pick(random, SKILLS)));
    }
    all.calls.push(call(random, at, run));
  }
  for (let index = 0; index < 24; index += 1) {
    all.events.push(...progress(random, now - (index + 1) * 40 * MINUTE, `run-${1000 + index}`, { steps: 5 }));
  }
  all.events.push(...progress(random, now - 4 * MINUTE, 'run-release-42', { steps: 7, done: 3, each: MINUTE }));
  all.events.push(...progress(random, now - 95 * MINUTE, 'run-nightly-docs', { steps: 6, done: 2 }));
  write(root, 'analytics/cuj-metrics.jsonl', all.executions);
  write(root, 'analytics/provider-health.jsonl', all.calls);
  write(root, 'logs/progress.jsonl', all.events);
  for (const day of new Set(all.skills.map(({ timestamp }) => timestamp.slice(0, 10)))) {
    const own = all.skills.filter(({ timestamp }) => timestamp.startsWith(day));
    write(root, `logs/skill-invocations-${day}.jsonl`, own);
  }
  install(root);
}
