// Makes transcripts of Claude Code for the benchmark: what a session mostly consists of, in the sizes that lines have.
import { closeSync, mkdirSync, openSync, utimesSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeRandom } from './data.mjs';

const SESSION_BYTES = 4e6;
const TEXT = 'the answer that nobody reads out, with "quotes", a line end\\n and a path /w/app/src/index.js '.repeat(
  16,
);

/** The lines of one turn: a prompt, some responses that call tools, their results, now and then a skill. */
function turn(random, session, number) {
  const lines = [];
  let at = Date.UTC(2026, 5, 1) + number * 90_000;
  const add = (type, more) => {
    at += 200 + Math.floor(random() * 9000);
    const uuid = `${session}-${number}-${lines.length}`;
    lines.push({ parentUuid: null, isSidechain: false, cwd: '/w/app', sessionId: session, version: '2.1.220', gitBranch: 'main', type, uuid, timestamp: new Date(at).toISOString(), ...more }); // prettier-ignore
  };
  add('user', { message: { role: 'user', content: TEXT.slice(0, 300) } });
  for (let call = 0; call < 6; call += 1) {
    const id = `toolu_${session}_${number}_${call}`;
    const [name, input] = call === 0 && number % 8 === 0 ? ['Skill', { skill: 'deploy' }] : ['Bash', { command: TEXT }];
    const usage = { input_tokens: 3, cache_creation_input_tokens: 900, cache_read_input_tokens: 60_000, output_tokens: 400 }; // prettier-ignore
    const message = { id: `msg_${session}_${number}_${call}`, role: 'assistant', model: 'claude-opus-4-8', usage };
    add('assistant', { requestId: id, message: { ...message, content: [{ type: 'text', text: TEXT }] } });
    add('assistant', { requestId: id, message: { ...message, content: [{ type: 'tool_use', id, name, input }] } });
    const content = [{ type: 'tool_result', tool_use_id: id, content: TEXT.repeat(1 + Math.floor(random() * 4)) }];
    add('user', { message: { role: 'user', content }, toolUseResult: { stdout: TEXT, stderr: '' } });
    add('attachment', { attachment: { type: 'diagnostics', text: TEXT.slice(0, 600) } });
  }
  add('system', { subtype: 'turn_duration', durationMs: 1000, messageCount: 9 });
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Fills a folder with sessions of about `bytes` together; resolves to how many bytes there are. */
export function makeTranscripts(folder, bytes) {
  mkdirSync(folder, { recursive: true });
  const random = makeRandom(1);
  let written = 0;
  for (let session = 0; written < bytes; session += 1) {
    const name = `${String(session).padStart(8, '0')}-0000-4000-8000-000000000000`;
    const file = path.join(folder, `${name}.jsonl`);
    const fd = openSync(file, 'w');
    const end = Math.min(bytes, written + SESSION_BYTES);
    for (let number = 0; written < end; number += 1) written += writeSync(fd, turn(random, name, number));
    closeSync(fd);
    // Long enough ago that the session is over.
    utimesSync(file, 1_780_000_000, 1_780_000_000);
  }
  return written;
}
