// Writes transcripts of Claude Code as large as wanted: sessions of many sizes, of turns with skills, tools with long results,
// pictures, subagents, and the lines in between of which nothing is read out.
import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const START = Date.UTC(2026, 9, 1);
/** How large sessions are, one after the other; the first one has a tenth of all. */
const SESSION_BYTES = [4, 0.1, 0.5, 8, 0.05, 1, 0.2, 2, 0.02, 0.3, 16].map((megabytes) => megabytes * 1e6);
const TEXT =
  'const answer = questions.map((each) => each.answer ?? null); // \\"quoted\\" and \u00fcml\u00e4uts\n'.repeat(400);

const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAB4AAAAQ4CAIAAABnsVYU'.repeat(3000);
const USER = { parentUuid: null, isSidechain: false, userType: 'external', entrypoint: 'cli', cwd: '/w/app', version: '2.1.220', gitBranch: 'main' }; // prettier-ignore

/** A session, or a subagent of one, that grows line by line until it has `bytes`. */
class Session {
  lines = [];
  bytes = 0;
  /** The subagents, by id. */
  agents = new Map();
  #count = 0;

  constructor(number, { agent } = {}) {
    this.name = `${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
    this.at = START + number * 3_600_000;
    this.agent = agent;
  }

  id(kind) {
    this.#count += 1;
    return `${kind}_${this.name.slice(0, 8)}_${this.agent ?? ''}${this.#count}`;
  }

  add(type, members) {
    this.at += 1500;
    const side = this.agent === undefined ? {} : { isSidechain: true, agentId: this.agent };
    const line = { ...USER, ...side, sessionId: this.name, type, ...members, uuid: this.id('uuid'), timestamp: new Date(this.at).toISOString() }; // prettier-ignore
    const text = JSON.stringify(line);
    this.lines.push(text);
    this.bytes += text.length + 1;
  }

  /** A response in two lines that repeat its usage, and the result of its call. */
  call(name, input, content, result = { stdout: content, stderr: '', interrupted: false }) {
    const message = { id: this.id('msg'), type: 'message', role: 'assistant', model: 'claude-opus-4-8' };
    const usage = { input_tokens: 3, cache_creation_input_tokens: 1412, cache_read_input_tokens: 66_531, output_tokens: 718, service_tier: 'standard', cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 1412 } }; // prettier-ignore
    const requestId = this.id('req');
    const use = { type: 'tool_use', id: this.id('toolu'), name, input };
    for (const block of [{ type: 'text', text: TEXT.slice(0, 300) }, use]) {
      this.add('assistant', { requestId, message: { ...message, usage, content: [block], stop_reason: null } });
    }
    const block = { type: 'tool_result', tool_use_id: use.id, content };
    this.add('user', { message: { role: 'user', content: [block] }, toolUseResult: result });
    this.add('attachment', { attachment: { type: 'hook_success', hookName: `PostToolUse:${name}`, content: TEXT.slice(0, 600) } }); // prettier-ignore
  }

  turn(number) {
    this.add('user', { message: { role: 'user', content: TEXT.slice(0, 200) } });
    if (number % 4 === 0) this.call('Skill', { skill: `skill-${number % 7}` }, 'Launching');
    for (let step = 0; step < 6; step += 1) {
      this.call('Read', { file_path: `/w/app/${step}` }, TEXT.slice(0, 1000 + ((number * 7 + step * 13) % 9) * 1500));
    }
    if (number % 3 === 0) this.call('Write', { file_path: '/w/app/new', content: TEXT.slice(0, 8000) }, 'written');
    if (number % 9 === 0) this.call('Bash', { command: 'node run-cuj.mjs CUJ-001' }, number % 2 ? 'ok' : 'Exit code 1');
    if (number % 15 === 7) {
      const source = { type: 'base64', media_type: 'image/png', data: PICTURE };
      this.call('Read', { file_path: '/w/app/shot.png' }, [{ type: 'image', source }], { type: 'image', file: source });
    }
    if (number % 20 === 10 && this.agent === undefined) this.delegate(`a${number}`);
    this.add('system', { subtype: 'turn_duration', durationMs: 30_000 });
    this.add('last-prompt', { lastPrompt: TEXT.slice(0, 200) });
  }

  /** Has a subagent do three turns. */
  delegate(id) {
    const agent = new Session(Number(this.name.slice(0, 8)), { agent: id });
    agent.at = this.at;
    for (let turn = 1; turn <= 3; turn += 1) agent.turn(turn);
    this.agents.set(id, agent);
    this.bytes += agent.bytes;
    this.at = agent.at;
    const result = { status: 'completed', agentId: id, totalToolUseCount: 20 };
    this.call('Agent', { subagent_type: 'Explore', prompt: 'look' }, [{ type: 'text', text: TEXT.slice(0, 2000) }], result); // prettier-ignore
  }
}

/** Writes a file whose time is long enough ago that its session is over. */
function writeLines(file, lines) {
  writeFileSync(file, `${lines.join('\n')}\n`);
  utimesSync(file, START / 1000, START / 1000);
}

let turns = 0;

/** Appends one more turn to the file of a session. */
export function appendTurn(file) {
  turns += 1;
  const session = new Session(90_000_000 + turns);
  session.at = START + turns * 60_000;
  session.turn(1);
  appendFileSync(file, `${session.lines.join('\n')}\n`);
}

/** Writes sessions of `megabytes` in all below `home`, as Claude Code would; gives the folder that holds them. */
export function writeTranscripts(home, megabytes) {
  const folder = path.join(home, 'projects', '-w-app');
  mkdirSync(folder, { recursive: true });
  for (let number = 0, left = megabytes * 1e6; left > 0; number += 1) {
    const session = new Session(number);
    const size = number === 0 ? Math.max(1e6, left / 10) : SESSION_BYTES[number % SESSION_BYTES.length];
    for (let turn = 0; session.bytes < Math.min(size, left); turn += 1) session.turn(turn);
    writeLines(path.join(folder, `${session.name}.jsonl`), session.lines);
    if (session.agents.size > 0) mkdirSync(path.join(folder, session.name, 'subagents'), { recursive: true });
    for (const [id, { lines }] of session.agents) {
      writeLines(path.join(folder, session.name, 'subagents', `agent-${id}.jsonl`), lines);
    }
    left -= session.bytes;
  }
  return folder;
}
