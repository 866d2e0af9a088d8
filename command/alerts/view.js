// What the commands about alerts show as text: a line for each alert, plain words, colours only for states.
'use strict';

const { visible } = require('../../lib/visible.js');
const { percent, spanText } = require('../../alerts/span.js');

const COLOUR = { firing: 'red', pending: 'yellow', unknown: 'dim', resolved: 'green', quiet: 'dim' };
const RANK = ['firing', 'pending', 'unknown', 'resolved', 'quiet'];
const MOST_TIMES = 5;

const state = (name, style, width = 0) => style[COLOUR[name]](name.padEnd(width));
const minute = (at) => new Date(at).toISOString().replace(/:\d\d\.\d+Z$/, 'Z').replace('T', ' '); // prettier-ignore
const safe = (text) => visible(String(text));

/** Lines of two parts and words, the first two as wide as their widest. */
function lines(rows, style) {
  const width = Math.max(0, ...rows.map(([, name]) => safe(name).length));
  return rows.map(([which, name, words]) => `${state(which, style, 8)}  ${safe(name).padEnd(width)}  ${safe(words)}`);
}

function sorted(alerts) {
  return [...alerts].sort((a, b) => RANK.indexOf(a.state) - RANK.indexOf(b.state));
}

function sinceWords({ since, silenced_until: until, message }) {
  const silent = until === null ? '' : ` (silenced until ${minute(until)})`;
  return `${message}${since === null ? '' : `, since ${minute(since)}`}${silent}`;
}

/** What a check found: all that is not quiet, and a count of the rest. */
function report({ state: overall, alerts, checked_at: at }, style) {
  const loud = sorted(alerts).filter((alert) => !['quiet', 'resolved'].includes(alert.state));
  const rest = alerts.length - loud.length;
  const rows = lines(loud.map((alert) => [alert.state, alert.alert, sinceWords(alert)]), style); // prettier-ignore
  return [...rows, `${state(overall, style)}: ${rest} of ${alerts.length} alerts quiet at ${minute(at)}`].join('\n');
}

function list({ alerts }, style) {
  if (alerts.length === 0) return 'No alerts: nothing is on record that a rule or an objective is about.';
  return lines(sorted(alerts).map((alert) => [alert.state, alert.alert, sinceWords(alert)]), style).join('\n'); // prettier-ignore
}

function one({ alert, changes }, style) {
  const head =
    alert === null ? ['No longer asked for.'] : lines([[alert.state, alert.alert, sinceWords(alert)]], style);
  const rows = changes.map((change) => `  ${minute(change.timestamp)}  ${changeWords(change, style)}`);
  return [...head, ...(rows.length > 0 ? ['', 'Last changes, UTC:', ...rows] : ['', 'It never changed.'])].join('\n');
}

function changeWords({ state: to, was, message, silenced_until: until, why }, style) {
  if (to === undefined) return `silenced until ${minute(until)}${why ? ` (${safe(why)})` : ''}`;
  return `${was} → ${state(to, style)}  ${safe(message)}`;
}

function silenced({ alert, silenced_until: until, timestamp }) {
  return until > timestamp
    ? `Nobody is told of ${safe(alert)} until ${minute(until)}.`
    : `${safe(alert)} is told of again.`;
}

function objectives({ objectives: found }, style) {
  if (found.length === 0) return 'No objectives. Write some: obs objectives init';
  const name = ({ kind, subject }) => `${kind} ${subject}`;
  return lines(found.map((each) => [each.state, name(each), each.words]), style).join('\n'); // prettier-ignore
}

function replayed({ from, to, executions, objectives: found }) {
  const head = `From ${minute(from)} to ${minute(to)}, ${executions} runs:`;
  return [head, ...(found.length === 0 ? ['  no objectives'] : found.flatMap(subjectLines))].join('\n');
}

function subjectLines({ kind, subject, goal, share, runs, tiers }) {
  const what = goal === 'success' ? `success ${percent(share)}` : goal;
  const head = `${kind} ${safe(subject)}, ${what}: ${runs.total} runs, ${runs.failed} bad`;
  return ['', head, ...tiers.flatMap(tierLines)];
}

function tierLines({ name, long_ms, least_runs: least, most_runs: most, fired, firing_ms: firing, episodes }) {
  const head = `  ${name}`;
  if (fired === 0 && most < least) {
    return [
      `${head}  cannot fire: never more than ${most} ${most === 1 ? 'run' : 'runs'} in ${spanText(long_ms)}, and it takes ${least} to tell`,
    ];
  }
  if (fired === 0) return [`${head}  never`];
  const times = episodes.slice(-MOST_TIMES).map(({ from, to, ms }) => {
    return `        ${minute(from)}  ${to === null ? 'still firing' : `for ${spanText(ms)}`}`;
  });
  return [`${head}  ${fired === 1 ? 'once' : `${fired} times`}, ${spanText(firing)} in all, last:`, ...times];
}

module.exports = { list, objectives, one, replayed, report, silenced };
