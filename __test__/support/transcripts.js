// Makes sessions of Claude Code in every shape that its transcripts are known to have, from seeds.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const T0 = Date.UTC(2026, 6, 12, 23, 50); // sessions go over midnight
const SKILLS = ['deploy', 'p:deploy', 'linter', 'ünï "q"\\', 'sk odd/../x', 'a'.repeat(300)];
const MODELS = [
  'claude-opus-4-8',
  'claude-haiku-5-5-20261007',
  'us.anthropic.claude-sonnet-5-5-v1:0',
  'gpt-5',
  undefined,
];
const TYPES = ['Explore', 'general-purpose', undefined];
const LOUD = ['PROMPT-TEXT', 'ANSWER-TEXT', 'ARGS-TEXT']; // must be read out nowhere

/** Writes the lines of one agent of a session, one after the other, each a moment later. */
class Script {
  constructor(random, session, { agent = null, at, serial }) {
    Object.assign(this, { random, session, agent, at, serial });
    this.lines = [];
    this.cwd = '/w/app';
  }

  id(kind) {
    this.serial.next += 1;
    return `${kind}_${this.session.slice(0, 8)}.${this.serial.next}`;
  }

  /** Lines come out of order by some ms now and then. */
  add(type, members) {
    this.at += 1 + this.random.below(30_000);
    const wobble = this.random.chance(0.1) ? this.random.below(5) : 0;
    const line = {
      ...(this.random.chance(0.2) ? { future: { type: 'tool_use', deep: [1, { name: 'Skill' }] } } : {}),
      type,
      uuid: this.id('uuid'),
      parentUuid: null,
      sessionId: this.session,
      timestamp: new Date(this.at - wobble).toISOString(),
      version: '2.1.220',
      gitBranch: 'main',
      cwd: this.cwd,
      isSidechain: this.agent !== null,
      ...(this.agent === null ? {} : { agentId: this.agent }),
      ...members,
    };
    this.lines.push(line);
    return line;
  }

  prompt() {
    const content = this.random.chance(0.5) ? LOUD[0] : [{ type: 'text', text: LOUD[0] }];
    this.add('user', { message: { role: 'user', content } });
  }

  /** Prompts are around the length at which a price changes; some tokens are cached for an hour, some answers are fast. */
  usage() {
    const written = this.random.below(5000);
    const hour = this.random.below(written + 1);
    return {
      input_tokens: this.random.below(9),
      output_tokens: this.random.below(900),
      cache_creation_input_tokens: written,
      cache_read_input_tokens: this.random.below(200_000),
      ...(this.random.chance(0.5) && { cache_creation: { ephemeral_5m_input_tokens: written - hour, ephemeral_1h_input_tokens: hour } }), // prettier-ignore
      ...(this.random.chance(0.5) && { service_tier: 'standard', speed: this.random.chance(0.05) ? 'fast' : 'standard' }), // prettier-ignore
    };
  }

  /** A response, in several lines that repeat its usage. */
  respond(blocks = [], more = {}) {
    const message = { id: this.id('msg'), role: 'assistant', model: this.random.pick(MODELS) };
    const requestId = this.random.chance(0.7) ? { requestId: this.id('req') } : {};
    const usage = this.usage();
    const all = [{ type: 'text', text: LOUD[1] }, ...blocks];
    const parts = this.random.chance(0.5) ? [all] : all.map((block) => [block]);
    for (const [at, content] of parts.entries()) {
      const partial = at === 0 && parts.length > 1 ? { ...usage, output_tokens: 0 } : usage;
      this.add('assistant', { message: { ...message, usage: partial, content }, ...requestId, ...more });
    }
  }

  result(id, { error = null, content = error ?? LOUD[1], toolUseResult, more = {}, text = [] } = {}) {
    const shown = this.random.chance(0.5) ? content : [{ type: 'text', text: content }];
    const block = {
      type: 'tool_result',
      tool_use_id: id,
      content: shown,
      ...(error === null ? {} : { is_error: true }),
    };
    this.add('user', { message: { role: 'user', content: [block, ...text] }, ...(toolUseResult ? { toolUseResult } : {}), ...more }); // prettier-ignore
  }

  tool(name, input) {
    return { type: 'tool_use', id: this.id('toolu'), name, input };
  }

  base(name) {
    const place = this.random.pick([`${this.cwd}/.claude/skills`, '/home/me/.claude/skills', '/home/me/.claude/plugins/cache/p/skills']); // prettier-ignore
    this.add('user', { isMeta: true, message: { content: [{ type: 'text', text: `Base directory for this skill: ${place}/${name}\n\n${LOUD[1]}` }] } }); // prettier-ignore
  }

  skill() {
    const name = this.random.pick(SKILLS);
    const use = this.tool('Skill', this.random.chance(0.8) ? { skill: name, args: LOUD[2] } : { command: `/${name}` });
    this.respond([use]);
    const fate = this.random.next();
    if (fate < 0.1) this.result(use.id, { error: `Unknown skill: ${name}` });
    else if (fate < 0.2) this.result(use.id, { error: `Not now: ${LOUD[0]}`, more: { toolDenialKind: 'user' } });
    else if (fate < 0.23) {
      this.result(use.id, { error: `The user doesn't want to proceed. The user said:\n${LOUD[0]}` });
    } else if (fate < 0.27) this.result(use.id, { content: 'No such skill', toolUseResult: { success: false } });
    else {
      this.result(use.id, { toolUseResult: { success: true, commandName: name } });
      if (this.random.chance(0.7)) this.base(name);
      if (this.random.chance(0.3)) this.respond([], { attributionSkill: `q:${name}`, attributionPlugin: 'q' });
    }
  }

  typed() {
    const name = this.random.pick(SKILLS.slice(0, 3));
    const tags = [`<command-name>/${name}</command-name>`, `<command-message>${name}</command-message>`, `<command-args>${LOUD[2]}</command-args>`]; // prettier-ignore
    if (this.random.chance(0.5)) tags.reverse();
    this.add('user', { message: { role: 'user', content: tags.join('\n') } });
    if (this.random.chance(0.6)) this.base(name);
    else this.add('user', { isMeta: true, message: { content: 'Caveat: only a command of the terminal' } });
  }

  work() {
    const uses = [this.tool('Read', { file_path: '/x' }), this.tool('Bash', { command: `echo ${LOUD[2]}` })];
    this.respond(uses);
    if (this.random.chance(0.3)) uses.reverse();
    for (const use of uses) this.result(use.id, this.random.chance(0.2) ? { error: 'Exit code 1\nno' } : {});
  }

  cuj() {
    const use = this.tool('Bash', {
      command: `cd x && node .claude/tools/run-cuj.mjs CUJ-00${this.random.below(4)} --ci`,
    });
    this.respond([use]);
    const fate = this.random.next();
    if (fate < 0.3) this.result(use.id, { error: `Exit code 3\nfailed with password=hunter2hunter2` });
    else if (fate < 0.4) this.result(use.id, { toolUseResult: { backgroundTaskId: 'b1' } });
    else this.result(use.id);
  }

  interrupt() {
    const text = { type: 'text', text: '[Request interrupted by user]' };
    if (this.random.chance(0.5)) {
      const use = this.tool(this.random.pick(['Skill', 'Read']), { skill: 'linter' });
      this.respond([use]);
      if (this.random.chance(0.5)) {
        this.result(use.id, { error: '[Request interrupted by user for tool use]', text: [text] });
      }
    }
    this.add('user', { message: { content: [text] } });
  }

  apiTrouble() {
    const error = { status: 529, message: 'Overloaded', connection: { code: 'ECONNRESET' } };
    this.add('system', { subtype: 'api_error', error: this.random.chance(0.7) ? error : undefined, retryAttempt: 1 });
    if (this.random.chance(0.4)) {
      const content = [{ type: 'text', text: 'API Error: 529 Overloaded' }];
      const message = { id: this.id('msg'), model: '<synthetic>', usage: { input_tokens: 0 }, content };
      this.add('assistant', { isApiErrorMessage: true, message });
    }
  }

  quiet() {
    const kinds = ['attachment', 'mode', 'file-history-snapshot', 'queue-operation', 'brand-new-type', 'system'];
    this.add(this.random.pick(kinds), { content: LOUD[0], subtype: 'compact_boundary' });
    if (this.random.chance(0.3)) this.add('user', { isCompactSummary: true, message: { content: LOUD[0] } });
  }

  endTurn() {
    if (this.random.chance(0.7)) this.add('system', { subtype: 'turn_duration', durationMs: 1, messageCount: 2 });
  }
}

/** One turn of an agent, without subagents. */
function turn(script) {
  script.random.chance(0.3) ? script.typed() : script.prompt();
  const steps = ['skill', 'work', 'cuj', 'interrupt', 'apiTrouble', 'quiet', 'work', 'skill'];
  for (let left = script.random.below(5); left >= 0; left -= 1) script[script.random.pick(steps)]();
  script.endTurn();
}

/** A subagent: its lines go to a file of its own, or into its parent's, and the call's result may be anything. */
function subagent(script, files) {
  const { random } = script;
  const kind = random.pick(TYPES);
  const use = script.tool(random.pick(['Agent', 'Task']), { subagent_type: kind, prompt: LOUD[0] });
  script.respond([use]);
  const agent = script.id('a');
  const own = new Script(random, script.session, { agent, at: script.at, serial: script.serial });
  for (let left = random.below(3); left >= 0; left -= 1) turn(own);
  script.at = own.at;
  const fate = random.next();
  if (fate < 0.2) script.result(use.id, { toolUseResult: { status: 'async_launched', agentId: agent } });
  else if (fate < 0.35) script.result(use.id, { error: `Agent failed\n${LOUD[1]}`, toolUseResult: { agentId: agent } });
  else if (fate < 0.9) {
    script.result(use.id, { toolUseResult: { status: 'completed', agentId: agent, totalTokens: 9 } });
  }
  const place = random.next();
  if (place < 0.6) {
    const below = random.chance(0.3) ? 'workflows/wf-1/' : '';
    files.push({ name: `${script.session}/subagents/${below}agent-${agent}.jsonl`, agent, lines: own.lines });
    if (random.chance(0.4)) {
      files.push({ name: files.at(-1).name.replace('.jsonl', '.meta.json'), meta: { agentType: 'Meta' } });
    }
  } else if (place < 0.8) script.lines.push(...own.lines);
  else if (place < 0.9) files.push({ name: `agent-${agent}.jsonl`, agent, lines: own.lines });
}

/** A session: `[{ name, agent, lines }]`, its own file first. */
function makeSession(random, number, at = T0 + number * 7_777_777) {
  const session = `${number.toString(16).padStart(8, '0')}-0000-4000-8000-${String(random.below(1e9)).padStart(12, '0')}`;
  const script = new Script(random, session, { at, serial: { next: 0 } });
  const files = [{ name: `${session}.jsonl`, agent: null, lines: script.lines }];
  for (let left = random.below(5); left >= 0; left -= 1) {
    turn(script);
    if (random.chance(0.4)) subagent(script, files);
  }
  return files;
}

/** A copy of a session, as resuming and forking leave it: some of its lines, and others behind them. */
function forkOf(random, [main], number) {
  const session = `f${number.toString(16).padStart(7, '0')}-0000-4000-8000-000000000000`;
  const kept = main.lines.slice(0, random.below(main.lines.length + 1));
  const at = Date.parse(main.lines.at(-1).timestamp) + 4_000_000;
  const script = new Script(random, session, { at, serial: { next: 0 } });
  turn(script);
  return [{ name: `${session}.jsonl`, agent: null, lines: [...kept, ...script.lines] }];
}

const textOf = (lines) => lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)) + '\n').join('');

/** Writes files of sessions below a folder; the time of change is that of the last line, as it would be. */
function writeSessions(folder, files) {
  for (const { name, lines, meta } of files) {
    const file = path.join(folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, meta ? JSON.stringify(meta) : textOf(lines));
    const last = lines?.findLast((line) => line.timestamp);
    if (last) fs.utimesSync(file, Date.parse(last.timestamp) / 1000, Date.parse(last.timestamp) / 1000);
  }
}

module.exports = { LOUD, Script, T0, forkOf, makeSession, textOf, writeSessions };
