// Skill invocations: what is written, what is found again, what is summed up.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { skills } = require('./support/files.js');
const { useWorkspace, writeLines } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const NOON = Date.UTC(2026, 4, 5, 12);
const DAY = 86_400_000;

/** A stored entry at `timestamp`, as another program may have written it. */
function entry(timestamp, more = {}) {
  return { timestamp: new Date(timestamp).toISOString(), type: 'skill_invocation', skill: 's', ...more };
}

beforeEach(() => jest.useFakeTimers({ now: NOON }));
afterEach(() => jest.useRealTimers());

describe('logSkillInvocation', () => {
  test('writes every key, in order, and params as a string of JSON', () => {
    workspace().logSkillInvocation({
      skill: 'repo-rag',
      params: { query: 'x', n: [1, null] },
      result: 'success',
      duration: 12.5,
      cacheHit: true,
      agent: 'qa',
      runId: 'run-1',
      cujId: 'CUJ-1',
      error: 'none really',
      metadata: { a: 1 },
    });
    expect(workspace().read(skills(NOON))).toBe(
      '{"timestamp":"2026-05-05T12:00:00.000Z","type":"skill_invocation","skill":"repo-rag",' +
        '"params":"{\\"query\\":\\"x\\",\\"n\\":[1,null]}","result":"success","duration_ms":12.5,"cache_hit":true,' +
        '"agent":"qa","run_id":"run-1","cuj_id":"CUJ-1","error":"none really","metadata":{"a":1}}\n',
    );
  });

  test.each([
    ['absent', {}],
    ['null', nulls(null)],
    ['falsy', { ...nulls(''), duration: 0, cacheHit: 0, params: 0, metadata: false }],
  ])('gives the documented defaults for what is %s', (_, event) => {
    workspace().logSkillInvocation(event);
    expect(workspace().lines(skills(NOON))).toStrictEqual([
      {
        timestamp: '2026-05-05T12:00:00.000Z',
        type: 'skill_invocation',
        skill: 'unknown',
        params: '{}',
        result: 'unknown',
        duration_ms: 0,
        cache_hit: false,
        agent: 'unknown',
        run_id: null,
        cuj_id: null,
        error: null,
        metadata: {},
      },
    ]);
  });

  test('redacts by key at any depth, and leaves measurements', () => {
    workspace().logSkillInvocation({
      skill: 's',
      params: { apiKey: 'k', nested: [{ userPassword: { a: 1 } }], tokenizer: 'bpe', max_tokens: 5 },
      metadata: { credentials: null, usage: { input_tokens: 7 } },
    });
    const [line] = workspace().lines(skills(NOON));
    expect(JSON.parse(line.params)).toEqual({
      apiKey: '[REDACTED]',
      nested: [{ userPassword: '[REDACTED]' }],
      tokenizer: 'bpe',
      max_tokens: 5,
    });
    expect(line.metadata).toEqual({ credentials: '[REDACTED]', usage: { input_tokens: 7 } });
  });

  test('params that have no JSON at all', () => {
    workspace().logSkillInvocation({ skill: 's', params: () => {} });
    expect(workspace().lines(skills(NOON))[0].params).toBe('"[PARSE_ERROR]"');
  });

  test('each record goes to the UTC day of its own time', () => {
    workspace().logSkillInvocation({ skill: 'today' });
    jest.setSystemTime(NOON + DAY);
    workspace().logSkillInvocation({ skill: 'tomorrow' });
    expect(
      workspace()
        .lines(skills(NOON))
        .map((line) => line.skill),
    ).toEqual(['today']);
    expect(
      workspace()
        .lines(skills(NOON + DAY))
        .map((line) => line.skill),
    ).toEqual(['tomorrow']);
  });
});

describe('a logger of a folder of its own', () => {
  test('writes and reads there, relative to the root or absolute', () => {
    const { StructuredLogger, path: inRoot } = workspace();
    const relative = new StructuredLogger('logs/mine');
    relative.logSkillInvocation({ skill: 'a' });
    const absolute = new StructuredLogger(inRoot('logs', 'mine'));
    absolute.logSkillInvocation({ skill: 'b' });
    expect(fs.readdirSync(inRoot('logs/mine'))).toEqual([path.basename(skills(NOON))]);
    expect(relative.queryLogs().map((each) => each.skill)).toEqual(['a', 'b']);
    expect(absolute.getStatistics().total_invocations).toBe(2);
    expect(workspace().getLogger().queryLogs()).toEqual([]);
  });

  test('the default folder may be named', () => {
    new (workspace().StructuredLogger)('.claude/context/logs').logSkillInvocation({ skill: 'a' });
    expect(workspace().getLogger().queryLogs()).toHaveLength(1);
  });

  test.each([[null], [''], [5], ['a\0b']])('%p is no folder', (folder) => {
    expect(() => new (workspace().StructuredLogger)(folder)).toThrow(/^logDir must be the path of a folder/);
  });
});

describe('queryLogs', () => {
  const query = (filters) => workspace().getLogger().queryLogs(filters);
  const names = (filters) => query(filters).map((each) => each.skill);

  test('filters by each field and by all of them', () => {
    for (const [skill, agent, result, runId, cujId] of [
      ['a', 'x', 'success', 'r1', 'c1'],
      ['b', 'x', 'failure', 'r2', 'c1'],
      ['c', 'y', 'success', 'r2', 'c2'],
    ]) {
      workspace().logSkillInvocation({ skill, agent, result, runId, cujId });
    }
    expect(names()).toEqual(['a', 'b', 'c']);
    expect(names({ skill: 'b' })).toEqual(['b']);
    expect(names({ agent: 'x' })).toEqual(['a', 'b']);
    expect(names({ result: 'success' })).toEqual(['a', 'c']);
    expect(names({ runId: 'r2' })).toEqual(['b', 'c']);
    expect(names({ cujId: 'c1', result: 'failure' })).toEqual(['b']);
    expect(names({ skill: '', agent: null, cujId: undefined })).toEqual(['a', 'b', 'c']);
    expect(names(null)).toEqual(['a', 'b', 'c']);
  });

  test.each([
    [0, 5],
    [null, 5],
    [undefined, 5],
    ['0', 5],
    [2, 2],
    ['3', 3],
    [1e300, 5],
  ])('limit %p keeps the first entries', (limit, count) => {
    for (let index = 0; index < 5; index += 1) workspace().logSkillInvocation({ skill: `s${index}` });
    expect(names({ limit })).toEqual(['s0', 's1', 's2', 's3', 's4'].slice(0, count));
  });

  test('without dates it reads the present UTC day', () => {
    writeLines(workspace(), skills(NOON - DAY), [entry(NOON - DAY, { skill: 'yesterday' })]);
    writeLines(workspace(), skills(NOON), [entry(NOON, { skill: 'today' })]);
    expect(names()).toEqual(['today']);
  });

  test('with dates it finds what lies in the range, both ends included', () => {
    for (const days of [3, 2, 1, 0]) {
      writeLines(workspace(), skills(NOON - days * DAY), [entry(NOON - days * DAY, { skill: `-${days}` })]);
    }
    expect(names({ startDate: NOON - 2 * DAY, endDate: NOON - DAY })).toEqual(['-2', '-1']);
    expect(names({ startDate: NOON - 2 * DAY + 1, endDate: NOON - DAY - 1 })).toEqual([]);
    expect(names({ startDate: new Date(NOON - DAY) })).toEqual(['-1', '-0']);
    expect(names({ startDate: '2026-05-03', endDate: '2026-05-04' })).toEqual(['-2', '-1']);
    expect(names({ endDate: '2026-05-03T12:00:00' })).toEqual(['-3', '-2']);
    expect(names({ endDate: '2026-05-03T14:00:00+02:30' })).toEqual(['-3']);
    expect(names({ startDate: 0 })).toEqual(['-3', '-2', '-1', '-0']);
  });

  test('entries after midnight in the file of the day before are found by their own time', () => {
    writeLines(workspace(), skills(NOON - DAY), [entry(NOON - DAY, { skill: 'old' }), entry(NOON, { skill: 'late' })]);
    fs.utimesSync(workspace().path(skills(NOON - DAY)), NOON / 1000, NOON / 1000);
    expect(names({ startDate: '2026-05-05' })).toEqual(['late']);
  });

  test('damaged lines are skipped and counted, blank ones are neither', () => {
    writeLines(workspace(), skills(NOON), [
      entry(NOON, { skill: 'a' }),
      'no json',
      '',
      '   ',
      '[1,2]',
      '{"skill":',
      '{"timestamp":"2026-05-05T12:00:00.000Z"}',
      entry(NOON, { skill: 'b' }),
    ]);
    expect(names()).toEqual(['a', 'b']);
    expect(workspace().getStoreHealth().skipped_lines).toBe(4);
  });
});

describe('getStatistics', () => {
  test('without entries', () => {
    expect(workspace().getLogger().getStatistics()).toStrictEqual({
      total_invocations: 0,
      successful: 0,
      failed: 0,
      cache_hits: 0,
      total_duration_ms: 0,
      avg_duration_ms: 0,
      by_skill: {},
      by_agent: {},
      by_cuj: {},
    });
  });

  test('names stand in the order of first appearance, whatever they are', () => {
    const skillNames = ['zeta', '__proto__', 'constructor', '10', 'alpha', '2'];
    for (const skill of [...skillNames, ...skillNames]) {
      workspace().logSkillInvocation({ skill, agent: skill, duration: 2, result: 'failure', cacheHit: true });
    }
    const { by_skill, by_agent, by_cuj } = workspace().getLogger().getStatistics();
    // JavaScript itself moves names that are array indexes to the front of any object.
    expect(Object.keys(by_skill)).toEqual(['2', '10', 'zeta', '__proto__', 'constructor', 'alpha']);
    expect(Object.getOwnPropertyDescriptor(by_skill, '__proto__').value).toStrictEqual({
      count: 2,
      duration_ms: 4,
      failures: 2,
      cache_hits: 2,
    });
    expect(by_agent.constructor).toStrictEqual({ count: 2, duration_ms: 4 });
    expect(by_cuj).toStrictEqual({});
  });

  test('what is no finite number counts as 0 in sums', () => {
    writeLines(workspace(), skills(NOON), [
      entry(NOON, { duration_ms: 10 }),
      entry(NOON, { duration_ms: '20' }),
      entry(NOON, { duration_ms: null }),
    ]);
    const { total_duration_ms, avg_duration_ms } = workspace().getLogger().getStatistics();
    expect(total_duration_ms).toBe(10);
    expect(avg_duration_ms).toBeCloseTo(10 / 3, 12);
  });
});

/** An event whose every property is `value`. */
function nulls(value) {
  const names = ['skill', 'params', 'result', 'duration', 'cacheHit', 'agent', 'runId', 'cujId', 'error', 'metadata'];
  return Object.fromEntries(names.map((name) => [name, value]));
}
