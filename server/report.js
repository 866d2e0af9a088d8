// The page as one file: the built page with the answers about a period inside, redacted once more. Same records, same period, same bytes.
'use strict';

const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const { loadAddon } = require('../lib/addon.js');
const { createFace } = require('../lib/face.js');
const { SPANS, answer } = require('./answers.js');
const { BUILT } = require('./built.js');

/** So many subjects of a kind have views of their own in the file, and so many runs; in shorter windows only the first. */
const MOST_SUBJECTS = 40;
const MOST_IN_WINDOWS = 12;
const MOST_RUNS = 40;
/** So many of its last executions a CUJ shows as a strip. */
const STRIP = '50';
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
  #face;
  #period;

  constructor(face, period, answers) {
    this.answers = answers;
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

/** The runs of a window, of one CUJ only where it is named. */
async function aboutRuns(gathered, cuj) {
  const all = await gathered.ask('runs', { limit: '200' });
  const mine = cuj === undefined ? all.runs : all.runs.filter((run) => run.cuj_id === cuj);
  if (cuj !== undefined) Object.assign(all, { runs: mine, total: mine.length });
  return mine;
}

async function aboutRun(gathered, { run_id: id }) {
  if (typeof id !== 'string' || id === '') return;
  await gathered.once('run', { id });
  await gathered.once('progress', { run: id });
  await gathered.once('logs', { run: id, span: 'all' });
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
  await gathered.ask('cujs', { cuj, strip: STRIP });
  await gathered.ask('timeline', { cuj });
  await gathered.ask('failures', { cuj });
}

async function aboutSkill(gathered, skill) {
  await gathered.ask('skills', { skill });
  for (const name of ['timeline', 'failures', 'slowest']) await gathered.ask(name, { skill });
}

/** Everything that has a view: the tables, and each of their most used subjects. */
async function aboutAll(gathered, most) {
  const cujs = (await gathered.ask('cujs', { strip: STRIP })).rows;
  const [skills, agents, providers] = [[], [], []];
  for (const [name, rows] of Object.entries({ skills, agents, providers })) {
    rows.push(...(await gathered.ask(name)).rows);
  }
  for (const kind of ['cuj', 'skill', 'agent', 'provider']) await gathered.ask('timeline', { kind });
  for (const source of ['cuj', 'skill', 'provider']) await gathered.ask('failures', { source });
  await gathered.ask('unused');
  await gathered.ask('logs', { limit: '200' });
  for (const { cuj_id: cuj } of cujs.slice(0, most)) await aboutCuj(gathered, cuj);
  for (const { skill } of skills.slice(0, most)) await aboutSkill(gathered, skill);
  for (const { agent } of agents.slice(0, most)) {
    if (agent !== null) await gathered.ask('timeline', { agent });
  }
  for (const { provider } of providers.slice(0, most)) {
    for (const name of ['timeline', 'failures']) await gathered.ask(name, { provider });
  }
}

/** One CUJ, under the questions about all of them too. */
async function aboutOne(gathered, period, cuj) {
  await aboutCuj(gathered, cuj);
  const { answers } = gathered;
  answers[keyOf('cujs', { ...period, strip: STRIP })] = answers[keyOf('cujs', { ...period, cuj, strip: STRIP })];
  answers[keyOf('timeline', { ...period, kind: 'cuj' })] = answers[keyOf('timeline', { ...period, cuj })];
  answers[keyOf('failures', { ...period, source: 'cuj' })] = answers[keyOf('failures', { ...period, cuj })];
}

async function gather(face, { period, windows, cuj }) {
  const answers = {};
  let runs = [];
  for (const window of [...Object.values(windows), period]) {
    const gathered = new Gathered(face, window, answers);
    if (cuj === undefined) await aboutAll(gathered, window === period ? MOST_SUBJECTS : MOST_IN_WINDOWS);
    else await aboutOne(gathered, window, cuj);
    runs = await aboutRuns(gathered, cuj);
  }
  // The last window is the whole period, which has all of the runs.
  const gathered = new Gathered(face, period, answers);
  for (const run of runs.slice(0, MOST_RUNS)) await aboutRun(gathered, run);
  await aboutState(gathered, cuj);
  return answers;
}

/** The usual windows until the end of a period that begin in it, by their names. */
function windowsIn({ from, to }) {
  const begin = from === null ? -Infinity : Date.parse(from);
  const within = Object.entries(SPANS).filter(([, length]) => Date.parse(to) - length >= begin);
  const windows = within.map(([name, length]) => [name, { from: new Date(Date.parse(to) - length).toISOString(), to }]);
  return Object.fromEntries(from === null ? [...windows, ['all', { to }]] : windows);
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
 * The page about a period as the text of one HTML file, which opens from disk without a network. What is shown is what was to
 * be seen at the end of the period; the usual windows that lie in it can be chosen.
 *
 * @param {{ root: string, from: string | null, to: string, cuj?: string, env?: object }} asked of the workspace at `root`; ISO
 *   texts, `null` for all of history; of one CUJ only where it is named
 * @example fs.writeFileSync('report.html', await makeReport({ root, from: '2026-05-01T00:00:00.000Z', to: '2026-05-08T00:00:00.000Z' }));
 */
async function makeReport({ root, from, to, cuj, env }) {
  const end = Date.parse(to);
  const face = createFace({ projectRoot: root, now: () => end, ...(env === undefined ? {} : { env }) });
  try {
    const period = from === null ? { to } : { from, to };
    const windows = windowsIn({ from, to });
    const answers = await gather(face, { period, windows, cuj });
    const standard = cuj === undefined ? { view: 'cujs' } : { view: 'cujs', id: cuj };
    return wholePage(safeJson({ about: { from, to, windows, standard }, answers }));
  } finally {
    face.close();
  }
}

module.exports = { makeReport };
