// The line under Claude Code's prompt where it runs in Node: the addon makes it, as the program `obs-hook` does.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const { loadAddon } = require('../lib/addon.js');
const { clock } = require('../lib/clock.js');
const { readInput, surroundings } = require('./input.js');

const SELF = path.join(__dirname, '..', 'bin', 'obs-hook.js');
const MOST_COLUMNS = 10_000;

function columnsOf(env) {
  const columns = Number(env.COLUMNS);
  return Number.isInteger(columns) && columns > 0 ? Math.min(columns, MOST_COLUMNS) : 0;
}

/** Shows the status line, below what `wrap`, another command for one, prints. */
function show(wrap, env = process.env) {
  const said = process.stdin.isTTY ? Buffer.alloc(0) : (readInput() ?? Buffer.alloc(0));
  const { NativeClaude } = loadAddon();
  const { line, refresh } = JSON.parse(NativeClaude.statusLine(said, surroundings(env), columnsOf(env), clock()));
  const theirs = wrap === undefined ? '' : NativeClaude.wrapStatusLine(wrap, said);
  const shown = [theirs, line].filter((text) => text !== '').join('\n');
  if (shown !== '') fs.writeSync(1, `${shown}\n`);
  if (refresh !== null) refreshBehind(refresh);
}

/** Has the state made anew by a process that nobody waits for. */
function refreshBehind({ root, data }) {
  const child = spawn(process.execPath, [SELF, 'refresh', root, data], { detached: true, stdio: 'ignore' });
  child.on('error', () => {});
  child.unref();
}

/** The words of the program `obs-hook` that are about the status line. */
function runWith(words, env) {
  const [word, ...rest] = words;
  if (word === 'statusline' && rest.length === 0) show(undefined, env);
  else if (word === 'statusline' && rest.length === 2 && rest[0] === '--wrap') show(rest[1], env);
  else if (word === 'refresh' && rest.length === 2) {
    loadAddon().NativeClaude.refreshStatus(...rest, surroundings(env), clock());
  } else throw new Error('it knows no words but: hook, statusline, statusline --wrap COMMAND');
}

module.exports = { runWith, show };
