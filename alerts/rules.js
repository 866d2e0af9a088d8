// The rules that need no objective: what each metric takes, and the rules that hold where the file names none.
'use strict';

const { spanMs } = require('./span.js');

const SUCCESS = { keys: ['below', 'over', 'subject'], below: 0.8, over: '7d', subject: '*' };
const USUAL = { keys: ['recent', 'before', 'subject'], recent: '1d', before: '30d', subject: '*' };

/** What may stand beside `name` and `metric`, with what holds where it is left out. */
const METRICS = {
  'cuj.success': SUCCESS,
  'skill.success': SUCCESS,
  'agent.success': SUCCESS,
  'provider.success': { ...SUCCESS, below: 0.9, over: '1d' },
  'cuj.usual': USUAL,
  'skill.usual': USUAL,
  'agent.usual': USUAL,
  'provider.usual': USUAL,
  'run.silence': { keys: ['above'], above: 'learned' },
  'store.dropped': { keys: ['above'], above: 0 },
  'disk.free': { keys: ['below'], below: '5%' },
};

/** The rules where the file has no `rules`; an empty list there means none. */
const USUAL_RULES = [
  { name: 'worse-than-usual', metric: 'cuj.usual' },
  { name: 'skill-failing', metric: 'skill.success' },
  { name: 'provider-degraded', metric: 'provider.success' },
  { name: 'run-stalled', metric: 'run.silence' },
  { name: 'records-dropped', metric: 'store.dropped' },
  { name: 'disk-nearly-full', metric: 'disk.free' },
];

const MINUTE = 60_000;
const HOUR = 3_600_000;
const YEAR = 366 * 86_400_000;
const SPAN = 'a span from "1h" to "366d", such as "7d"';

/** A span between an hour and a year, in ms. */
function readSpan(shape, place, value) {
  return shape.check(spanMs(value) >= HOUR && spanMs(value) <= YEAR, place, SPAN, value) && spanMs(value);
}

function readSilence(shape, place, value) {
  if (value === 'learned') return null;
  return shape.check(spanMs(value) >= MINUTE, place, '"learned" or a span from "1m" on', value) && spanMs(value);
}

/** A share of good runs. Of less than half no burn is fast, and 1 leaves no budget to burn. */
function readShare(shape, place, value) {
  const good = typeof value === 'number' && value >= 0.5 && value < 1;
  return shape.check(good, place, 'a number from 0.5 to below 1, such as 0.95', value);
}

/** A share of the disk as `{ share }`, or `{ bytes }`. */
function readFree(shape, place, value) {
  const percent = /^(\d+(?:\.\d+)?) ?%$/.exec(value);
  const good = percent ? percent[1] < 100 : Number.isSafeInteger(value) && value > 0;
  shape.check(good, place, 'a share such as "5%" or a number of bytes', value);
  return percent ? { share: percent[1] / 100 } : { bytes: value };
}

const isCount = (value) => Number.isSafeInteger(value) && value >= 0;

const READERS = {
  success: (shape, place, { below, over }) => ({
    share: readShare(shape, `${place}.below`, below),
    period_ms: readSpan(shape, `${place}.over`, over),
  }),
  usual: (shape, place, { recent, before }) => ({
    recent_ms: readSpan(shape, `${place}.recent`, recent),
    before_ms: readSpan(shape, `${place}.before`, before),
  }),
  silence: (shape, place, { above }) => ({ silence_ms: readSilence(shape, `${place}.above`, above) }),
  dropped: (shape, place, { above }) => ({
    most: shape.check(isCount(above), `${place}.above`, 'a whole number, 0 or more', above),
  }),
  free: (shape, place, { below }) => ({ least: readFree(shape, `${place}.below`, below) }),
};

/** `{ name, kind, measure, subject, … }`: a rule of the file with its spans and shares read. */
function readRule(shape, place, value) {
  shape.check(typeof value?.metric === 'string' && Object.hasOwn(METRICS, value.metric), `${place}.metric`,
    `one of ${Object.keys(METRICS).join(', ')}`, value?.metric); // prettier-ignore
  const { keys, ...usual } = METRICS[value.metric];
  const rule = { ...usual, ...shape.object(place, value, ['name', 'metric', ...keys]) };
  const name = rule.name ?? rule.metric.replace('.', '-');
  shape.check(/^[\w.-]+$/.test(name), `${place}.name`, 'made of letters, digits, ".", "_" and "-"', name);
  const [kind, measure] = rule.metric.split('.');
  const subject = rule.subject === undefined ? null : shape.text(`${place}.subject`, rule.subject);
  return { name, kind, measure, subject, ...READERS[measure](shape, place, rule) };
}

module.exports = { METRICS, USUAL_RULES, readRule, readShare, readSpan };
