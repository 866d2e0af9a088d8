// Opens the person's browser. A program's arguments can be read by every user of the machine, so an address with a token goes by a file.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const PROGRAMS = { darwin: ['open'], win32: ['cmd', '/c', 'start', ''] };

/** A file that leads on to `url`, which only this user can read. */
function signpost(url) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-open-'));
  const file = path.join(folder, 'open.html');
  const lead = `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${url}"><title>obs</title>`;
  fs.writeFileSync(file, lead, { mode: 0o600 });
  return { file, forget: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

function start(file) {
  const [program, ...args] = PROGRAMS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, file], { detached: true, stdio: 'ignore' });
  child.on('error', () => {}); // there is no such program: the address stands in the terminal
  child.unref();
}

/** Opens an address; `{ problem, forget() }`, `forget` removing what was left for the browser. */
function openInBrowser(url) {
  try {
    const { file, forget } = signpost(url);
    start(file);
    return { problem: null, forget };
  } catch (error) {
    return { problem: `the browser could not be opened: ${error.message}`, forget() {} };
  }
}

/** Opens a file of the person's own. */
function openFile(file) {
  try {
    start(path.resolve(file));
  } catch {
    // It lies where it was said to lie.
  }
}

module.exports = { openFile, openInBrowser };
