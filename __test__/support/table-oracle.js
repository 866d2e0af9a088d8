// A naive reading of what types/tables.d.ts says: every table rescans its files. The package must give the same.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { ANALYTICS, LOGS, groups, nearestRank, numbers, records, time } = require('./oracle.js');

const iso = (at) => new Date(at).toISOString();
const share = (part, whole) => (whole === 0 ? 0 : part / whole);
const timesOf = (list) => list.map((each) => time(each.timestamp)).filter((at) => !Number.isNaN(at));
const latest = (list) => (timesOf(list).length > 0 ? iso(Math.max(...timesOf(list))) : null);
const earliest = (list) => (timesOf(list).length > 0 ? iso(Math.min(...timesOf(list))) : null);
const rank = (list, key, percent) => nearestRank(numbers(list, key), percent) ?? null;

/** Fisher's exact test by its definition, over logarithms of factorials. */
function chance([good, all], [otherGood, otherAll]) {
  const logs = [0];
  for (let n = 1; n <= all + otherAll; n += 1) logs.push(logs[n - 1] + Math.log(n));
  const choose = (n, k) => logs[n] - logs[k] - logs[n - k];
  const successes = good + otherGood;
  const of = (k) => choose(all, k) + choose(otherAll, successes - k) - choose(all + otherAll, successes);
  let sum = 0;
  for (let k = Math.max(0, successes - otherAll); k <= Math.min(successes, all); k += 1) {
    if (of(k) <= of(good) + 1e-7) sum += Math.exp(of(k));
  }
  return Math.min(sum, 1);
}

/** Wilson's interval as the two roots of its quadratic equation. */
function wilson(k, n) {
  if (n === 0) return [0, 1];
  const zz = 1.959963984540054 ** 2;
  const [a, b, c] = [n + zz, -(2 * k + zz), (k * k) / n];
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return [k === 0 ? 0 : (-b - root) / (2 * a), k === n ? 1 : (-b + root) / (2 * a)];
}

/** The oracle's own view of a period: what is inside, and what is in the one before. */
function periodOf({ from, to, backMs }, now) {
  const end = to ?? now;
  const back = Math.max(backMs ?? 0, end - from);
  const before = from === null ? null : [from - back, end - back];
  const all = from === null && to === null;
  const within = (start, stop) => (each) => time(each.timestamp) >= start && time(each.timestamp) < stop;
  return {
    inside: all ? () => true : within(from ?? -Infinity, to === null ? Infinity : to + 1),
    earlier: before === null ? () => false : within(...before),
    head: { schema: 1, from: from === null ? null : iso(from), to: iso(end) },
    before: before === null ? null : iso(before[0]),
    end,
    from,
  };
}

function outcomes(list, earlier, key, period) {
  const good = list.filter((each) => each.success).length;
  const goodBefore = earlier.filter((each) => each.success).length;
  const [low, high] = wilson(good, list.length);
  const [total, before] = [list.length, earlier.length];
  return {
    total,
    successful: good,
    failed: total - good,
    rate: share(good, total),
    low,
    high,
    p50_ms: rank(list, key, 50),
    p95_ms: rank(list, key, 95),
    before:
      period.before === null
        ? null
        : { total: before, successful: goodBefore, failed: before - goodBefore, rate: share(goodBefore, before) },
    chance: total > 0 && before > 0 ? chance([good, total], [goodBefore, before]) : null,
  };
}

function streakOf(list) {
  let streak = 0;
  while (streak < list.length && Boolean(list.at(-1 - streak).success) === Boolean(list.at(-1).success)) streak += 1;
  return list.length > 0 && !list.at(-1).success ? -streak : streak;
}

function spread(list, start, end) {
  const parts = Array.from({ length: 20 }, () => 0);
  for (const at of timesOf(list)) {
    parts[Math.min(19, Math.max(0, Math.floor(((at - start) * 20) / Math.max(1, end - start + 1))))] += 1;
  }
  return parts;
}

function usageRow(of, list, earlier, start, period) {
  const count = (all, result) => all.filter((each) => each.result === result).length;
  const [good, goodBefore] = [count(list, 'success'), count(earlier, 'success')];
  const failures = list.filter((each) => each.result === 'failure');
  return {
    ...of,
    calls: list.length,
    successful: good,
    failed: failures.length,
    success_rate: share(good, list.length),
    cache_hits: list.filter((each) => each.cache_hit).length,
    p50_ms: rank(list, 'duration_ms', 50),
    p95_ms: rank(list, 'duration_ms', 95),
    error_bound: 0,
    first_used: earliest(list),
    last_used: latest(list) ?? latest(earlier),
    spark: spread(list, start, period.end),
    spark_failed: spread(failures, start, period.end),
    before:
      period.before === null
        ? null
        : {
            calls: earlier.length,
            successful: goodBefore,
            failed: count(earlier, 'failure'),
            success_rate: share(goodBefore, earlier.length),
            p95_ms: rank(earlier, 'duration_ms', 95),
          },
    chance: list.length > 0 && earlier.length > 0 ? chance([good, list.length], [goodBefore, earlier.length]) : null,
  };
}

/** Codes and words by which the kinds of errors are told, as the types name them. */
const KINDS = [
  [/(?<![\w.])(529|503)(?![\w])/, 'overloaded'],
  [/(?<![\w.])429(?![\w])/, 'rate_limit'],
  [/(?<![\w.])(401|403)(?![\w])/, 'auth'],
  [/(?<![\w.])(408|504)(?![\w])/, 'timeout'],
  [/rate limit|quota/i, 'rate_limit'],
  [/overloaded/i, 'overloaded'],
  [/api key/i, 'auth'],
  [/timeout/i, 'timeout'],
];
const kindOf = (error) => (error ? (KINDS.find(([words]) => words.test(error))?.[1] ?? 'other') : 'other');
const mostFirst = (rows, count) => rows.toSorted((a, b) => count(b) - count(a));

function createTableOracle(root) {
  const executions = () => records(root, `${ANALYTICS}/cuj-metrics.jsonl`, 'cuj_id');
  const calls = () => records(root, `${ANALYTICS}/provider-health.jsonl`, 'provider');
  const progress = () => records(root, `${LOGS}/progress.jsonl`, null);

  function invocations() {
    const folder = path.join(root, LOGS);
    const names = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
    const days = names.filter((name) => /^skill-invocations-\d{4}-\d\d-\d\d\.jsonl$/.test(name));
    return days.flatMap((file) => records(root, `${LOGS}/${file}`, 'skill'));
  }

  function usage(keys, { skill, ...asked }, now) {
    const period = periodOf(asked, now);
    const all = invocations().filter((each) => !skill || each.skill === skill);
    const rows = new Map();
    for (const each of all.filter((one) => period.inside(one) || period.earlier(one))) {
      const name = JSON.stringify(keys.map((key) => each[key] || null));
      if (!rows.has(name)) rows.set(name, []);
      rows.get(name).push(each);
    }
    const start = asked.from ?? Math.min(...timesOf(all.filter(period.inside)));
    const made = [...rows].map(([name, list]) => {
      const inside = list.filter(period.inside);
      const of = Object.fromEntries(JSON.parse(name).map((value, place) => [keys[place], value]));
      if (keys[0] === 'agent') of.skills = new Set(inside.map((each) => each.skill)).size;
      return usageRow(of, inside, list.filter(period.earlier), start, period);
    });
    return { ...period.head, before_from: period.before, rows: mostFirst(made, (row) => row.calls) };
  }

  const cujRow = (strip) => (cujId, list, period) => {
    const [inside, earlier] = [list.filter(period.inside), list.filter(period.earlier)];
    const failure = inside.findLast((each) => !each.success);
    return {
      cuj_id: cujId,
      ...outcomes(inside, earlier, 'duration_ms', period),
      streak: streakOf(inside),
      strip: (strip === 0 ? [] : inside.slice(-strip)).map((each) => Boolean(each.success)),
      first_run: earliest(inside),
      last_run: latest(inside) ?? latest(earlier),
      last_failure: failure
        ? { at: latest([failure]), error: failure.error || null, kind: kindOf(failure.error) }
        : null,
    };
  };

  function providerRow(provider, list, period) {
    const [inside, earlier] = [list.filter(period.inside), list.filter(period.earlier)];
    const failed = inside.filter((each) => !each.success);
    const { rate } = outcomes(inside, earlier, 'latency_ms', period);
    const well = rate < 0.7 ? 'unhealthy' : rate < 0.9 ? 'degraded' : 'healthy';
    const kinds = { overloaded: 0, rate_limit: 0, auth: 0, timeout: 0, other: 0 };
    for (const each of failed) kinds[kindOf(each.error)] += 1;
    const last = failed.at(-1);
    return {
      provider,
      state: inside.length === 0 ? 'unknown' : well,
      ...outcomes(inside, earlier, 'latency_ms', period),
      kinds,
      last_call: latest(inside) ?? latest(earlier),
      last_failure: last ? { at: latest([last]), error: last.error || null, kind: kindOf(last.error) } : null,
    };
  }

  const table = (list, key, asked, now, row) => {
    const period = periodOf(asked, now);
    const found = list.filter((each) => period.inside(each) || period.earlier(each));
    const order = new Set(list.map((each) => each[key]));
    const by = groups(found, key);
    const rows = [...order].filter((name) => by.has(name)).map((name) => row(name, by.get(name), period));
    return { ...period.head, before_from: period.before, rows: mostFirst(rows, ({ total }) => total) };
  };

  /** Failures in the period as `[source, name, error, time]`. */
  function failures(asked, now) {
    const { inside } = periodOf(asked, now);
    const of = (source, key, list, bad) =>
      list.filter((each) => inside(each) && bad(each)).map((each) => [source, each[key], each.error || 'Unknown error', time(each.timestamp)]); // prettier-ignore
    return [
      ...of('cuj', 'cuj_id', executions(), (each) => !each.success),
      ...of('skill', 'skill', invocations(), (each) => each.result === 'failure'),
      ...of('provider', 'provider', calls(), (each) => !each.success),
    ];
  }

  return {
    getSkillTable: ({ by = null, ...asked }, now) =>
      usage(by === null ? ['skill'] : ['skill', { agent: 'agent', cuj: 'cuj_id', run: 'run_id' }[by]], asked, now),
    getAgentTable: (asked, now) => usage(['agent'], asked, now),
    getCujTable: ({ cujId, strip = 20, ...asked }, now) =>
      table(executions().filter((each) => !cujId || each.cuj_id === cujId), 'cuj_id', asked, now, cujRow(strip)), // prettier-ignore
    getProviderTable: (asked, now) => table(calls(), 'provider', asked, now, providerRow),
    failures,

    getSlowestCalls({ limit = 10, skill, ...asked }, now) {
      const { inside, head } = periodOf(asked, now);
      const found = invocations().filter((each) => inside(each) && (!skill || each.skill === skill));
      const slow = mostFirst(found.filter((each) => Number.isFinite(each.duration_ms)), (each) => each.duration_ms); // prettier-ignore
      return { ...head, durations: slow.slice(0, limit).map((each) => each.duration_ms) };
    },

    getLatestLogs({ limit = 20, grep, ...filters }) {
      const fields = { skill: 'skill', agent: 'agent', result: 'result', runId: 'run_id', cujId: 'cuj_id' };
      const fits = (each) =>
        Object.entries(fields).every(([name, key]) => !filters[name] || each[key] === filters[name]) &&
        (!grep || new RegExp(grep, 'i').test(JSON.stringify(each)));
      return invocations().filter(fits).slice(-limit);
    },

    /** Each run's id with what its events tell, the latest first, those in progress before the others. */
    getRuns(asked, now) {
      const { inside } = periodOf(asked, now);
      const events = progress().map((event, place) => ({ ...event, place }));
      const runs = [...groups(events.filter((event) => event.run_id), 'run_id')].map(([run_id, list]) => ({ run_id, list })); // prettier-ignore
      const ended = ({ status, percentage }) =>
        status === 'failed' ? 'failed' : ['completed', 'skipped'].includes(status) && percentage >= 100 ? 'completed' : null; // prettier-ignore
      return runs
        .filter(({ list }) => inside({ timestamp: Math.max(...timesOf(list)) }))
        .sort((a, b) => b.list.at(-1).place - a.list.at(-1).place)
        .map(({ run_id, list }) => {
          const [first, last] = [Math.min(...timesOf(list)), Math.max(...timesOf(list))];
          const over = ended(list.at(-1));
          const { step, message, percentage } = list.at(-1);
          const elapsed_ms = Math.max(0, (over ? last : now) - first);
          return { run_id, over, step, message, percentage, events: list.length, elapsed_ms, started_at: iso(first), updated_at: iso(last) }; // prettier-ignore
        })
        .toSorted((a, b) => Number(a.over !== null) - Number(b.over !== null));
    },
  };
}

module.exports = { chance, createTableOracle, kindOf, wilson };
