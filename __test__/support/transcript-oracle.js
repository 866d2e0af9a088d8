// What an import of sessions has to record, naively: each question is answered by looking through all lines of an agent.
'use strict';

const { redacted } = require('../../lib/errors.js');

const LOADED = 'Base directory for this skill:';
const TOKENS = ['input_tokens', 'output_tokens', 'cache_creation_input_tokens', 'cache_read_input_tokens'];

const blocks = ({ message }) => (Array.isArray(message?.content) ? message.content : []);
const results = (line) => (line.type === 'user' ? blocks(line).filter(({ type }) => type === 'tool_result') : []);
const uses = (line) => (line.type === 'assistant' ? blocks(line).filter(({ type }) => type === 'tool_use') : []);
const textOf = (content) =>
  typeof content === 'string' ? content : (content ?? []).find(({ text }) => typeof text === 'string' && text)?.text;
const words = (line) => (line.type === 'user' && !line.isCompactSummary ? textOf(line.message.content) : undefined);
const isInterrupt = (line) => words(line)?.startsWith('[Request interrupted by user') ?? false;
const isLoaded = (line) => line.isMeta && (words(line)?.startsWith(LOADED) ?? false);
const commandOf = (line) => {
  if (line.isMeta || !words(line)?.startsWith('<command-')) return null;
  return /<command-name>\/?(.*?)<\/command-name>/s.exec(words(line))?.[1] ?? null;
};
const isPrompt = (line) =>
  words(line) !== undefined &&
  !line.isMeta &&
  !isInterrupt(line) &&
  commandOf(line) === null &&
  results(line).length === 0;
const isTurnEnd = (line) => line.type === 'system' && line.subtype === 'turn_duration';
const isApiEnd = (line) => line.isApiErrorMessage === true;
const isFact = (line) =>
  ['assistant', 'user'].includes(line.type) ||
  (line.type === 'system' && ['turn_duration', 'api_error'].includes(line.subtype));

const isDenied = ({ line, error }) => line.toolDenialKind !== undefined || (error ?? '').startsWith("The user doesn't want to "); // prettier-ignore

function errorOf(line, { is_error: failed, content }) {
  if (failed === true || line.toolUseResult?.success === false) return textOf(content) ?? 'Unknown error';
  const text = textOf(content);
  return /^Exit code 0*[1-9]\d*(\n|$)/.test(text ?? '') ? text : null;
}

/** One agent's lines, each with its time, and every question about them. */
class Agent {
  constructor(lines) {
    this.lines = lines.filter((line) => isFact(line) && !line.isCompactSummary);
    this.times = this.lines.map(({ timestamp }) => Date.parse(timestamp));
    this.activations = [...this.#called(), ...this.#typed()].sort((a, b) => a.from - b.from);
    for (const each of this.activations) if (each.from !== null) this.#end(each);
  }

  lastBefore = (index) => Math.max(...this.times.slice(0, index));

  /** The first result of a call, unless an interrupt came before. */
  resultOf(id, from) {
    for (let at = from + 1; at < this.lines.length; at += 1) {
      const block = results(this.lines[at]).find(({ tool_use_id: of }) => of === id);
      if (block) return { at, line: this.lines[at], error: errorOf(this.lines[at], block) };
      if (isInterrupt(this.lines[at])) return { at, interrupted: true };
    }
    return null;
  }

  calls() {
    return this.lines.flatMap((line, at) =>
      uses(line).map((use) => ({ use, at, line, result: this.resultOf(use.id, at) })),
    );
  }

  /** Calls of the tool Skill; `from` is where the episode begins, `null` when it was not loaded. */
  #called() {
    return this.calls()
      .filter(({ use }) => use.name === 'Skill')
      .map(({ use, at, line, result }) => {
        const name = (use.input.skill ?? use.input.command ?? 'unknown').replace(/^\//, '');
        const skill = { id: use.id, name, line, began: this.times[at], at };
        if (result === null) return { ...skill, from: null, fate: 'end' };
        if (result.interrupted) return { ...skill, from: null, fate: 'interrupted' };
        const denied = isDenied(result);
        if (result.error !== null) {
          return {
            ...skill,
            from: null,
            fate: denied ? 'denied' : isInterrupt(result.line) ? 'interrupted' : 'failed',
            error: result.error.split('\n')[0],
          };
        }
        return { ...skill, from: result.at };
      });
  }

  #typed() {
    return this.lines.flatMap((line, at) => {
      const name = commandOf(line);
      if (name === null) return [];
      const next = this.lines.findIndex((each, i) => i > at && (each.isMeta || isPrompt(each) || commandOf(each) !== null || isTurnEnd(each) || isInterrupt(each))); // prettier-ignore
      if (next === -1 || !isLoaded(this.lines[next])) return [];
      return [{ id: line.uuid, name, line, began: this.times[at], at, from: next, typed: true }];
    });
  }

  #end(episode) {
    for (let at = episode.from + 1; at < this.lines.length; at += 1) {
      const line = this.lines[at];
      const next = this.activations.find(({ from }) => from === at);
      if (isApiEnd(line)) return Object.assign(episode, { to: at, ended: this.times[at], outcome: 'api_error', error: textOf(line.message.content) }); // prettier-ignore
      if (isInterrupt(line)) return Object.assign(episode, { to: at, ended: this.times[at], outcome: 'interrupted' });
      if (isTurnEnd(line)) return Object.assign(episode, { to: at, ended: this.times[at] });
      if (isPrompt(line) || commandOf(line) !== null) {
        return Object.assign(episode, { to: at, ended: this.lastBefore(at) });
      }
      if (next) return Object.assign(episode, { to: at, ended: next.began });
    }
    return Object.assign(episode, { to: this.lines.length, ended: this.lastBefore(this.lines.length) });
  }

  activeAt(index) {
    return this.activations.find(({ from, to }) => from !== null && from < index && index <= to) ?? null;
  }

  responses() {
    const found = new Map();
    this.lines.forEach((line, at) => {
      const failed = line.subtype === 'api_error' || isApiEnd(line);
      if ((line.type !== 'assistant' && !failed) || (line.message?.model === '<synthetic>' && !failed)) return;
      const id = line.message ? `${line.message.id}${line.requestId ? `:${line.requestId}` : ''}` : line.uuid;
      const model = line.message?.model;
      const known = found.get(id) ?? { id, at, line, model, failed, episode: this.activeAt(at) };
      const whole = line.message?.usage;
      found.set(id, { ...known, usage: TOKENS.map((key) => whole?.[key] ?? 0), hour: hourOf(whole), cost: costOf(known.model, TOKENS.map((key) => whole?.[key] ?? 0), whole) }); // prettier-ignore
    });
    return [...found.values()];
  }

  /** How the agent was stopped in the end, if it was. */
  stop() {
    const at = this.lines.findLastIndex((line) => isInterrupt(line) || line.type === 'assistant');
    if (at === -1) return {};
    if (isInterrupt(this.lines[at])) return { outcome: 'interrupted', error: 'Interrupted by the user' };
    return isApiEnd(this.lines[at]) ? { outcome: 'api_error', error: textOf(this.lines[at].message.content) } : {};
  }
}

// Dollars for a million tokens: input, output, cached for five minutes, for an hour, read from the cache.
const DOLLARS = {
  'claude-opus-4-8': [5, 25, 6.25, 10, 0.5],
  'us.anthropic.claude-sonnet-5-5-v1:0': [2, 10, 2.5, 4, 0.2],
  'claude-haiku-5-5-20261007': [0.1, 0.5, 0.125, 0.2, 0.01],
  'claude-haiku-5-5-20261007 long': [0.5, 2.5, 0.625, 1, 0.05],
};
const DAY_OF_PRICES = '2026-11-30';

/** Nanodollars of a response, `null` where nobody knows. */
function costOf(model, [input, output, written, read], { cache_creation: cached, speed = 'standard' } = {}) {
  const long = model?.includes('haiku') && input + written + read > 100_000;
  const prices = DOLLARS[long ? `${model} long` : model];
  if (prices === undefined || speed !== 'standard') return null;
  const hour = cached?.ephemeral_1h_input_tokens ?? 0;
  const counts = [input, output, written - hour, hour, read];
  return counts.reduce((sum, count, i) => sum + count * Math.round(prices[i] * 1000), 0);
}

const hourOf = ({ cache_creation: cached } = {}) => cached?.ephemeral_1h_input_tokens ?? 0;
const named = ([input, output, written, read], hour, cost) => ({ input_tokens: input, output_tokens: output, cache_write_tokens: written, cache_read_tokens: read, ...(hour > 0 && { cache_write_1h_tokens: hour }), ...(cost !== null && { cost_usd: cost / 1e9 }) }); // prettier-ignore
const defined = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
const context = ({ version, gitBranch }) => ({ claude_code: version, git_branch: gitBranch });
const shown = (error) => (error === undefined || error === null ? null : redacted(error).slice(0, 500));
const RESULTS = { completed: 'success', tool_errors: 'success', unfinished: 'unknown' };

function usageOf(responses) {
  const good = responses.filter(({ failed }) => !failed);
  const usage = {};
  for (const { model = 'unknown', usage: tokens, hour, cost } of good) {
    const [sums, hours, costs] = usage[model] ?? [[0, 0, 0, 0], 0, 0];
    const all = costs === null || cost === null ? null : costs + cost;
    usage[model] = [sums.map((sum, i) => sum + tokens[i]), hours + hour, all];
  }
  const all = Object.fromEntries(Object.entries(usage).map(([model, sums]) => [model, named(...sums)]));
  const prices = Object.values(usage).some(([, , cost]) => cost !== null) ? { prices: DAY_OF_PRICES } : {};
  return { responses: good.length, ...(good.length > 0 ? { usage: all, ...prices } : {}) };
}

function sourceOf(line, cwd) {
  const place = words(line).slice(LOADED.length).split('\n')[0].trim();
  if (place.includes('/.claude/plugins/')) return 'plugin';
  const [above, behind] = place.split('/.claude/skills/');
  if (behind === undefined) return undefined;
  return above !== cwd && /^\/(root|home\/[^/]+|Users\/[^/]+)$/.test(above) ? 'userSettings' : 'projectSettings';
}

function skillRecord(agent, each, kind) {
  const responses = agent.responses().filter(({ episode }) => episode === each);
  const calls = agent.calls().filter(({ use, at }) => use.name !== 'Skill' && agent.activeAt(at) === each);
  const errors = calls.filter(({ result }) => result !== null && !result.interrupted && result.error !== null).length;
  const loaded = each.from !== null;
  const outcome = each.outcome ?? (loaded ? (errors > 0 ? 'tool_errors' : 'completed') : each.fate === 'end' ? (agent.stop().outcome ?? 'unfinished') : each.fate); // prettier-ignore
  const usual = { interrupted: 'Interrupted by the user', denied: 'Denied', api_error: 'API error' };
  let { name } = each;
  let plugin;
  const full = (line) => line.attributionSkill;
  for (let at = each.from + 1; loaded && at <= each.to && at < agent.lines.length; at += 1) {
    const said = agent.lines[at].type === 'assistant' ? full(agent.lines[at]) : undefined;
    if (
      said !== undefined &&
      (said === name || (said.includes(':') && said.slice(said.lastIndexOf(':') + 1) === name))
    ) {
      name = said;
      plugin ??= agent.lines[at].attributionPlugin;
    }
  }
  const base = loaded ? agent.lines.find((line, at) => isLoaded(line) && (at === each.from || agent.activeAt(at) === each) && !agent.activations.some(({ from, typed }) => typed && from === at && each.from !== at)) : undefined; // prettier-ignore
  return {
    timestamp: new Date(each.began).toISOString(),
    skill: name,
    result: RESULTS[outcome] ?? 'failure',
    duration_ms: loaded ? Math.max(0, each.ended - each.began) : 0,
    agent: kind,
    run_id: each.line.sessionId,
    error: ['completed', 'tool_errors', 'unfinished'].includes(outcome) ? null : shown(['denied', 'interrupted'].includes(outcome) ? usual[outcome] : (each.error ?? usual[outcome])), // prettier-ignore
    metadata: defined({
      origin: 'transcript',
      id: each.id,
      outcome,
      trigger: each.typed ? 'user-slash' : agent.activeAt(each.at) === null ? 'claude-proactive' : 'nested-skill',
      source: base === undefined ? undefined : sourceOf(base, each.line.cwd),
      plugin,
      ...(loaded ? { tool_calls: calls.length, tool_errors: errors, ...usageOf(responses) } : {}),
      ...context(each.line),
    }),
  };
}

function runRecord({ id, at, duration, kind, line, outcome, error, facts }) {
  const usual = { failed: 'Failed' };
  return {
    timestamp: new Date(at).toISOString(),
    skill: `agent:${kind}`,
    result: RESULTS[outcome] ?? 'failure',
    duration_ms: duration,
    agent: kind,
    run_id: line.sessionId,
    error: shown(error ?? usual[outcome]),
    metadata: defined({ origin: 'transcript', id, outcome, ...facts, ...context(line) }),
  };
}

function linksOf(agent) {
  return agent
    .calls()
    .filter(({ use, result }) => ['Agent', 'Task'].includes(use.name) && result !== null && !result.interrupted)
    .map(({ use, at, line, result }) => {
      const given = result.line.toolUseResult ?? {};
      const kind = use.input.subagent_type ?? 'general-purpose';
      const failed = isDenied(result) ? 'denied' : isInterrupt(result.line) ? 'interrupted' : 'failed';
      const outcome = result.error === null ? 'completed' : failed;
      const background = given.status === 'async_launched';
      return { id: use.id, agentId: given.agentId, kind, line, began: agent.times[at], ended: agent.times[result.at], background, outcome, error: result.error?.split("\n")[0] }; // prettier-ignore
    });
}

function subagentRecord(id, agent, link, kind) {
  const calls = agent.calls();
  const errors = calls.filter(({ result }) => result !== null && !result.interrupted && result.error !== null).length;
  const own = { outcome: errors > 0 ? 'tool_errors' : 'completed', ...agent.stop() };
  const { outcome, error } = link && link.outcome !== 'completed' ? link : own;
  const [first, last] = [Math.min(...agent.times), Math.max(...agent.times)];
  const facts = { agent_id: id, tool_calls: calls.length, tool_errors: errors, ...usageOf(agent.responses()) };
  const line = agent.lines[0];
  return runRecord({ id: link?.id ?? `${line.sessionId}/${id}`, at: first, duration: last - first, kind, line, outcome, error, facts }); // prettier-ignore
}

function cujRecords(agent) {
  return agent.calls().flatMap(({ use, at, line, result }) => {
    const cuj = use.name === 'Bash' ? /run-cuj\S*\s+(CUJ-\d+)/i.exec(use.input.command)?.[1] : undefined;
    if (cuj === undefined || result === null || result.interrupted) return [];
    if (result.line.toolUseResult?.backgroundTaskId || isDenied(result)) return [];
    const metadata = { origin: 'transcript', id: use.id, run_id: line.sessionId, ...context(line) };
    const duration = Math.max(0, agent.times[result.at] - agent.times[at]);
    return [{ timestamp: new Date(agent.times[at]).toISOString(), cuj_id: cuj, success: result.error === null, duration_ms: duration, error: shown(result.error), metadata }]; // prettier-ignore
  });
}

const providerOf = (model = 'claude') => (model.startsWith('gpt') ? 'openai' : 'anthropic');

function callRecord(agent, { id, at, line, model, failed, usage, hour, cost }) {
  const status = line.error ? '529 ECONNRESET Overloaded' : 'API error';
  const error = failed ? (line.message ? textOf(line.message.content) : status) : null;
  const metadata = defined({
    origin: 'transcript',
    id,
    run_id: line.sessionId,
    model,
    ...(failed ? {} : named(usage, hour, cost)),
    prices: failed || cost === null ? undefined : DAY_OF_PRICES,
  });
  return { timestamp: agent.times[at], iso_timestamp: new Date(agent.times[at]).toISOString(), provider: providerOf(model), success: !failed, latency_ms: null, error: shown(error), metadata }; // prettier-ignore
}

/** `{ skills, cujs, calls }`, the records of one session when nothing more will come, in no order. */
function expectedOf(files) {
  const lanes = new Map();
  for (const { agent, lines } of files.filter(({ meta }) => !meta)) {
    for (const line of lines) {
      const key = agent ?? (line.isSidechain ? line.agentId : null);
      if (!lanes.has(key)) lanes.set(key, []);
      lanes.get(key).push(line);
    }
  }
  const agents = new Map([...lanes].map(([key, lines]) => [key, new Agent(lines)]).filter(([, { lines }]) => lines.length > 0)); // prettier-ignore
  const links = [...agents.values()].flatMap(linksOf);
  const found = { skills: [], cujs: [], calls: [] };
  for (const [key, agent] of agents) {
    const link = links.find(({ agentId }) => agentId === key);
    const meta = files.find(({ meta: each, name }) => each && name.includes(`agent-${key}.`))?.meta.agentType;
    const kind = key === null ? 'claude-code' : (link?.kind ?? meta ?? 'subagent');
    found.skills.push(...agent.activations.map((each) => skillRecord(agent, each, kind)));
    if (key !== null) found.skills.push(subagentRecord(key, agent, link, kind));
    found.cujs.push(...cujRecords(agent));
    found.calls.push(...agent.responses().map((each) => callRecord(agent, each)));
  }
  for (const link of links.filter(({ agentId }) => !agents.has(agentId))) {
    const duration = link.background ? null : Math.max(0, link.ended - link.began);
    found.skills.push(runRecord({ ...link, at: link.began, duration, facts: { agent_id: link.agentId } }));
  }
  return found;
}

module.exports = { expectedOf };
