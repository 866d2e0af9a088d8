// The text that Prometheus reads, taken apart by a reader of the tests' own, and what it has to say of given records.
'use strict';

const LINE = /^([a-z_]+)(?:\{([^]*)\})? (\S+)$/;
const LABEL = /([a-z]+)="((?:[^"\\]|\\[^])*)"(?:,|$)/gy;
const ESCAPES = { '\\\\': '\\', '\\"': '"', '\\n': '\n' };

function labelsOf(text = '') {
  const found = [...text.matchAll(LABEL)];
  if (found.map(([whole]) => whole).join('') !== text) throw new Error(`not labels: ${text}`);
  return found.map(([, name, value]) => [name, value.replace(/\\./g, (mark) => ESCAPES[mark])]);
}

/** `name [[label, value], …]` as JSON → number; a series that comes twice is a fault. */
function parseExposition(text) {
  const series = new Map();
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, name, labels, value] = LINE.exec(line) ?? [null, `not a sample: ${line}`];
    const key = JSON.stringify([name, labelsOf(labels)]);
    if (series.has(key)) throw new Error(`twice: ${line}`);
    series.set(key, Number(value));
  }
  return series;
}

/** The families of a text with their types and units. */
function familiesOf(text) {
  return Object.fromEntries([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
}

const labelText = (value) =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined'))
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/(?!\n)\p{Cc}/gu, '\ufffd');

const KINDS = [
  { kind: 'cuj', prefix: 'obs_cuj_execution', from: 'executions', name: 'cuj_id', duration: 'duration_ms' },
  { kind: 'skill', prefix: 'obs_skill_invocation', from: 'skills', name: 'skill', duration: 'duration_ms' },
  { kind: 'agent', prefix: 'obs_agent_invocation', from: 'skills', name: 'agent', duration: 'duration_ms' },
  { kind: 'provider', prefix: 'obs_provider_call', from: 'calls', name: 'provider', duration: 'latency_ms' },
];

const USUAL = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

/** Counters, histograms and times of one kind of subject, counted the slow way. */
function expectedOf({ kind, prefix, from, name, duration }, records, series) {
  const set = (metric, labels, value) => series.set(JSON.stringify([metric, labels]), value);
  for (const label of new Set(records[from].map((record) => labelText(record[name])))) {
    const own = records[from].filter((record) => labelText(record[name]) === label);
    const count = (test) => own.filter(test).length;
    if (from === 'skills') {
      const outcomes = ['success', 'failure'];
      for (const result of outcomes) set(`${prefix}s_total`, [[kind, label], ['result', result]], count((each) => each.result === result)); // prettier-ignore
      set(`${prefix}s_total`, [[kind, label], ['result', 'other']], count((each) => !outcomes.includes(each.result))); // prettier-ignore
      if (kind === 'skill') {
        set(
          'obs_skill_cache_hits_total',
          [['skill', label]],
          count((each) => each.cache_hit),
        );
      }
    } else {
      for (const truth of [true, false]) set(`${prefix}s_total`, [[kind, label], ['success', String(truth)]], count((each) => Boolean(each.success) === truth)); // prettier-ignore
    }
    const seconds = own.map((each) => each[duration]).filter(Number.isFinite).map((ms) => ms / 1000); // prettier-ignore
    for (const le of USUAL) set(`${prefix}_duration_seconds_bucket`, [[kind, label], ['le', le]], seconds.filter((each) => each <= le).length); // prettier-ignore
    set(`${prefix}_duration_seconds_bucket`, [[kind, label], ['le', Infinity]], seconds.length); // prettier-ignore
    set(`${prefix}_duration_seconds_count`, [[kind, label]], seconds.length);
    set(`${prefix}_duration_seconds_sum`, [[kind, label]], seconds.reduce((sum, each) => sum + Math.max(0, each), 0)); // prettier-ignore
    const times = own.map(({ timestamp }) => new Date(timestamp).getTime()).filter(Number.isFinite);
    if (times.length > 0) set(`${prefix}_last_timestamp_seconds`, [[kind, label]], Math.max(...times) / 1000);
  }
}

/** What the text has to say of `{ executions, skills, calls }`; bounds are numbers here, see `withNumericBounds`. */
function expectedSeries(records) {
  const series = new Map();
  for (const kind of KINDS) expectedOf(kind, records, series);
  return series;
}

/** The same series with `le` as a number, `+Inf` as JSON's null, whatever a format writes. */
function withNumericBounds(series) {
  const numeric = (labels) => labels.map(([name, value]) => [name, name === 'le' ? Number(value.replace('+Inf', 'Infinity')) : value]); // prettier-ignore
  return new Map(
    [...series].map(([key, value]) => {
      const [name, labels] = JSON.parse(key);
      return [JSON.stringify([name, numeric(labels)]), value];
    }),
  );
}

module.exports = { expectedSeries, familiesOf, labelText, parseExposition, withNumericBounds };
