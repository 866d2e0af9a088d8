// The command `obs import claude`: imports, shows how far it is, and says what was found.
'use strict';

const { readPeriod } = require('../show/period.js');
const { WrongUsage } = require('../terminal/output.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { createProgress } = require('./progress.js');

const number = (value) => value.toLocaleString('en-US');
const plural = (value, one, many = `${one}s`) => `${number(value)} ${value === 1 ? one : many}`;
const ROWS = [
  ['skills', 'skill invocations'],
  ['subagents', 'runs of subagents'],
  ['cujs', 'CUJ runs'],
  ['provider_calls', 'provider calls'],
];

/** The options of the function, from those of the command line. */
function readAsked(options, progress) {
  if (options.from !== undefined && options['all-projects']) {
    throw new WrongUsage('--from names a folder and --all-projects takes them all: leave one of them out');
  }
  return {
    from: options.from,
    allProjects: Boolean(options['all-projects']),
    dryRun: Boolean(options['dry-run']),
    duplicates: Boolean(options.duplicates),
    cuj: options.cuj,
    since: readPeriod({ since: options.since, tz: options.tz }).from ?? undefined,
    onProgress: progress.show,
  };
}

async function importClaude({ options, output }) {
  const { root } = requireWorkspace(options.root);
  // Only the part that imports is loaded.
  const parts = require('../../lib/face.js').shared();
  parts.internals.core().configure({ projectRoot: root });
  const progress = createProgress(options.json ? null : process.stderr);
  let report;
  try {
    report = parts.claude.importClaudeTranscripts(readAsked(options, progress));
  } finally {
    progress.end();
  }
  if (options.json) await output.json(report);
  else await output.text(report.sessions === 0 ? nothing(report, root) : words(report));
  return 0;
}

function nothing({ folders }, root) {
  const where = folders.length === 0 ? `of ${root}` : `in ${folders.join(', ')}`;
  return `No transcripts of Claude Code ${where}. --from DIR names a folder, --all-projects takes every project.`;
}

function words(report) {
  const { dry_run: dry, sessions, unchanged, files, imported, already_there: there, waiting } = report;
  const read = sessions - unchanged;
  const lines = [
    `${plural(sessions, 'session')} in ${plural(files, 'file')}, ${number(unchanged)} of them without news.`,
  ];
  if (read === 0) return lines[0];
  const width = Math.max(...ROWS.map(([key]) => number(report[key]).length));
  for (const [key, name] of ROWS) lines.push(`  ${number(report[key]).padStart(width)}  ${name}${more(key, report)}`);
  lines.push(
    `${dry ? 'Would import' : 'Imported'} ${plural(imported, 'record')}${between(report)}; ${number(there)} on record already.`,
  );
  lines.push(...usageLines(report));
  if (waiting > 0) {
    lines.push(`${plural(waiting, 'session')} may go on: what is not over yet comes with a later import.`);
  }
  lines.push(...oddities(report));
  if (report.skills + report.subagents > 0) {
    lines.push(
      'A success of these says that the work came to its end, not that it was done well (docs/claude-code.md).',
    );
  }
  return lines.join('\n');
}

const USAGE = [
  ['responses', 'responses'],
  ['input_tokens', 'input'],
  ['output_tokens', 'output'],
  ['cache_write_tokens', 'cache written'],
  ['cache_read_tokens', 'cache read'],
];

/** Tokens by model, and what the API would have asked for them. */
function usageLines({ usage, prices }) {
  const models = Object.entries(usage).sort(([, a], [, b]) => (b.cost_usd ?? -1) - (a.cost_usd ?? -1));
  if (models.length === 0) return [];
  const asked = ({ cost_usd: cost, unpriced }) =>
    cost === null ? 'unknown' : `$${cost.toFixed(2)}${unpriced > 0 ? ` and ${number(unpriced)} unknown` : ''}`;
  const table = [
    ['model', ...USAGE.map(([, title]) => title), 'API list price'],
    ...models.map(([model, sum]) => [model, ...USAGE.map(([key]) => number(sum[key])), asked(sum)]),
  ];
  const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return [
    `Tokens of these responses, and what the API would have asked for them (list prices of ${prices}):`,
    ...table.map((row) => `  ${line(row)}`),
  ];
}

function more(key, { skills, episodes }) {
  return key === 'skills' && episodes < skills ? `, ${number(skills - episodes)} of them not loaded` : '';
}

function between({ first, last }) {
  return first === null ? '' : ` of ${first.slice(0, 10)} to ${last.slice(0, 10)}`;
}

/** What could not be understood: nobody should believe that it was not there. */
function oddities({ damaged, unknown_types: types, unknown_fields: fields }) {
  const listed = (counts) => Object.entries(counts).map(([name, count]) => `${name} ${number(count)}`).join(', '); // prettier-ignore
  const [ofTypes, ofFields] = [listed(types), listed(fields)];
  return [
    ...(damaged > 0 ? [`${plural(damaged, 'line')} could not be read.`] : []),
    ...(ofTypes === '' ? [] : [`Types of lines that are not known here, passed over: ${ofTypes}.`]),
    ...(ofFields === '' ? [] : [`Members of lines that are not known here, passed over: ${ofFields}.`]),
  ];
}

module.exports = { importClaude };
