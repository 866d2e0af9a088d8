// Skills that are installed in the workspace and were not used for some time.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { part, show, tableLines } = require('./ask.js');
const { safe, timeText } = require('./words.js');

const FOLDER = path.join('.claude', 'skills');

/** The folders below `.claude/skills` that hold a `SKILL.md`, each with the names that its calls may have. */
function installed(root) {
  const folder = path.join(root, FOLDER);
  const entries = fs.existsSync(folder) ? fs.readdirSync(folder, { withFileTypes: true }) : [];
  return entries
    .filter((entry) => fs.existsSync(path.join(folder, entry.name, 'SKILL.md')))
    .map(({ name }) => ({ name, names: [name, titleOf(path.join(folder, name, 'SKILL.md'))] }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The `name:` of the front matter, where a skill is called otherwise than its folder. */
function titleOf(file) {
  const head = fs.readFileSync(file, 'utf8').slice(0, 4096);
  return /^---\r?\n[\s\S]*?^name:\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(head)?.[1] ?? null;
}

/** Installed skills of the workspace `root` without a call in a period, those that were used longest ago first. */
function unusedSkills(ask, root, period) {
  const { from, to, rows: used } = ask.getSkillTable(period);
  const recent = new Set(used.filter(({ calls }) => calls > 0).map(({ skill }) => skill));
  const ever = new Map(ask.getSkillTable({ from: null }).rows.map((row) => [row.skill, row]));
  const all = installed(root);
  const rows = all
    .filter(({ names }) => !names.some((name) => recent.has(name)))
    .map(({ name, names }) => ({
      skill: name,
      last_used: names.map((each) => ever.get(each)?.last_used).find(Boolean) ?? null,
    }))
    .sort((a, b) => Date.parse(a.last_used ?? 0) - Date.parse(b.last_used ?? 0));
  return { schema: 1, from, to, installed: all.length, unused: rows };
}

/** `--unused 30d`. */
async function unused(asked) {
  const { options } = asked;
  const { root } = part(options, 'internals').projectRoot();
  const answer = unusedSkills(part(options, 'tables'), root, { from: Date.now() - options.unused });
  return show(asked, answer, { text: (terminal) => lines(answer, terminal), rows: () => answer.unused });
}

function lines(answer, terminal) {
  const { installed: all, unused: rows } = answer;
  const empty =
    all === 0 ? `No skills are installed in ${FOLDER}.` : `All ${all} installed skills were used in this period.`;
  const columns = [
    () => ({ title: 'skill', text: ({ skill }) => safe(skill), least: 12 }),
    (zone) => ({ title: 'last used', text: ({ last_used: at }) => (at === null ? 'never' : timeText(at, zone)) }),
  ];
  const notes = rows.length > 0 ? [`${rows.length} of ${all} installed skills were not used in this period`] : [];
  return tableLines(terminal, { columns, rows, empty, answer, again: 'skills', notes });
}

module.exports = { unused, unusedSkills };
