// The page as one file: the built page with the answers of one period inside, redacted once more. Same records, same period, same bytes.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { loadAddon } = require('../lib/addon.js');
const { BUILT } = require('./built.js');
const { answer } = require('./answers.js');

/** So many subjects of a kind have views of their own in the file, and so many runs. */
const MOST_SUBJECTS = 40;
const MOST_RUNS = 40;
/** What a machine says of itself is no part of its records. */
const OF_THE_MACHINE = ['store', 'disk'];

/** The question as one text, as `page/source.mjs` has it. */
function keyOf(name, parameters) {
  const query = new URLSearchParams(parameters);
  query.sort();
  return `${name}?${query}`;
}

/** Asks as a page would, and keeps the answers by their questions. */
class Gathered {
  answers = {};
  #face;
  #period;

  constructor(face, period) {
    this.#face = face;
    this.#period = period;
  }

  /** The answer to a question about the period. */
  ask(name, parameters = {}) {
    return this.once(name, { ...this.#period, ...parameters });
  }

  /** The answer to a question as it stands. */
  async once(name, parameters, key = parameters) {
    const value = await answer([this.#face], name, parameters);
    this.answers[keyOf(name, key)] = value;
    return value;
  }
}

async function aboutRuns(gathered, cuj) {
  const all = await gathered.ask('runs', { limit: '200' });
  const mine = cuj === undefined ? all.runs : all.runs.filter((run) => run.cuj_id === cuj);
  if (cuj !== undefined) Object.assign(all, { runs: mine, total: mine.length });
  for (const { run_id: id } of mine.slice(0, MOST_RUNS)) {
    if (typeof id !== 'string' || id === '') continue;
    await gathered.once('run', { id });
    await gathered.once('progress', { run: id });
    await gathered.once('logs', { run: id, span: 'all' });
  }
}

/** Where the file of objectives cannot be used, the page says that they are not in it; the records are. */
async function aboutState(gathered, cuj) {
  try {
    await aboutObjectives(gathered, cuj);
  } catch (error) {
    if (error.code !== 'OBS_BAD_OBJECTIVES') throw error;
  }
}

async function aboutObjectives(gathered, cuj) {
  const mine = ({ kind, subject }) => cuj === undefined || (kind === 'cuj' && subject === cuj);
  const objectives = await gathered.once('objectives', {});
  objectives.objectives = objectives.objectives.filter(mine);
  const alerts = await gathered.once('alerts', {});
  alerts.alerts = alerts.alerts.filter((alert) => !OF_THE_MACHINE.includes(alert.kind) && mine(alert));
}

async function aboutCuj(gathered, cuj) {
  await gathered.ask('cujs', { cuj });
  await gathered.ask('timeline', { cuj });
  await gathered.ask('failures', { cuj });
}

/** Everything that has a view: the tables, and each of their most used subjects. */
async function aboutAll(gathered) {
  const tables = {};
  for (const name of ['cujs', 'skills', 'agents', 'providers']) tables[name] = (await gathered.ask(name)).rows;
  for (const kind of ['cuj', 'skill', 'agent', 'provider']) await gathered.ask('timeline', { kind });
  for (const source of ['cuj', 'skill', 'provider']) await gathered.ask('failures', { source });
  await gathered.ask('logs', { limit: '200' });
  for (const { cuj_id: cuj } of tables.cujs.slice(0, MOST_SUBJECTS)) await aboutCuj(gathered, cuj);
  for (const { skill } of tables.skills.slice(0, MOST_SUBJECTS)) {
    await gathered.ask('skills', { skill });
    for (const name of ['timeline', 'failures', 'slowest']) await gathered.ask(name, { skill });
  }
  for (const { agent } of tables.agents.slice(0, MOST_SUBJECTS)) {
    if (agent !== null) await gathered.ask('timeline', { agent });
  }
  for (const { provider } of tables.providers.slice(0, MOST_SUBJECTS)) {
    for (const name of ['timeline', 'failures']) await gathered.ask(name, { provider });
  }
}

async function gather(face, { from, to, cuj }) {
  const gathered = new Gathered(face, { from, to });
  if (cuj === undefined) await aboutAll(gathered);
  else {
    await aboutCuj(gathered, cuj);
    const { answers } = gathered;
    const own = (name) => answers[keyOf(name, { from, to, cuj })];
    answers[keyOf('cujs', { from, to })] = own('cujs');
    answers[keyOf('timeline', { from, to, kind: 'cuj' })] = own('timeline');
    answers[keyOf('failures', { from, to, source: 'cuj' })] = own('failures');
  }
  await aboutRuns(gathered, cuj);
  await aboutState(gathered, cuj);
  return gathered.answers;
}

/** Does `work` as if it were another moment: a report of a period that ended shows what was to be seen at its end. */
async function at(moment, work) {
  const { now } = Date;
  Date.now = () => moment;
  try {
    return await work();
  } finally {
    Date.now = now;
  }
}

/** JSON text without secrets, in which no markup can begin. */
function safeJson(value) {
  const text = JSON.stringify(value);
  const redacted = new (loadAddon().NativeRedactor)().document(Buffer.from(text));
  const safe = redacted?.text ? Buffer.from(redacted.text).toString() : text;
  return safe.replaceAll('<', '\\u003c').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

const hashOf = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function wholePage(data) {
  const [script, style] = ['page.js', 'page.css'].map((name) => fs.readFileSync(path.join(BUILT, name), 'utf8'));
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html',
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>obs</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The same answers stand in the terminal: obs cujs, obs skills, obs runs.</noscript>
<div id="page"></div>
<script type="application/json" id="data">${data}</script>
<script>${script}</script>
</body>
</html>
`;
}

/**
 * The page about a period as the text of one HTML file, which opens from disk without a network.
 *
 * @param {object} face the functions of the workspace
 * @param {{ from: string, to: string, cuj?: string }} asked ISO texts; of one CUJ only where it is named
 * @example fs.writeFileSync('report.html', await makeReport(face, { from: '2026-05-01T00:00:00.000Z', to: '2026-05-08T00:00:00.000Z' }));
 */
async function makeReport(face, { from, to, cuj }) {
  const answers = await at(Date.parse(to), () => gather(face, { from, to, cuj }));
  const standard = cuj === undefined ? { view: 'cujs' } : { view: 'cujs', id: cuj };
  return wholePage(safeJson({ about: { from, to, standard }, answers }));
}

module.exports = { makeReport };
