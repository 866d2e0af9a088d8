// The metrics for Prometheus as metrics of OTLP: the same counts, because they are read from the same text.
'use strict';

const { histogramsOf, readFamilies } = require('../families.js');
const { prometheus } = require('../prometheus.js');
const { attributesOf, nanosOf } = require('./values.js');

const CUMULATIVE = 2;

/** `obs_cuj_execution_duration_seconds` is `obs.cuj.execution.duration` in seconds, from which a reader makes the same name again. */
function nameOf({ name, type }) {
  const seconds = /_seconds$/.test(name);
  const base = name.replace(/_total$|_seconds$/, '').replaceAll('_', '.');
  return {
    name: base,
    unit: seconds ? 's' : type === 'counter' ? `{${base.split('.').at(-1).replace(/s$/, '')}}` : '1',
  };
}

function histogramPoint({ labels, buckets, sum, count }, times) {
  const counts = buckets.map(([, upTo], place) => upTo - (buckets[place - 1]?.[1] ?? 0));
  return {
    ...times,
    count: String(count),
    sum,
    bucketCounts: counts.map(String),
    explicitBounds: buckets.map(([bound]) => bound).filter(Number.isFinite),
    attributes: attributesOf(labels),
  };
}

function numberPoint({ labels, value }, times) {
  const number = Number.isSafeInteger(value) ? { asInt: String(value) } : { asDouble: value };
  return { ...times, ...number, attributes: attributesOf(labels) };
}

function metricOf(family, { start, now }) {
  const at = { timeUnixNano: nanosOf(now) };
  const since = { startTimeUnixNano: nanosOf(start), ...at };
  const about = { ...nameOf(family), description: family.help };
  if (family.type === 'histogram') {
    const dataPoints = histogramsOf(family).map((each) => histogramPoint(each, since));
    return { ...about, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } };
  }
  if (family.type === 'counter') {
    const dataPoints = family.samples.map((each) => numberPoint(each, since));
    return { ...about, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } };
  }
  return { ...about, gauge: { dataPoints: family.samples.map((each) => numberPoint(each, at)) } };
}

/** What only grows, by series. */
function growing(families) {
  const series = families.filter(({ type }) => type !== 'gauge').flatMap(({ samples }) => samples);
  const counts = series.filter(({ name }) => !name.endsWith('_bucket') && !name.endsWith('_sum'));
  return Object.fromEntries(counts.map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]));
}

/**
 * All metrics at a moment, and what to remember of them: `{ metrics, points, kept }`. `before` is what was kept of those that
 * were sent last, or `{ start }` at first. Where a count is smaller than it was, because old records were dropped, all of them count
 * from the moment before on.
 */
function metricsOf(core, before, now) {
  const families = readFamilies(prometheus(core).text).filter(({ samples }) => samples.length > 0);
  const counts = growing(families);
  const shrunk = Object.entries(before.counts ?? {}).some(([series, count]) => !(counts[series] >= count));
  const start = shrunk ? before.at : Math.min(before.start, now);
  const metrics = families.map((family) => metricOf(family, { start, now }));
  const points = metrics.flatMap(({ gauge, sum, histogram }) => (gauge ?? sum ?? histogram).dataPoints).length;
  return { metrics, points, kept: { start, at: now, counts } };
}

module.exports = { metricsOf };
