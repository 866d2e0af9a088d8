// All that is on record as Prometheus reads it, counted by the addon; objectives say which bounds and names it has to have.
'use strict';

const { loadObjectives } = require('../alerts/file.js');
const { clock } = require('../lib/clock.js');

const TYPES = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  protobuf: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
};
const KINDS = ['cuj', 'skill', 'agent', 'provider'];
const MOST_VALUES = 100;
const LONE = /\p{Surrogate}/gu;

/** What the objectives of one kind need: a bound at each of their durations, and their names whatever the limit. */
function needs(objectives, kind) {
  const own = objectives.filter((objective) => objective.kind === kind);
  return {
    bounds: own.map(({ slower_than: bound }) => bound).filter((bound) => bound !== null),
    keep: own.map(({ subject }) => subject.replace(LONE, '\ufffd')).filter((subject) => !subject.includes('*')),
  };
}

/** Objectives that cannot be read stop no metrics: `{ objectives, fault }`. */
function objectivesOf(core) {
  try {
    return { objectives: loadObjectives(core.where.root).objectives, fault: null };
  } catch (error) {
    return { objectives: [], fault: error.message };
  }
}

/**
 * `{ text, body, type, folded, fault }`: the text, what to send, its content type, how many names of each kind share the value
 * `__other__`, and why the objectives' bounds are missing, if they are. `body` is the text but with the format `protobuf`, which has native
 * histograms as well. Reads every record; keep the result of one question for many readers.
 */
function prometheus(core, { format = 'text', openmetrics = format === 'openmetrics', maxValues = MOST_VALUES } = {}) {
  const { objectives, fault } = objectivesOf(core);
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, needs(objectives, kind)]));
  const native = format === 'protobuf';
  const asked = { openmetrics, native, max_values: maxValues, ...kinds };
  const { text, folded, native: buckets } = core.ask('prometheus', JSON.stringify(asked), clock());
  return {
    text,
    body: native ? require('./metric-families.js').metricFamilies(text, buckets) : text,
    type: TYPES[openmetrics ? 'openmetrics' : format],
    folded: Object.fromEntries(KINDS.map((kind, place) => [kind, folded[place]])),
    fault,
  };
}

/** The parts of an `Accept` header: `{ type, parameters, weight }`. */
function entriesOf(accept) {
  const entries = accept.toLowerCase().split(',').map((entry) => entry.split(';').map((part) => part.trim())); // prettier-ignore
  return entries.map(([type, ...parameters]) => {
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return { type, parameters, weight: Number.isFinite(weight) ? weight : 0 };
  });
}

const isKnown = ({ parameters }) => parameters.every((each) => !/^version=(?!1\.0\.0$|0\.0\.1$)/.test(each));
const isDelimited = ({ parameters }) =>
  parameters.includes('proto=io.prometheus.client.metricfamily') && parameters.includes('encoding=delimited');

/** What a reader with this `Accept` header would rather have: `protobuf`, `openmetrics` or `text`. */
function formatOf(accept = '') {
  const entries = entriesOf(accept);
  const best = (type, fits = () => true) =>
    Math.max(0, ...entries.filter((each) => each.type === type && fits(each)).map(({ weight }) => weight));
  const plain = best('text/plain');
  const open = best('application/openmetrics-text', isKnown);
  const binary = best('application/vnd.google.protobuf', isDelimited);
  if (binary > 0 && binary >= Math.max(open, plain)) return 'protobuf';
  return open > 0 && open >= plain ? 'openmetrics' : 'text';
}

module.exports = { KINDS, MOST_VALUES, formatOf, prometheus };
