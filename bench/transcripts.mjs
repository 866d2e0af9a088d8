// Writes transcripts of Claude Code as large as wanted: sessions of turns with skills, tools with long results, and subagents.
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const START = Date.UTC(2026, 9, 1);
const SESSION_BYTES = 4 * 1024 * 1024;
const TEXT =
  'const answer = questions.map((each) => each.answer ?? null); // \\"quoted\\" and \u00fcml\u00e4uts\n'.repeat(400);

/** A session that grows line by line until it has `bytes`. */
class Session {
  lines = [];
  bytes = 0;
  #count = 0;

  constructor(number) {
    this.name = `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
    this.at = START + number * 3_600_000;
  }

  id(kind) {
    this.#count += 1;
    return `${kind}_${this.name.slice(0, 8)}_${this.#count}`;
  }

  add(type, members) {
    this.at += 1500;
    const line = { parentUuid: null, isSidechain: false, cwd: '/w/app', sessionId: this.name, version: '2.1.220', gitBranch: 'main', type, ...members, uuid: this.id('uuid'), timestamp: new Date(this.at).toISOString() }; // prettier-ignore
    const text = JSON.stringify(line);
    this.lines.push(text);
    this.bytes += text.length + 1;
  }

  /** A response in two lines that repeat its usage, and the result of its call. */
  call(name, input, result) {
    const message = { id: this.id('msg'), role: 'assistant', model: 'claude-opus-4-8' };
    const usage = { input_tokens: 3, cache_creation_input_tokens: 1412, cache_read_input_tokens: 66_531, output_tokens: 718, service_tier: 'standard', cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1412 } }; // prettier-ignore
    const requestId = this.id('req');
    const use = { type: 'tool_use', id: this.id('toolu'), name, input };
    for (const block of [{ type: 'text', text: TEXT.slice(0, 300) }, use]) {
      this.add('assistant', { requestId, message: { ...message, usage, content: [block] } });
    }
    const content = [{ type: 'tool_result', tool_use_id: use.id, content: result }];
    this.add('user', { message: { role: 'user', content }, toolUseResult: { stdout: result } });
  }

  turn(number) {
    this.add('user', { message: { role: 'user', content: TEXT.slice(0, 200) } });
    if (number % 4 === 0) this.call('Skill', { skill: `skill-${number % 7}` }, 'Launching');
    for (let step = 0; step < 6; step += 1) {
      this.call('Read', { file_path: `/w/app/${step}` }, TEXT.slice(0, 1000 + ((number * 7 + step * 13) % 9) * 1500));
    }
    if (number % 9 === 0) this.call('Bash', { command: 'node run-cuj.mjs CUJ-001' }, number % 2 ? 'ok' : 'Exit code 1');
    this.add('system', { subtype: 'turn_duration', durationMs: 30_000 });
  }
}

/** Writes sessions of `megabytes` in all below `home`, as Claude Code would; gives the folder that holds them. */
export function writeTranscripts(home, megabytes) {
  const folder = path.join(home, 'projects', '-w-app');
  mkdirSync(folder, { recursive: true });
  for (let number = 0, left = megabytes * 1e6; left > 0; number += 1) {
    const session = new Session(number);
    for (let turn = 0; session.bytes < Math.min(SESSION_BYTES, left); turn += 1) session.turn(turn);
    const file = path.join(folder, `${session.name}.jsonl`);
    writeFileSync(file, `${session.lines.join('\n')}\n`);
    // Long enough ago that the session is over.
    utimesSync(file, START / 1000, START / 1000);
    left -= session.bytes;
  }
  return folder;
}
