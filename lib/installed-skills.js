// Skills that are installed in the workspace, and which of them were not used in a period.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { readText } = require('./small-files.js');

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
  const head = readText(file).slice(0, 4096);
  return /^---\r?\n[\s\S]*?^name:\s*["']?([^"'\r\n]+?)["']?\s*$/m.exec(head)?.[1] ?? null;
}

/** The names with a call in a period that ended; of one that goes on, `last` tells them. */
function usedIn(face, period, last) {
  if (period.to !== undefined) {
    return new Set(face.getSkillTable(period).rows.flatMap(({ skill, calls }) => (calls > 0 ? [skill] : [])));
  }
  const from = period.from === null ? -Infinity : new Date(period.from).getTime();
  return new Set([...last].flatMap(([name, at]) => (at !== null && Date.parse(at) >= from ? [name] : [])));
}

const iso = (time) => (time === null ? null : new Date(time).toISOString());

/**
 * Installed skills without a call in a period, those that were used longest ago first.
 *
 * @param {{ getSkillTable: Function, lastUsed: Function, core: Function }} face
 * @param {string} root of the workspace
 * @param {{ from: any, to?: any }} period as the tables take it
 * @returns {{ schema: 1, from: string | null, to: string, installed: number, unused: { skill: string, last_used: string | null }[] }}
 * @example unusedSkills(face, '/home/me/workspace', { from: null }).unused; // those that were never used
 */
function unusedSkills(face, root, period) {
  const all = installed(root);
  const names = all.flatMap((skill) => skill.names.filter((name) => name !== null));
  const times = names.length === 0 ? [] : face.lastUsed(names);
  const last = new Map(names.map((name, place) => [name, times[place]]));
  const used = usedIn(face, period, last);
  const unused = all
    .filter((skill) => !skill.names.some((name) => used.has(name)))
    .map((skill) => ({ skill: skill.name, last_used: skill.names.map((name) => last.get(name)).find(Boolean) ?? null }))
    .sort((a, b) => Date.parse(a.last_used ?? 0) - Date.parse(b.last_used ?? 0));
  return { schema: 1, from: iso(period.from), to: iso(period.to ?? face.core().now()), installed: all.length, unused };
}

module.exports = { FOLDER, unusedSkills };
