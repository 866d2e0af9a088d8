// Talks to `obs mcp` over its pipes: lines in, messages out, and the records in the text of an answer.
'use strict';

const { spawnSync } = require('node:child_process');
const path = require('node:path');

const { PACKAGE, cleanEnvironment } = require('./child.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const CLOCK = path.join(__dirname, 'frozen-clock.cjs');

/** Everything that a server says to these lines, and how it ended; with `now` its clock stands still. */
function converse(lines, { root, now, env = {} } = {}) {
  const input = Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from('\n')]));
  const args = [...(now === undefined ? [] : ['--require', CLOCK]), OBS, 'mcp', ...(root ? ['--root', root] : [])];
  const { status, stdout, stderr, error } = spawnSync(process.execPath, args, {
    input,
    env: cleanEnvironment({ OBS_TEST_NOW: String(now), ...env }),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error) throw error;
  const told = stdout.split('\n');
  if (told.pop() !== '') throw new Error('the last line has no end');
  return { status, stderr, lines: told, replies: told.map((line) => JSON.parse(line)) };
}

const request = (id, method, params) => JSON.stringify({ jsonrpc: '2.0', id, method, params });

/** The results of these calls, `[name, arguments]`, in their order. */
function callAll(calls, options) {
  const { replies, stderr, status } = converse(
    calls.map(([name, given], id) => request(id, 'tools/call', { name, arguments: given })),
    options,
  );
  if (status !== 0 || stderr !== '') throw new Error(`the server ended with ${status} and said: ${stderr}`);
  return replies.map(({ result, error }) => {
    if (error) throw new Error(error.message);
    return { failed: result.isError === true, text: result.content[0].text };
  });
}

/** What stands between the tags of an answer. */
function recordedIn(text) {
  const [, json] = /^[^\n]*\n<recorded>\n([^\n]*)\n<\/recorded>$/.exec(text);
  return JSON.parse(json);
}

module.exports = { callAll, converse, recordedIn, request };
