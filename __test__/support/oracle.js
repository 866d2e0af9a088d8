// A naive reading of the documentation: every question rescans its file. The package must give the same answers.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const LOGS = '.claude/context/logs';
const ANALYTICS = '.claude/context/analytics';

/** The records of a file that count, in file order; `id` names the property without which a line is none. */
function records(root, file, id) {
  let text;
  try {
    text = fs.readFileSync(path.join(root, file), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    const record = parsed(line) ?? beginning(line);
    const counts = typeof record === 'object' && record !== null && !Array.isArray(record);
    return counts && (id === null || record[id]) ? [record] : [];
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object with which a damaged line begins. What stands behind one is the business of `tests/apart.rs`. */
function beginning(line) {
  for (let end = line.indexOf('}'); end >= 0; end = line.indexOf('}', end + 1)) {
    const record = parsed(line.slice(0, end + 1));
    if (record !== undefined) return record;
  }
  return undefined;
}

/** Epoch ms of a stored time, `NaN` when it cannot be read. */
function time(value) {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return NaN;
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/i.test(value) ? value : `${value}Z`);
}

/** When a call was, epoch ms; `null` when there is none, or its time cannot be read. */
function epochMs(call) {
  const at = time(call?.timestamp);
  return Number.isNaN(at) ? null : at;
}

const finite = (value) => (Number.isFinite(value) ? value : 0);
const sum = (values) => values.reduce((total, value) => total + finite(value), 0);
const share = (part, whole) => (whole === 0 ? 0 : part / whole);
const iso = (at) => new Date(at).toISOString();

/** Own property by any name, `__proto__` too. */
function put(object, name, value) {
  Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

function groups(list, name) {
  const by = new Map();
  for (const each of list) {
    if (!by.has(each[name])) by.set(each[name], []);
    by.get(each[name]).push(each);
  }
  return by;
}

function nearestRank(sorted, percent) {
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}

function numbers(list, name) {
  return list
    .map((each) => each[name])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
}

/** The finite number under `name` in a record's metadata, or else in their `resources`; `undefined` when there is none. */
function resource(record, name) {
  const { metadata } = record;
  return [metadata?.[name], metadata?.resources?.[name]].find(Number.isFinite);
}

/** The slope of the least squares through (0, values[0]), (1, values[1]), …, by the textbook's sums. */
function slope(values) {
  const n = values.length;
  if (n < 2) return 0;
  const [x, y, xy, xx] = [0, 0, 0, 0].map((_, which) =>
    values.map((value, at) => [at, value, at * value, at * at][which]).reduce((total, each) => total + each, 0),
  );
  return (n * xy - x * y) / (n * xx - x * x);
}

function resourceTrend(list) {
  const names = ['memory_delta_mb', 'heap_used_mb', 'cpu_user_ms', 'cpu_system_ms'];
  const answer = { count: list.filter((each) => names.some((name) => resource(each, name) !== undefined)).length };
  for (const name of names) {
    const values = list.map((each) => resource(each, name)).filter((value) => value !== undefined);
    const sorted = values.toSorted((a, b) => a - b);
    answer[name] =
      values.length === 0
        ? null
        : {
            count: values.length,
            first: values[0],
            last: values.at(-1),
            mean: sum(values) / values.length,
            p95: nearestRank(sorted, 95),
            slope: slope(values),
          };
  }
  return answer;
}

/** A question without an id is about all CUJs. */
function isAbout(cujId) {
  return (execution) => cujId === undefined || cujId === null || cujId === '' || execution.cuj_id === cujId;
}

function stability(cujId, list) {
  let [flips, streak, longest] = [0, 0, 0];
  list.forEach((each, at) => {
    const flipped = at > 0 && Boolean(each.success) !== Boolean(list[at - 1].success);
    if (flipped) flips += 1;
    streak = flipped || at === 0 ? 1 : streak + 1;
    if (!each.success) longest = Math.max(longest, streak);
  });
  return {
    cuj_id: cujId,
    total: list.length,
    flips,
    flip_rate: list.length < 2 ? 0 : flips / (list.length - 1),
    current_streak: list.length > 0 && !list.at(-1).success ? -streak : streak,
    longest_failure_streak: longest,
  };
}

/** The oracle for one project root. Every method takes the time, where it needs one, as its last argument. */
function createOracle(root) {
  const executions = () => records(root, `${ANALYTICS}/cuj-metrics.jsonl`, 'cuj_id');
  const calls = () => records(root, `${ANALYTICS}/provider-health.jsonl`, 'provider');
  const progress = () => records(root, `${LOGS}/progress.jsonl`, null);

  function inWindow(timeWindow, now) {
    if (!timeWindow) return executions();
    return executions().filter((each) => now - time(each.timestamp) <= timeWindow);
  }

  function metrics(cujId, list, timeWindow, now) {
    const successful = list.filter((each) => each.success).length;
    const answer = {
      cuj_id: cujId,
      total: list.length,
      successful,
      failed: list.length - successful,
      rate: share(successful, list.length),
      avg_duration_ms: share(sum(list.map((each) => each.duration_ms)), list.length),
      time_window_ms: timeWindow,
    };
    if (list.length === 0) return answer;
    const times = list.map((each) => time(each.timestamp)).filter((at) => !Number.isNaN(at));
    const start = timeWindow ? now - timeWindow : Math.min(...times);
    return { ...answer, window_start: Number.isFinite(start) ? iso(start) : null, window_end: iso(now) };
  }

  const ofCuj = (cujId, timeWindow, now) => inWindow(timeWindow, now).filter(isAbout(cujId));

  function health(provider, list) {
    const good = list.filter((each) => each.success);
    const bad = list.filter((each) => !each.success);
    const latest = numbers(list.slice(-100), 'latency_ms');
    return {
      provider,
      available: true,
      success_rate: good.length / list.length,
      total_calls: list.length,
      successful_calls: good.length,
      failed_calls: bad.length,
      avg_latency_ms: Math.round(share(sum(list.map((each) => each.latency_ms)), numbers(list, 'latency_ms').length)),
      latency_p50: nearestRank(latest, 50) ?? 0,
      latency_p95: nearestRank(latest, 95) ?? 0,
      latency_p99: nearestRank(latest, 99) ?? 0,
      last_success: epochMs(good.at(-1)),
      last_failure: epochMs(bad.at(-1)),
      recent_errors: bad
        .filter((each) => each.error)
        .slice(-10)
        .map(({ timestamp, error }) => ({ timestamp, error })),
    };
  }

  const allHealth = () => [...groups(calls(), 'provider')].map(([provider, list]) => health(provider, list));

  return {
    getCujSuccessRate: (cujId, timeWindow, now) => metrics(cujId, ofCuj(cujId, timeWindow, now), timeWindow, now),

    getAllCujMetrics(timeWindow, now) {
      const answer = {};
      const by = groups(inWindow(timeWindow, now), 'cuj_id');
      for (const [cujId, list] of by) put(answer, cujId, metrics(cujId, list, timeWindow, now));
      return answer;
    },

    getCujTrending(cujId, buckets, size, now) {
      const list = executions().filter(isAbout(cujId));
      return Array.from({ length: buckets }, (_, index) => {
        const start = now - (buckets - index) * size;
        const end = now - (buckets - index - 1) * size;
        const within = list.filter((each) => time(each.timestamp) >= start && time(each.timestamp) < end);
        const successful = within.filter((each) => each.success).length;
        return {
          bucket_start: iso(start),
          bucket_end: iso(end),
          total: within.length,
          successful,
          failed: within.length - successful,
          rate: share(successful, within.length),
        };
      });
    },

    getFailureAnalysis(cujId, timeWindow, now) {
      const failed = ofCuj(cujId, timeWindow, now).filter((each) => !each.success);
      const counts = new Map();
      for (const { error } of failed) {
        const name = error || 'Unknown error';
        counts.set(name, (counts.get(name) ?? 0) + 1);
      }
      return {
        cuj_id: cujId,
        total_failures: failed.length,
        unique_errors: counts.size,
        top_errors: [...counts]
          .map(([error, count]) => ({ error, count }))
          .sort((a, b) => b.count - a.count)
          .slice(0, 10),
        recent_failures: failed
          .slice(-5)
          .map(({ timestamp, error, duration_ms }) => ({ timestamp, error, duration_ms })),
      };
    },

    getPerformancePercentiles(cujId, timeWindow, now) {
      const sorted = numbers(ofCuj(cujId, timeWindow, now), 'duration_ms');
      if (sorted.length === 0) return { p50: 0, p75: 0, p90: 0, p95: 0, p99: 0 };
      const answer = { cuj_id: cujId };
      for (const percent of [50, 75, 90, 95, 99]) answer[`p${percent}`] = nearestRank(sorted, percent);
      return { ...answer, min: sorted[0], max: sorted.at(-1), count: sorted.length };
    },

    /** `filters` with `start` and `end` in epoch ms; without either, the day of `now`. */
    queryLogs(filters, now) {
      const folder = path.join(root, LOGS);
      const days = fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
      const ranged = filters.start !== undefined || filters.end !== undefined;
      const found = [];
      for (const file of days.filter((name) => /^skill-invocations-\d{4}-\d\d-\d\d\.jsonl$/.test(name))) {
        if (!ranged && file !== `skill-invocations-${iso(now).slice(0, 10)}.jsonl`) continue;
        found.push(...records(root, `${LOGS}/${file}`, 'skill'));
      }
      const fields = { skill: 'skill', agent: 'agent', result: 'result', runId: 'run_id', cujId: 'cuj_id' };
      const matching = found.filter((entry) => {
        const at = time(entry.timestamp);
        if (ranged && !(at >= (filters.start ?? -Infinity) && at <= (filters.end ?? Infinity))) return false;
        return Object.entries(fields).every(([name, key]) => !filters[name] || entry[key] === filters[name]);
      });
      return filters.limit ? matching.slice(0, filters.limit) : matching;
    },

    getStatistics(filters, now) {
      const entries = this.queryLogs(filters, now);
      const total = sum(entries.map((each) => each.duration_ms));
      const answer = {
        total_invocations: entries.length,
        successful: entries.filter((each) => each.result === 'success').length,
        failed: entries.filter((each) => each.result === 'failure').length,
        cache_hits: entries.filter((each) => each.cache_hit).length,
        total_duration_ms: total,
        avg_duration_ms: share(total, entries.length),
        by_skill: {},
        by_agent: {},
        by_cuj: {},
      };
      for (const [skill, list] of groups(entries, 'skill')) {
        put(answer.by_skill, skill, {
          count: list.length,
          duration_ms: sum(list.map((each) => each.duration_ms)),
          failures: list.filter((each) => each.result === 'failure').length,
          cache_hits: list.filter((each) => each.cache_hit).length,
        });
      }
      for (const [name, key] of [
        ['by_agent', 'agent'],
        ['by_cuj', 'cuj_id'],
      ]) {
        for (const [id, list] of groups(entries, key)) {
          if (name === 'by_cuj' && !id) continue;
          put(answer[name], id, { count: list.length, duration_ms: sum(list.map((each) => each.duration_ms)) });
        }
      }
      return answer;
    },

    /** With exact percentiles; those of the package may be off by 0.1 %. */
    getSkillPerformance(filters, now) {
      const answer = {};
      for (const [skill, list] of groups(this.queryLogs(filters, now), 'skill')) {
        const sorted = numbers(list, 'duration_ms');
        const rank = (percent) => nearestRank(sorted, percent) ?? 0;
        put(answer, skill, {
          count: list.length,
          success_rate: list.filter((each) => each.result === 'success').length / list.length,
          cache_hit_rate: list.filter((each) => each.cache_hit).length / list.length,
          mean_ms: sum(list.map((each) => each.duration_ms)) / list.length,
          p50_ms: rank(50),
          p90_ms: rank(90),
          p95_ms: rank(95),
          p99_ms: rank(99),
          min_ms: sorted[0] ?? 0,
          max_ms: sorted.at(-1) ?? 0,
          method: sorted.length > 16_384 ? 'hdr' : 'exact',
          error_bound: sorted.length > 16_384 ? 0.001 : 0,
        });
      }
      return answer;
    },

    getCujStability: (cujId, timeWindow, now) => stability(cujId, ofCuj(cujId, timeWindow, now)),

    getCujPerformanceTrend(cujId, buckets, size, now) {
      const list = executions().filter(isAbout(cujId));
      return this.getCujTrending(cujId, buckets, size, now).map((bucket, index) => {
        const [start, end] = [now - (buckets - index) * size, now - (buckets - index - 1) * size];
        const within = list.filter((each) => time(each.timestamp) >= start && time(each.timestamp) < end);
        const sorted = numbers(within, 'duration_ms');
        return {
          ...bucket,
          avg_duration_ms: share(sum(within.map((each) => each.duration_ms)), within.length),
          p50: nearestRank(sorted, 50) ?? 0,
          p95: nearestRank(sorted, 95) ?? 0,
          max: sorted.at(-1) ?? 0,
        };
      });
    },

    getResourceTrend({ cujId, skill }, timeWindow, now) {
      if (skill === undefined) return resourceTrend(ofCuj(cujId, timeWindow, now));
      const all = this.queryLogs({ skill, start: timeWindow ? now - timeWindow : -Infinity }, now);
      return resourceTrend(all);
    },

    getProgressHistory(runId, limit) {
      const list = progress().filter((each) => runId === null || each.run_id === runId);
      return limit ? list.slice(0, limit) : list;
    },

    getCurrentProgress: (runId) => progress().findLast((each) => each.run_id === runId) ?? null,

    getProviderHealth(provider) {
      const list = calls().filter((each) => each.provider === provider.toLowerCase());
      return list.length > 0 ? health(provider, list) : { provider, available: false, reason: 'No data available' };
    },

    getAllProviderHealth() {
      const answer = {};
      for (const each of allHealth()) put(answer, each.provider, each);
      return answer;
    },

    getOverallHealth() {
      const all = allHealth();
      const answer = { status: 'unknown', healthy_providers: 0, total_providers: 0 };
      if (all.length === 0) return { ...answer, overall_success_rate: 0, overall_avg_latency_ms: 0 };
      const total = sum(all.map((each) => each.total_calls));
      const rate = sum(all.map((each) => each.successful_calls)) / total;
      const latency = sum(all.map((each) => each.avg_latency_ms * each.total_calls)) / total;
      return {
        status: rate < 0.7 ? 'unhealthy' : rate < 0.9 ? 'degraded' : 'healthy',
        healthy_providers: all.filter((each) => each.success_rate > 0.95).length,
        total_providers: all.length,
        overall_success_rate: rate,
        overall_avg_latency_ms: Math.round(latency),
        providers: this.getAllProviderHealth(),
      };
    },

    getProviderComparison() {
      return allHealth()
        .map(({ provider, success_rate, avg_latency_ms, total_calls }) => ({
          provider,
          success_rate,
          avg_latency_ms,
          total_calls,
          score: success_rate * (1 - Math.min(avg_latency_ms / 10_000, 1)),
        }))
        .sort((a, b) => b.score - a.score);
    },
  };
}

module.exports = { LOGS, ANALYTICS, createOracle, groups, nearestRank, numbers, records, time };
