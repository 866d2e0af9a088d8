// All that is on record as the messages that Prometheus asks for when it takes native histograms: the series of the text, and beside the
// buckets of each histogram exponential ones of the same durations. Fields by prometheus/client_model (2026-06-23, commit 10dc9df).
'use strict';

const { histogramsOf, readFamilies } = require('./families.js');
const { encodeDelimited, message } = require('./otlp/protobuf.js');

const labelPair = message(() => ({ name: [1, 'string'], value: [2, 'string'] }));
const number = message(() => ({ value: [1, 'double'] }));
const bucket = message(() => ({ cumulativeCount: [1, 'int64'], upperBound: [2, 'double'] }));
const span = message(() => ({ offset: [1, 'sint64'], length: [2, 'uint32'] }));
const histogram = message(() => ({
  sampleCount: [1, 'int64'],
  sampleSum: [2, 'double'],
  bucket: [3, [bucket]],
  schema: [5, 'sint64'],
  zeroThreshold: [6, 'double'],
  zeroCount: [7, 'int64'],
  positiveSpan: [12, [span]],
  positiveDelta: [13, ['sint64']],
}));
const metric = message(() => ({
  label: [1, [labelPair]],
  gauge: [2, number],
  counter: [3, number],
  histogram: [7, histogram],
}));
const metricFamily = message(() => ({
  name: [1, 'string'],
  help: [2, 'string'],
  type: [3, 'enum'],
  metric: [4, [metric]],
}));

const TYPES = { counter: 0, gauge: 1, histogram: 4 };
/** The addon counts eight buckets to each doubling, and what is at most 2^-128 s as 0. */
const SCHEMA = 3;
const ZERO_THRESHOLD = 2 ** -128;
/** So many empty buckets in a row cost less than another span. */
const SHORT_GAP = 2;

/** Exponential buckets as spans of consecutive ones, each with its distance from the one before, and the differences of their counts. */
function spansOf({ first, counts }) {
  const spans = [];
  const deltas = [];
  let [end, before] = [0, 0];
  const push = (count) => {
    spans.at(-1).length += 1;
    deltas.push(count - before);
    before = count;
  };
  counts.forEach((count, place) => {
    if (count === 0) return;
    const gap = first + place - end;
    if (spans.length === 0 || gap > SHORT_GAP) spans.push({ offset: gap, length: 0 });
    else for (let left = gap; left > 0; left -= 1) push(0);
    push(count);
    end = first + place + 1;
  });
  return { positiveSpan: spans, positiveDelta: deltas };
}

const labelsOf = (labels) => Object.entries(labels).map(([name, value]) => ({ name, value }));

function histogramOf({ labels, buckets, sum, count }, native) {
  const value = {
    sampleCount: count,
    sampleSum: sum,
    bucket: buckets.map(([upperBound, cumulativeCount]) => ({ cumulativeCount, upperBound })),
    schema: SCHEMA,
    zeroThreshold: ZERO_THRESHOLD,
    zeroCount: native.zero,
    ...spansOf(native),
  };
  return { label: labelsOf(labels), histogram: value };
}

/**
 * The bytes of all families of a text, each behind its length. `native` has the exponential buckets of each histogram in the order of
 * the text, `{ zero, first, counts }` of each series.
 */
function metricFamilies(text, native) {
  const left = [...native];
  const families = readFamilies(text).map((family) => {
    const { name, help, type, samples } = family;
    const of = type === 'histogram' ? left.shift() : [];
    const metrics =
      type === 'histogram'
        ? histogramsOf(family).map((each, place) => histogramOf(each, of[place]))
        : samples.map(({ labels, value }) => ({ label: labelsOf(labels), [type]: { value } }));
    return { name, help, type: TYPES[type], metric: metrics };
  });
  return encodeDelimited(
    metricFamily,
    // Readers take a family without series for damage.
    families.filter(({ metric: all }) => all.length > 0),
  );
}

module.exports = { metricFamilies };
