// A record call never breaks its caller; a misuse of a question says what was wrong.
'use strict';

const { CUJS, PROGRESS, PROVIDERS, skills } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();

function nested(depth) {
  let value = {};
  for (let index = 0; index < depth; index += 1) value = { value };
  return value;
}

function circular() {
  const value = { name: 'loop', list: [] };
  value.list.push(value);
  return value;
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function sparse() {
  const list = [1];
  list.length = 2 ** 32 - 1;
  return list;
}

function hostileProxy() {
  const refuse = () => {
    throw new Error('no');
  };
  return new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse, getOwnPropertyDescriptor: refuse });
}

const thrower = {
  get bad() {
    throw new Error('no');
  },
  good: 1,
};

const deeper = () => ({ toJSON: () => ({ again: deeper() }) });

/** `[name, value, what the stored JSON must contain]` */
const ODD_VALUES = [
  ['circular', circular(), '"list":["[Circular]"]'],
  ['BigInt', 10n, '"[BigInt 10]"'],
  ['a huge BigInt', { n: 10n ** 5000n }, '[BigInt of more than 300 digits]'],
  ['BigInt inside', { a: [1n, -2n] }, '["[BigInt 1]","[BigInt -2]"]'],
  ['a throwing getter', thrower, '{"bad":"[Unreadable]","good":1}'],
  ['a revoked Proxy', { inner: revoked() }, '{"inner":"[Unreadable]"}'],
  ['a hostile Proxy', { inner: hostileProxy(), x: 1 }, '"x":1'],
  ['a toJSON that throws', { a: { toJSON: () => thrower.bad }, b: 2 }, '{"a":"[Unreadable]","b":2}'],
  ['a toJSON without end', deeper(), '"again":'],
  ['nesting 20,000 deep', nested(20_000), '"value":'],
  ['a sparse array', { list: sparse() }, '[Truncated '],
  ['symbols and functions inside', { s: Symbol('x'), f() {}, b: 1n }, '{"b":"[BigInt 1]"}'],
  ['odd numbers', { a: NaN, b: -Infinity, c: -0, d: 1e21, e: 1n }, '{"a":null,"b":null,"c":0,"d":1e+21,'],
  ['a Map, a Set, a Date', { m: new Map(), s: new Set(), d: new Date(0), b: 1n }, '"1970-01-01T00:00:00.000Z"'],
  ['boxed values', { a: Object(1), b: Object('x'), c: Object(false), d: Object(1n) }, '{"a":1,"b":"x","c":false,'],
  ['typed arrays', { a: new Uint8Array([1, 2]), b: 1n }, '{"0":1,"1":2}'],
  ['a long Buffer', { a: Buffer.alloc(1_000_000), b: 1n }, '[Truncated '],
  ['lone surrogates', { a: '\ud800x' }, '"\\ud800x"'],
  ['__proto__ as a key', JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ['a long string', { text: 'ü'.repeat(3_000_000) }, '"text":"üü'],
];

describe.each(ODD_VALUES)('%s', (_, value, contained) => {
  const text = (stored) => (typeof stored === 'string' ? stored : JSON.stringify(stored));

  test('as params and as metadata of a skill invocation', () => {
    workspace().logSkillInvocation({ skill: 'odd', params: value, metadata: value });
    const [line] = workspace().lines(skills());
    expect(line.skill).toBe('odd');
    JSON.parse(line.params);
    expect(line.params).toContain(contained.slice(0, line.params.length));
    expect(text(line.metadata)).toContain(contained.replace(/^"(.*)"$/, '$1').slice(0, 20));
    expect(workspace().getLogger().getStatistics().by_skill).toHaveProperty('odd');
  });

  test('as metadata of the other records', () => {
    workspace().recordCujExecution('odd', true, 1, null, value);
    workspace().getGlobalHealthMonitor().recordProviderCall('odd', true, 1, null, value);
    const heard = [];
    workspace().subscribeToProgress((event) => heard.push(event));
    workspace().emitProgress({ runId: 'odd', metadata: value });
    for (const file of [CUJS, PROVIDERS, PROGRESS]) expect(workspace().lines(file)).toHaveLength(1);
    expect(heard).toHaveLength(1);
    expect(workspace().getStoreHealth()).toMatchObject({ attempted: 3, accepted: 3 });
  });

  test('as an error', () => {
    workspace().recordCujExecution('odd', false, 1, value);
    workspace().recordProviderCall('odd', false, 1, value);
    workspace().logSkillInvocation({ skill: 'odd', error: value });
    workspace().createProgressTracker('odd', 1).failStep('no', value);
    expect(typeof workspace().lines(CUJS)[0].error).toBe('string');
    expect(typeof workspace().lines(PROVIDERS)[0].error).toBe('string');
    expect(workspace().lines(skills())).toHaveLength(1);
    expect(workspace().lines(PROGRESS)).toHaveLength(1);
  });
});

describe('an event whose properties cannot be read', () => {
  test('each property is read once; what throws gets a marker', () => {
    const reads = [];
    const event = {};
    for (const name of [
      'skill',
      'params',
      'result',
      'duration',
      'cacheHit',
      'agent',
      'runId',
      'cujId',
      'error',
      'metadata',
    ]) {
      Object.defineProperty(event, name, {
        get() {
          reads.push(name);
          if (['params', 'agent', 'duration'].includes(name)) throw new Error('no');
          return name === 'metadata' ? { big: 1n } : undefined;
        },
      });
    }
    workspace().logSkillInvocation(event);
    expect(reads).toEqual([...new Set(reads)]);
    expect(reads).toHaveLength(10);
    expect(workspace().lines(skills())[0]).toMatchObject({
      skill: 'unknown',
      params: '"[Unreadable]"',
      duration_ms: null,
      agent: '[Unreadable]',
      metadata: { big: '[BigInt 1]' },
    });
  });

  test.each([
    ['a revoked Proxy', revoked],
    ['a hostile Proxy', hostileProxy],
  ])('%s', (_, make) => {
    workspace().logSkillInvocation(make());
    workspace().emitProgress(make());
    expect(workspace().lines(skills())[0]).toMatchObject({
      skill: '[Unreadable]',
      duration_ms: null,
      cache_hit: false,
    });
    expect(workspace().lines(PROGRESS)[0]).toMatchObject({ run_id: '[Unreadable]', percentage: 0 });
  });

  test('a getter may record itself', () => {
    workspace().logSkillInvocation({
      get skill() {
        workspace().logSkillInvocation({ skill: 'inner' });
        return 'outer';
      },
    });
    expect(
      workspace()
        .lines(skills())
        .map((line) => line.skill),
    ).toEqual(['inner', 'outer']);
  });
});

describe('odd values where names are wanted', () => {
  test.each([
    [Symbol('x'), '[Unreadable]'],
    [() => {}, '[Unreadable]'],
    [5n, '[BigInt 5]'],
    [42, 42],
    [true, true],
  ])('%p as a name is stored as %p', (name, stored) => {
    workspace().logSkillInvocation({ skill: name, agent: name, runId: name, result: name });
    workspace().emitProgress({ runId: name, status: name, message: name });
    expect(workspace().lines(skills())[0]).toMatchObject({
      skill: stored,
      agent: stored,
      run_id: stored,
      result: stored,
    });
    expect(workspace().lines(PROGRESS)[0]).toMatchObject({ run_id: stored, status: stored, message: stored });
  });

  test('__proto__ is a name like any other', () => {
    workspace().recordCujExecution('__proto__', false, 1, '__proto__');
    workspace().recordProviderCall('__proto__', true, 1);
    workspace().emitProgress({ runId: '__proto__' });
    expect(Object.keys(workspace().getAllCujMetrics())).toEqual(['__proto__']);
    expect(workspace().getCujSuccessRate('__proto__').total).toBe(1);
    expect(workspace().getFailureAnalysis('__proto__').top_errors).toEqual([{ error: '__proto__', count: 1 }]);
    expect(workspace().getProviderHealth('__proto__').available).toBe(true);
    expect(workspace().getCurrentProgress('__proto__').run_id).toBe('__proto__');
    expect({}.total).toBeUndefined();
  });

  test('a lone surrogate in an id', () => {
    workspace().recordCujExecution('\ud800', true, 1);
    expect(workspace().read(CUJS)).toContain('"cuj_id":"\\ud800"');
    expect(workspace().getCujSuccessRate('\ud800')).toMatchObject({ cuj_id: '\ud800', total: 1 });
  });

  test('a million keys', () => {
    const many = {};
    for (let index = 0; index < 1_000_000; index += 1) many[`k${index}`] = index;
    workspace().logSkillInvocation({ skill: 'many', params: many, metadata: { big: 1n } });
    workspace().logSkillInvocation({ skill: 'many', params: many });
    const lines = workspace().lines(skills());
    expect(lines).toHaveLength(2);
    for (const line of lines) JSON.parse(line.params);
  });

  test('a clock that was replaced by something odd', () => {
    const now = jest.spyOn(Date, 'now').mockReturnValue(NaN);
    try {
      workspace().emitProgress({ runId: 'a' });
      workspace().logSkillInvocation({ skill: 'a' });
      workspace().recordCujExecution('a', true, 1);
    } finally {
      now.mockRestore();
    }
    const { attempted, accepted, pending, dropped } = workspace().getStoreHealth();
    expect(attempted).toBe(accepted + pending + dropped.total);
  });
});

/** `[what, the misuse, kind of error, words of its message]` */
const MISUSES = [
  ['logSkillInvocation()', (obs) => obs.logSkillInvocation(), TypeError, 'event must be an object, got undefined'],
  ['logSkillInvocation(null)', (obs) => obs.logSkillInvocation(null), TypeError, 'event must be an object, got null'],
  ["logSkillInvocation('x')", (obs) => obs.logSkillInvocation('x'), TypeError, 'event must be an object, got "x"'],
  [
    'logSkillInvocation(fn)',
    (obs) => obs.logSkillInvocation(() => {}),
    TypeError,
    'event must be an object, got a function',
  ],
  ['emitProgress(5)', (obs) => obs.emitProgress(5), TypeError, 'event must be an object, got the number 5'],
  ['emitProgress(Symbol)', (obs) => obs.emitProgress(Symbol('s')), TypeError, 'event must be an object, got a symbol'],
  [
    'recordCujExecution()',
    (obs) => obs.recordCujExecution(),
    TypeError,
    'cujId must be a non-empty string, got undefined',
  ],
  [
    "recordCujExecution('')",
    (obs) => obs.recordCujExecution(''),
    TypeError,
    'cujId must be a non-empty string, got ""',
  ],
  [
    'recordCujExecution({})',
    (obs) => obs.recordCujExecution({}),
    TypeError,
    'cujId must be a non-empty string, got an object',
  ],
  [
    'recordProviderCall(5)',
    (obs) => obs.recordProviderCall(5),
    TypeError,
    'provider must be a string, got the number 5',
  ],
  ['getProviderHealth()', (obs) => obs.getProviderHealth(), TypeError, 'provider must be a string, got undefined'],
  [
    'resetProvider(null)',
    (obs) => obs.getGlobalHealthMonitor().resetProvider(null),
    TypeError,
    'provider must be a string',
  ],
  ["getCujSuccessRate('X', NaN)", (obs) => obs.getCujSuccessRate('X', NaN), RangeError, 'timeWindow must be'],
  ["getCujSuccessRate('X', -1)", (obs) => obs.getCujSuccessRate('X', -1), RangeError, 'got the number -1'],
  ["getCujSuccessRate('X', '7d')", (obs) => obs.getCujSuccessRate('X', '7d'), RangeError, 'got "7d"'],
  ['getAllCujMetrics(Infinity)', (obs) => obs.getAllCujMetrics(Infinity), RangeError, 'got the number Infinity'],
  ['getFailureAnalysis(…, 1e300)', (obs) => obs.getFailureAnalysis('X', 1e300), RangeError, 'year 0000'],
  ['getPerformancePercentiles(…, {})', (obs) => obs.getPerformancePercentiles('X', {}), RangeError, 'got an object'],
  ["getCujTrending('X', 1e12, 1)", (obs) => obs.getCujTrending('X', 1e12, 1), RangeError, 'buckets must be'],
  [
    "getCujTrending('X', 0)",
    (obs) => obs.getCujTrending('X', 0),
    RangeError,
    'buckets must be a whole number from 1 to',
  ],
  ["getCujTrending('X', 2.5)", (obs) => obs.getCujTrending('X', 2.5), RangeError, 'got the number 2.5'],
  ["getCujTrending('X', null)", (obs) => obs.getCujTrending('X', null), RangeError, 'buckets must be'],
  ["getCujTrending('X', 5, 0)", (obs) => obs.getCujTrending('X', 5, 0), RangeError, 'bucketSize must be'],
  ["getCujTrending('X', 5, 1e300)", (obs) => obs.getCujTrending('X', 5, 1e300), RangeError, 'bucketSize must be'],
  ["queryLogs({ limit: 'x' })", (obs) => obs.getLogger().queryLogs({ limit: 'x' }), RangeError, 'limit must be'],
  ['queryLogs({ limit: -1 })', (obs) => obs.getLogger().queryLogs({ limit: -1 }), RangeError, 'got the number -1'],
  ['queryLogs({ limit: 1.5 })', (obs) => obs.getLogger().queryLogs({ limit: 1.5 }), RangeError, 'limit must be'],
  ["queryLogs('x')", (obs) => obs.getLogger().queryLogs('x'), TypeError, 'filters must be an object'],
  [
    'queryLogs({ startDate })',
    (obs) => obs.getLogger().queryLogs({ startDate: 'soon' }),
    RangeError,
    'startDate must be',
  ],
  [
    'queryLogs({ endDate })',
    (obs) => obs.getLogger().queryLogs({ endDate: new Date(NaN) }),
    RangeError,
    'endDate must be',
  ],
  [
    'getStatistics({ endDate })',
    (obs) => obs.getLogger().getStatistics({ endDate: '2026-02-30' }),
    RangeError,
    'endDate',
  ],
  ['getProgressHistory(null, -5)', (obs) => obs.getProgressHistory(null, -5), RangeError, 'limit must be'],
  ['importLegacyPerformance(5)', (obs) => obs.importLegacyPerformance(5), TypeError, 'file must be the path of a file'],
];

test.each(MISUSES)('%s throws and says why', (_, misuse, kind, words) => {
  let thrown;
  try {
    misuse(workspace());
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(kind);
  expect(thrown.code).toBe('OBS_INVALID_ARGUMENT');
  expect(thrown.message).toContain(words);
  expect(workspace().getStoreHealth().attempted).toBe(0);
});

test('odd ids may be asked for; nothing was recorded under them', () => {
  for (const id of [undefined, null, 5, Symbol('x'), {}, 1n, revoked()]) {
    expect(workspace().getCujSuccessRate(id).total).toBe(0);
    expect(workspace().getCurrentProgress(id)).toBeNull();
    expect(workspace().getLogger().queryLogs({ skill: id })).toEqual([]);
  }
});

test('a legacy file of another shape is refused by name; where there is none there is nothing to import', () => {
  require('node:fs').writeFileSync(workspace().path('broken.json'), '{"runs":');
  const refused = expect.objectContaining({ code: 'OBS_MALFORMED', message: expect.stringContaining('broken.json') });
  expect(() => workspace().importLegacyPerformance('broken.json')).toThrow(refused);
  expect(workspace().importLegacyPerformance()).toStrictEqual({ imported: 0, skipped: 0 });
});

test("errors hide what a program's own rules name", () => {
  const obs = workspace();
  obs.configure({ redact: { patterns: [/ACME-\d+/] } });
  expect(() => obs.logSkillInvocation('ACME-12345')).toThrow('got "[REDACTED]"');
});

test('a run whose id is an object without a text keeps no alert from being judged', async () => {
  workspace().emitProgress({ runId: { toString: 5, valueOf: null } });
  await expect(workspace().checkAlerts()).resolves.toMatchObject({ schema: 1 });
});
