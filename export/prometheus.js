// All that is on record as text for Prometheus, counted by the addon; objectives say which bounds and names it has to have.
'use strict';

const { loadObjectives } = require('../alerts/file.js');
const { clock } = require('../lib/clock.js');

const TYPES = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
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
 * `{ text, type, folded, fault }`: the text and its content type, how many names of each kind share the value `__other__`, and
 * why the objectives' bounds are missing, if they are. Reads every record; keep the result of one question for many readers.
 */
function prometheus(core, { openmetrics = false, maxValues = MOST_VALUES } = {}) {
  const { objectives, fault } = objectivesOf(core);
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, needs(objectives, kind)]));
  const { text, folded } = core.ask(
    'prometheus',
    JSON.stringify({ openmetrics, max_values: maxValues, ...kinds }),
    clock(),
  );
  const type = openmetrics ? TYPES.openmetrics : TYPES.text;
  return { text, type, folded: Object.fromEntries(KINDS.map((kind, place) => [kind, folded[place]])), fault };
}

/** Whether a reader with this `Accept` header would rather have OpenMetrics than the text format. */
function wantsOpenMetrics(accept = '') {
  const weight = (wanted) => {
    const entries = accept.toLowerCase().split(',').map((entry) => entry.split(';').map((part) => part.trim())); // prettier-ignore
    const weights = entries
      .filter(([type, ...parameters]) => wanted(type, parameters))
      .map(([, ...parameters]) => Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1));
    return Math.max(0, ...weights.filter(Number.isFinite));
  };
  const known = (parameters) => parameters.every((each) => !/^version=(?!1\.0\.0$|0\.0\.1$)/.test(each));
  const open = weight((type, parameters) => type === 'application/openmetrics-text' && known(parameters));
  return open > 0 && open >= weight((type) => type === 'text/plain');
}

module.exports = { KINDS, MOST_VALUES, prometheus, wantsOpenMetrics };
