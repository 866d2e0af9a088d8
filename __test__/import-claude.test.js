// The import of transcripts: each trap of the format, what counts once, and what becomes of it when something goes wrong.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createFace } = require('../lib/face.js');
const { slugOf, worktreesOf } = require('../claude/places.js');
const { makeFolder, removeFolder, writeFiles } = require('./support/command-line.js');
const { textOf } = require('./support/transcripts.js');

let root;
let clock;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
  clock = Date.UTC(2026, 6, 12, 11);
});
afterEach(() => removeFolder(root));

const config = () => path.join(root, 'home');
const face = () => createFace({ projectRoot: root, env: {} });
const importAll = (options = {}) =>
  face().importClaudeTranscripts({ from: path.join(root, 'transcripts'), ...options });
const put = (name, lines) =>
  writeFiles(root, { [`transcripts/${name}`]: typeof lines === 'string' ? lines : textOf(lines) });

/** A line of the session `s1`, one second after the one before. */
function line(type, members) {
  clock += 1000;
  return { type, uuid: `u${clock}`, sessionId: 's1', timestamp: new Date(clock).toISOString(), ...members };
}
const prompt = (text = 'do it') => line('user', { message: { role: 'user', content: text } });
const response = (id, content = [], more = {}) => line('assistant', { message: { id, model: 'claude-opus-4-8', usage: { input_tokens: 2, output_tokens: 718, cache_creation_input_tokens: 1412, cache_read_input_tokens: 66_531 }, content }, ...more }); // prettier-ignore
const call = (id, name, input) => ({ type: 'tool_use', id, name, input });
const result = (id, content = 'ok', more = {}) => line('user', { message: { content: [{ type: 'tool_result', tool_use_id: id, content, ...more.block }] }, ...more.line }); // prettier-ignore
const added = (text) => line('user', { isMeta: true, message: { content: [{ type: 'text', text }] } });
const typed = (name) => line('user', { message: { content: `<command-message>${name}</command-message>\n<command-name>/${name}</command-name>\n<command-args>prod</command-args>` } }); // prettier-ignore
const turnEnd = () => line('system', { subtype: 'turn_duration', durationMs: 59_902, messageCount: 69 });
const skill = (name, id = 't1') => [response(`m-${id}`, [call(id, 'Skill', { skill: name, args: 'prod' })]), result(id, 'Launching', { line: { toolUseResult: { success: true, commandName: name } } })]; // prettier-ignore

function linesIn(name) {
  const file = path.join(root, '.claude/context', name);
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').split('\n').filter(Boolean).map((text) => JSON.parse(text)) : []; // prettier-ignore
}
const skills = () => linesIn('logs/skill-invocations-2026-07-12.jsonl');
const cujs = () => linesIn('analytics/cuj-metrics.jsonl');
const calls = () => linesIn('analytics/provider-health.jsonl');
const names = () => skills().map(({ skill: name }) => name);

describe('what a session tells', () => {
  test('what responses would have cost: each kind of token at its own price, of its time; what nobody knows has none', () => {
    const at = (time, model, usage) => ({ ...response(`m${time}`), timestamp: time, message: { id: `m${time}${model}`, model, usage } }); // prettier-ignore
    const million = { input_tokens: 1e6, output_tokens: 1e6, cache_creation_input_tokens: 1e6, cache_read_input_tokens: 1e6 }; // prettier-ignore
    const hour = { ...million, cache_creation: { ephemeral_1h_input_tokens: 1e6 } };
    const read = { cache_read_input_tokens: 1e6 };
    const july = '2026-07-12T12:00:00.000Z';
    const cases = [
      [at(july, 'claude-opus-4-8', million), 5 + 25 + 6.25 + 0.5],
      [at('2026-07-12T12:00:01.000Z', 'claude-opus-4-8', hour), 5 + 25 + 10 + 0.5],
      [at('2026-07-12T12:00:02.000Z', 'claude-opus-4-8[1m]', { input_tokens: 3 }), 0.000015],
      [at('2026-10-06T23:59:59.999Z', 'claude-sonnet-5-5', read), 0.2],
      [at('2026-10-07T00:00:00.000Z', 'claude-sonnet-5-5', read), 0.1],
      [at('2026-10-08T00:00:00.000Z', 'claude-haiku-5-5', { input_tokens: 100_000 }), 0.01],
      [at('2026-10-08T00:00:01.000Z', 'claude-haiku-5-5', { input_tokens: 100_001 }), 0.0500005],
      [at('2026-10-08T00:00:02.000Z', 'claude-opus-4-8', { ...million, speed: 'fast' }), undefined],
      [at('2026-10-08T00:00:03.000Z', 'claude-opus-4-8', { ...million, service_tier: 'batch' }), undefined],
      [at('2026-10-08T00:00:04.000Z', 'claude-opus-9', million), undefined],
      [at('2026-10-08T00:00:05.000Z', 'gpt-5', million), undefined],
    ];
    put('s1.jsonl', [prompt(), ...cases.map(([each]) => each), turnEnd()]);
    const { usage, prices } = importAll();
    expect(calls().map(({ metadata }) => [metadata.cost_usd, metadata.prices])).toEqual(
      cases.map(([, cost]) => [cost, cost === undefined ? undefined : '2026-11-30']),
    );
    expect(calls()[1].metadata).toMatchObject({ cache_write_tokens: 1e6, cache_write_1h_tokens: 1e6 });
    expect(prices).toBe('2026-11-30');
    expect(usage['claude-opus-4-8']).toEqual({ responses: 4, input_tokens: 4e6, output_tokens: 4e6, cache_write_tokens: 4e6, cache_read_tokens: 4e6, cost_usd: 36.75 + 40.5, unpriced: 2 }); // prettier-ignore
    expect(usage['claude-haiku-5-5']).toMatchObject({ responses: 2, cost_usd: 0.0600005, unpriced: 0 });
    expect(usage['gpt-5']).toMatchObject({ responses: 1, cost_usd: null, unpriced: 1 });
    expect(importAll()).toMatchObject({ usage: {}, prices: null });
  });

  test('a skill that the model chose, with the time, tools and tokens of its episode', () => {
    const [use, loaded] = skill('superpowers:brainstorming');
    put('s1.jsonl', [
      prompt(),
      { ...use, version: '2.1.207', gitBranch: 'main' },
      loaded,
      added(
        'Base directory for this skill: /home/me/.claude/plugins/cache/x/superpowers/skills/brainstorming\nsecret text',
      ),
      response('m2', [call('t2', 'Read', {})], { attributionSkill: 'superpowers:brainstorming', attributionPlugin: 'superpowers' }), // prettier-ignore
      result('t2', 'no such file', { block: { is_error: true } }),
      response('m3'),
      turnEnd(),
    ]);
    expect(importAll()).toMatchObject({
      sessions: 1,
      files: 1,
      lines: 8,
      skills: 1,
      episodes: 1,
      provider_calls: 3,
      imported: 4,
    });
    expect(skills()).toEqual([
      {
        timestamp: '2026-07-12T11:00:01.000Z',
        type: 'skill_invocation',
        skill: 'superpowers:brainstorming',
        params: '{}',
        result: 'success',
        duration_ms: 7000,
        cache_hit: false,
        agent: 'claude-code',
        run_id: 's1',
        cuj_id: null,
        error: null,
        metadata: {
          origin: 'transcript',
          id: 't1',
          outcome: 'tool_errors',
          trigger: 'claude-proactive',
          source: 'plugin',
          plugin: 'superpowers',
          tool_calls: 1,
          tool_errors: 1,
          responses: 2,
          usage: {
            'claude-opus-4-8': {
              input_tokens: 4,
              output_tokens: 1436,
              cache_write_tokens: 2824,
              cache_read_tokens: 133_062,
              cost_usd: 0.120101,
            },
          },
          prices: "2026-11-30", // prettier-ignore
          claude_code: '2.1.207',
          git_branch: 'main',
        },
      },
    ]);
    expect(calls()[0]).toEqual({
      timestamp: Date.UTC(2026, 6, 12, 11, 0, 2) - 1000,
      iso_timestamp: '2026-07-12T11:00:01.000Z',
      provider: 'anthropic',
      success: true,
      latency_ms: null,
      error: null,
      metadata: { origin: 'transcript', id: 'm-t1', run_id: 's1', model: 'claude-opus-4-8', input_tokens: 2, output_tokens: 718, cache_write_tokens: 1412, cache_read_tokens: 66_531, cost_usd: 0.0600505, prices: '2026-11-30' }, // prettier-ignore
    });
  });

  test('a typed command is a skill only when its instructions were loaded', () => {
    put('s1.jsonl', [typed('model'), added('Caveat: not for you'), typed('deploy'), added('Base directory for this skill: /w/app/.claude/skills/deploy'), response('m1'), prompt(), response('m2')]); // prettier-ignore
    importAll();
    expect(skills().map(({ skill: name, duration_ms, metadata: { trigger, source } }) => [name, duration_ms, trigger, source])).toEqual([['deploy', 2000, 'user-slash', 'projectSettings']]); // prettier-ignore
  });

  test('a bare name is the name of the plugin that the responses say', () => {
    put('s1.jsonl', [
      ...skill('version'),
      response('m2', [], { attributionSkill: 'claude-tweaks:version' }),
      turnEnd(),
    ]);
    importAll();
    expect(names()).toEqual(['claude-tweaks:version']);
  });

  test('a skill that is unknown, denied or interrupted failed, each under its own name', () => {
    put('s1.jsonl', [
      response('m1', [call('t1', 'Skill', { skill: 'nope' })]),
      result('t1', 'Unknown skill: nope', { block: { is_error: true } }),
      response('m2', [call('t2', 'Skill', { skill: 'deploy' })]),
      result('t2', 'no, because of PROMPT', { block: { is_error: true }, line: { toolDenialKind: 'user' } }),
      ...skill('linter', 't3'),
      line('user', { message: { content: [{ type: 'text', text: '[Request interrupted by user]' }] } }),
    ]);
    expect(importAll()).toMatchObject({ skills: 3, episodes: 1 });
    const found = skills().map(({ skill: name, result: fate, error, metadata }) => [
      name,
      fate,
      error,
      metadata.outcome,
    ]);
    expect(found).toEqual([['nope', 'failure', 'Unknown skill: nope', 'failed'], ['deploy', 'failure', 'Denied', 'denied'], ['linter', 'failure', 'Interrupted by the user', 'interrupted']]); // prettier-ignore
  });

  test('a CUJ run through Bash, its failure redacted, also by a rule of the user', () => {
    put('s1.jsonl', [
      response('m1', [call('t1', 'Bash', { command: 'node .claude/tools/run-cuj.mjs CUJ-005 --ci' })]),
      result('t1', `Exit code 2\ntoken ${'ghp'}_${'A1b2'.repeat(9)} refused`, { block: { is_error: true } }),
      response('m2', [call('t2', 'Bash', { command: 'make journey-login' })]),
      result('t2'),
      turnEnd(),
    ]);
    expect(importAll({ dryRun: true, cuj: /journey-(\w+)/ })).toMatchObject({ cujs: 1 });
    expect(importAll()).toMatchObject({ cujs: 1 });
    expect(cujs()).toEqual([{ timestamp: '2026-07-12T11:00:01.000Z', cuj_id: 'CUJ-005', success: false, duration_ms: 1000, error: 'Exit code 2\ntoken [REDACTED] refused', metadata: { origin: 'transcript', id: 't1', run_id: 's1' } }]); // prettier-ignore
  });

  test('a response that is written as several lines counts once, with its last usage', () => {
    const parts = [response('m1'), response('m1'), response('m1')];
    parts[0].message.usage.output_tokens = 1;
    put('s1.jsonl', [...parts, prompt()]);
    importAll();
    expect(calls().map(({ metadata }) => metadata.output_tokens)).toEqual([718]);
  });

  test('a request that failed is a failed call of the provider', () => {
    const error = { status: 529, message: 'Overloaded' };
    const content = [{ type: 'text', text: 'API Error: 401 invalid x-api-key' }];
    put('s1.jsonl', [prompt(), line('system', { subtype: 'api_error', error, retryAttempt: 1 }), line('assistant', { isApiErrorMessage: true, message: { id: 'm1', model: '<synthetic>', content } })]); // prettier-ignore
    importAll();
    expect(calls().map(({ success, error: text }) => [success, text])).toEqual([[false, '529 Overloaded'], [false, 'API Error: 401 invalid x-api-key']]); // prettier-ignore
  });

  test('subagents are found wherever their files lie, and a resumed one is named by its call', () => {
    const own = () => [prompt(), response(`ma${clock}`), line('assistant', { message: { id: `mb${clock}` } })];
    put('s1.jsonl', [response('m1', [call('t1', 'Agent', { subagent_type: 'Explore' })]), result('t1', 'done', { line: { toolUseResult: { status: 'completed', agentId: 'a1', totalTokens: 5 } } }), turnEnd()]); // prettier-ignore
    put('s1/subagents/agent-a1.jsonl', own());
    put('s1/subagents/workflows/wf/agent-a2.jsonl', own());
    put('s1/subagents/workflows/wf/agent-a2.meta.json', '{"agentType":"Plan"}');
    put('agent-a3.jsonl', own());
    put('s1/tool-results/x.jsonl', [line('never-read', {})]);
    expect(importAll()).toMatchObject({ sessions: 1, files: 4, subagents: 3, unknown_types: {} });
    expect(skills().map(({ skill: name, metadata: { id } }) => [name, id]).sort()).toEqual([['agent:Explore', 't1'], ['agent:Plan', 's1/a2'], ['agent:subagent', 's1/a3']]); // prettier-ignore
  });

  test('what is not known is counted and passed over', () => {
    put(
      's1.jsonl',
      `{"type":"novel"}\n{"type":"novel","x":{"deep":[1]}}\nno json\n{"type":\n\n{"no":"type"}\n[1]\n${textOf([...skill('deploy'), turnEnd()])}`,
    );
    expect(importAll()).toMatchObject({ lines: 9, damaged: 3, unknown_types: { novel: 2, '': 1 }, skills: 1 });
  });

  test('members that are not known are counted by the types of which something is read out', () => {
    const odd = (type, members) => line(type, { message: { id: 'm', content: [], deep: 1 }, ...members });
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, number) => [`key${number}`, number]));
    put('s1.jsonl', [odd('user', { 'a.b': 1, __proto__x: 2 }), odd('assistant', { 'a.b': 1 }), odd('assistant', { 'a.b': 'x' }), line('system', { newOne: 'never shown' }), line('attachment', { anything: 1 }), line('novel', { anything: 1 })]); // prettier-ignore
    const counts = { 'user.a.b': 1, 'user.__proto__x': 1, 'assistant.a.b': 2, 'system.newOne': 1 };
    expect(importAll({ dryRun: true }).unknown_fields).toEqual(counts);
    put('s2.jsonl', [line('user', { message: { content: [] }, ...many })]);
    const all = importAll({ dryRun: true }).unknown_fields;
    expect([Object.keys(all).length, Object.values(all).reduce((sum, count) => sum + count)]).toEqual([51, 65]);
  });

  test('what is not over waits: the torn last line, the last response, the open episode', () => {
    const all = textOf([...skill('deploy'), response('m2'), turnEnd()]);
    const spy = jest.spyOn(Date, 'now').mockImplementation(() => clock + 60_000);
    put('s1.jsonl', all.slice(0, -5));
    expect(importAll()).toMatchObject({ skills: 0, provider_calls: 1, waiting: 1, damaged: 0, imported: 1 });
    put('s1.jsonl', all);
    expect(importAll()).toMatchObject({ skills: 1, provider_calls: 2, waiting: 0, imported: 2, already_there: 1 });
    spy.mockRestore();
  });

  test('a session that ended in the middle is told after an hour without a line', () => {
    put('s1.jsonl', skill('deploy'));
    const spy = jest.spyOn(Date, 'now').mockImplementation(() => clock + 3_599_000);
    expect(importAll()).toMatchObject({ skills: 0, waiting: 1 });
    expect(importAll()).toMatchObject({ unchanged: 1 });
    spy.mockImplementation(() => clock + 3_600_000);
    expect(importAll()).toMatchObject({ unchanged: 0, skills: 1, waiting: 0 });
    spy.mockRestore();
  });
});

describe('once', () => {
  beforeEach(() => put('s1.jsonl', [...skill('deploy'), response('m2', [call('t2', 'Bash', { command: 'run-cuj CUJ-001' })]), result('t2'), turnEnd()])); // prettier-ignore

  /** Records as the workspace's own programs do, at a time. */
  function at(time, record) {
    const spy = jest.spyOn(Date, 'now').mockImplementation(() => Date.parse(time));
    record(face());
    spy.mockRestore();
  }

  test('what this workspace recorded itself is not doubled, unless that is asked for', () => {
    at('2026-07-12T11:00:04.500Z', (own) => own.recordCujExecution('CUJ-001', true, 900));
    at('2026-07-12T11:00:06.000Z', (own) => own.logSkillInvocation({ skill: 'deploy', result: 'success' }));
    expect(importAll({ dryRun: true, duplicates: true })).toMatchObject({ imported: 4, already_there: 0 });
    expect(importAll()).toMatchObject({ imported: 2, already_there: 2 });
    expect([cujs().length, names()]).toEqual([1, ['deploy']]);
    expect(importAll({ duplicates: true })).toMatchObject({ imported: 2, already_there: 2 });
  });

  test('an own record of another time or name stands for nothing else', () => {
    at('2026-07-12T11:30:00.000Z', (own) => own.recordCujExecution('CUJ-001', true, 900));
    at('2026-07-12T11:00:03.000Z', (own) => own.logSkillInvocation({ skill: 'deploy-2', result: 'success' }));
    expect(importAll()).toMatchObject({ imported: 4, already_there: 0 });
  });

  test('what a hook recorded under the same id is on record', () => {
    at('2026-07-12T11:00:01.000Z', (own) => own.logSkillInvocation({ skill: 'deploy', metadata: { origin: 'hook', id: 't1' } })); // prettier-ignore
    expect(importAll()).toMatchObject({ imported: 3, already_there: 1 });
  });

  test('ids that are redacted are told apart by their times', () => {
    const secret = `sk-ant-api03-${'Ab1'.repeat(31)}AA`;
    put('s2.jsonl', [...skill('a', `${secret}1`), ...skill('b', `${secret}2`), turnEnd()]);
    importAll();
    expect(names().sort()).toEqual(['a', 'b', 'deploy']);
    fs.rmSync(path.join(root, '.claude/context/.obs'), { recursive: true });
    expect(importAll()).toMatchObject({ imported: 0 });
    expect(fs.readFileSync(path.join(root, '.claude/context/logs/skill-invocations-2026-07-12.jsonl'), 'utf8')).not.toContain(secret); // prettier-ignore
  });

  test('since leaves out what is older, and a later import without it brings that', () => {
    expect(importAll({ since: '2026-07-12T11:00:02Z' })).toMatchObject({
      imported: 2,
      first: '2026-07-12T11:00:03.000Z',
    });
    expect(importAll({ since: '2026-07-12T11:00:02Z' })).toMatchObject({ unchanged: 1 });
    expect(importAll()).toMatchObject({ unchanged: 0, imported: 2, already_there: 2 });
  });

  test('a dry run writes nothing at all', () => {
    expect(importAll({ dryRun: true })).toMatchObject({ dry_run: true, imported: 4 });
    expect(fs.readdirSync(path.join(root, '.claude'))).toEqual([]);
  });

  test('another import that is running is told, and nothing is written', () => {
    const first = face();
    const folder = path.join(root, '.claude/context/.obs');
    fs.mkdirSync(folder, { recursive: true });
    const held = first.core().call('tryLock', path.join(folder, 'import-claude.lock'));
    expect(() => importAll()).toThrow(expect.objectContaining({ code: 'OBS_BUSY' }));
    held.release();
    expect(importAll()).toMatchObject({ imported: 4 });
  });

  test('what the disk does not take is told, and comes with the next import', () => {
    writeFiles(root, { '.claude/context/logs/skill-invocations-2026-07-12.jsonl/in-the-way': '' });
    const spy = jest.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(() => importAll()).toThrow(expect.objectContaining({ code: 'OBS_IO' }));
    spy.mockRestore();
    fs.rmSync(path.join(root, '.claude/context/logs'), { recursive: true });
    expect(importAll()).toMatchObject({ unchanged: 0, imported: 1, already_there: 3 });
  });

  test('while nothing may be written the import says so', () => {
    const disabled = createFace({ projectRoot: root, env: { OBS_DISABLED: '1' } });
    const asked = { from: path.join(root, 'transcripts') };
    expect(() => disabled.importClaudeTranscripts(asked)).toThrow(expect.objectContaining({ code: 'OBS_DISABLED' }));
    expect(disabled.importClaudeTranscripts({ ...asked, dryRun: true })).toMatchObject({ imported: 4 });
  });

  test.each([
    [null],
    [{ from: 5 }],
    [{ from: 'nowhere' }],
    [{ cuj: '(' }],
    [{ cuj: 5 }],
    [{ since: 'soon' }],
    [{ dryRun: 1 }],
    [{ onProgress: 1 }],
  ])(
    // prettier-ignore
    'options that cannot be used are refused: %j',
    (options) => {
      const ask = () => face().importClaudeTranscripts(options === null ? null : { from: path.join(root, 'transcripts'), ...options }); // prettier-ignore
      expect(ask).toThrow(expect.objectContaining({ code: expect.stringMatching(/^OBS_(INVALID_ARGUMENT|IO|BAD_PATTERN)$/) })); // prettier-ignore
    },
  );
});

describe('where transcripts lie', () => {
  const inHome = (folder, name) => path.join('home/projects', slugOf(folder), name);
  const found = (options = {}) => {
    const { importClaudeTranscripts } = require('../claude/import.js');
    const env = { CLAUDE_CONFIG_DIR: config() };
    return importClaudeTranscripts(face().core(), { dryRun: true, ...options }, env).sessions;
  };

  test('in the folder that is named after the workspace, and not in that of a neighbour', () => {
    writeFiles(root, { [inHome(root, 'a.jsonl')]: '', [inHome(`${root}-two`, 'b.jsonl')]: '' });
    expect([found(), found({ allProjects: true })]).toEqual([1, 2]);
  });

  test('of a worktree also in those of the repository and its other worktrees', () => {
    const other = path.join(root, '.claude/worktrees/two');
    writeFiles(root, {
      '.git/worktrees/two/gitdir': `${path.join(other, '.git')}\n`,
      '.git/worktrees/two/commondir': '../..\n',
      '.claude/worktrees/two/.git': `gitdir: ${path.join(root, '.git/worktrees/two')}\n`,
      [inHome(root, 'a.jsonl')]: '',
      [inHome(other, 'b.jsonl')]: '',
    });
    expect(worktreesOf(root).sort()).toEqual([root, other].sort());
    expect(worktreesOf(other).sort()).toEqual([root, other].sort());
    expect(found()).toBe(2);
  });

  test('of a long path in a folder with its beginning and a hash', () => {
    const deep = path.join(root, 'x'.repeat(100), 'y'.repeat(100), 'z'.repeat(30));
    fs.mkdirSync(path.join(deep, '.claude'), { recursive: true });
    writeFiles(root, { [`home/projects/${slugOf(deep).slice(0, 200)}-abc123/a.jsonl`]: '' });
    const { projectFolders } = require('../claude/places.js');
    expect(projectFolders(deep, { env: { CLAUDE_CONFIG_DIR: config() } })).toHaveLength(1);
  });
});
