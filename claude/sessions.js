// Finds the sessions in folders of transcripts: each with its own file and those of its subagents, however deep they lie.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const AGENT = /^agent-(.+)\.jsonl$/;
const BEGINNING = 16 * 1024;

/**
 * The sessions below these folders, the one that was written to last comes last: `[{ name, size, files }]`, a file being
 * `{ path, agent, size, seen }`, the session's own first; `seen` tells whether it is still the same.
 */
function findSessions(folders) {
  const sessions = new Map();
  for (const file of new Set(folders.flatMap(transcriptsIn))) {
    const found = look(file);
    if (found === null) continue;
    const name = sessionOf(file, found.agent);
    const session = sessions.get(name) ?? { name, size: 0, modified: 0, files: [] };
    session.files.push(found);
    session.size += found.size;
    if (found.agent === null || session.modified === 0) session.modified = found.modified;
    sessions.set(name, session);
  }
  const all = [...sessions.values()];
  for (const { files } of all) files.sort((a, b) => (a.agent !== null) - (b.agent !== null) || order(a.path, b.path));
  return all.sort((a, b) => a.modified - b.modified || order(a.name, b.name));
}

function order(a, b) {
  return a < b ? -1 : Number(a > b);
}

/** Paths of transcripts below a folder. What cannot be listed has none; links to folders are not followed. */
function transcriptsIn(folder) {
  const found = [];
  for (let left = [folder]; left.length > 0;) {
    const place = left.pop();
    for (const entry of entriesOf(place)) {
      const file = path.join(place, entry.name);
      if (entry.isDirectory() && entry.name !== 'tool-results') left.push(file);
      else if (entry.name.endsWith('.jsonl') && !entry.isDirectory()) found.push(file);
    }
  }
  return found;
}

function entriesOf(folder) {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function look(file) {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) return null;
  const agent = AGENT.exec(path.basename(file))?.[1] ?? null;
  const { size, mtimeMs, ino } = stat;
  return { path: file, agent, size, modified: mtimeMs, seen: `${size}:${mtimeMs}:${ino}` };
}

/** The path of a session's own file, which need not be there. */
function sessionOf(file, agent) {
  if (agent === null) return file;
  const parts = file.split(path.sep);
  const at = parts.lastIndexOf('subagents');
  if (at > 0) return `${parts.slice(0, at).join(path.sep)}.jsonl`;
  // Older versions put them beside the session, which only their lines name.
  const named = /"sessionId"\s*:\s*"([\w-]+)"/.exec(beginningOf(file));
  return named === null ? file : path.join(path.dirname(file), `${named[1]}.jsonl`);
}

function beginningOf(file) {
  let fd;
  try {
    fd = fs.openSync(file, 'r');
    const bytes = Buffer.alloc(BEGINNING);
    return bytes.toString('latin1', 0, fs.readSync(fd, bytes, 0, BEGINNING, 0));
  } catch {
    return '';
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
}

/** What the file beside a subagent's transcript calls its type, or `null`. */
function typeOfAgent(file) {
  try {
    const { agentType } = JSON.parse(fs.readFileSync(file.replace(/\.jsonl$/, '.meta.json'), 'utf8'));
    return typeof agentType === 'string' && agentType !== '' ? agentType : null;
  } catch {
    return null;
  }
}

module.exports = { findSessions, typeOfAgent };
