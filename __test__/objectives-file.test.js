// The objectives file: what it may say, what is said when it says anything else, and the schema that is shipped for editors.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const Ajv = require('ajv');

const { jsonFault } = require('../alerts/json-fault.js');
const { readObjectives } = require('../alerts/file.js');
const { createTestWorkspace } = require('../lib/testing.js');
const { createRandom } = require('./support/random.js');

const SEED = Number(process.env.OBS_TEST_SEED ?? 20261125);

const schema = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'schemas', 'objectives.schema.json'), 'utf8'));
const fitsSchema = new Ajv({ allErrors: true }).compile(schema);
const read = (value) => readObjectives('objectives.json', value);

const GOOD = [
  {},
  { '//': ['words', 'for people'], $schema: 'x', objectives: [], rules: [], notify: [] },
  { objectives: [{ cuj: 'CUJ-005', success: 0.95, over: '7d' }, { skill: 'deploy*', p95_ms: 60000, over: '7d' }] },
  { objectives: [{ provider: '*', success: 0.5 }, { agent: 'qa', p50_ms: 0.5, over: '366d', '//': 'slow' }] },
  { rules: [{ name: 'stalled', metric: 'run.silence', above: 'learned' }, { name: 'dropped', metric: 'store.dropped', above: 0 }] },
  { rules: [{ metric: 'run.silence', above: '10m' }, { metric: 'disk.free', below: '7.5%' }] },
  { rules: [{ metric: 'disk.free', below: 1e9 }, { metric: 'cuj.usual', recent: '12h', before: '14d', subject: 'CUJ-*' }] },
  { rules: [{ metric: 'skill.success', below: 0.9, over: '1d' }] },
  { notify: [{ command: ['notify-send', 'obs'] }, { webhook_env: 'OBS_HOOK_URL', headers_env: { Authorization: 'OBS_HOOK_TOKEN' } }] },
  { notify: [{ alertmanager_env: 'OBS_ALERTMANAGER_URL' }] },
]; // prettier-ignore

const BAD = [
  [[], 'the file must be an object'],
  [{ objectves: [] }, 'the file has a key "objectves"'],
  [{ objectives: {} }, 'objectives must be a list'],
  [{ objectives: [null] }, 'objectives[0] must be an object'],
  [{ objectives: [{ cuj: 'A', success: 0.9 }, { cuj: 'B', sucess: 0.9 }] }, 'objectives[1] has a key "sucess", known are cuj'],
  [{ objectives: [{ success: 0.9 }] }, 'objectives[0] must have exactly one of cuj, skill, agent, provider, it has none'],
  [{ objectives: [{ cuj: 'A', skill: 'b', success: 0.9 }] }, 'it has cuj and skill'],
  [{ objectives: [{ cuj: 'A' }] }, 'exactly one of success, p50_ms'],
  [{ objectives: [{ cuj: '', success: 0.9 }] }, 'objectives[0].cuj must be a text'],
  [{ objectives: [{ cuj: 'A', success: 1 }] }, 'objectives[0].success must be a number from 0.5 to below 1'],
  [{ objectives: [{ cuj: 'A', success: '0.9' }] }, 'objectives[0].success must be a number from 0.5'],
  [{ objectives: [{ cuj: 'A', success: 95 }] }, 'got the number 95'],
  [{ objectives: [{ cuj: 'A', p95_ms: 0 }] }, 'objectives[0].p95_ms must be a positive number'],
  [{ objectives: [{ cuj: 'A', success: 0.9, over: '7 days' }] }, 'objectives[0].over must be a span from "1h" to "366d"'],
  [{ rules: [{ metric: 'cuj.rate' }] }, 'rules[0].metric must be one of cuj.success'],
  [{ rules: [{ metric: 'run.silence', below: 3 }] }, 'rules[0] has a key "below"'],
  [{ rules: [{ metric: 'run.silence', above: '3' }] }, 'rules[0].above must be "learned" or a span'],
  [{ rules: [{ metric: 'disk.free', below: 'little' }] }, 'rules[0].below must be a share such as "5%"'],
  [{ rules: [{ metric: 'store.dropped', above: -1 }] }, 'rules[0].above must be a whole number'],
  [{ rules: [{ metric: 'cuj.usual', name: 'a/b' }] }, 'rules[0].name must be made of letters'],
  [{ notify: [{ command: 'notify-send obs' }] }, 'notify[0].command must be a list of words'],
  [{ notify: [{ webhook_env: 'A', command: ['b'] }] }, 'notify[0] must have exactly one of command'],
  [{ notify: [{ webhook_env: 'https://hooks.example/x' }] }, 'notify[0].webhook_env must be the name of an environment variable'],
  [{ notify: [{ webhook_env: 'A', headers_env: { 'X Y': 'B' } }] }, 'notify[0].headers_env must be an object of header names'],
]; // prettier-ignore

test.each(GOOD.map((value) => [JSON.stringify(value), value]))('good, and good to the schema: %s', (_, value) => {
  expect(() => read(value)).not.toThrow();
  expect([fitsSchema(value), fitsSchema.errors]).toEqual([true, null]);
});

test.each(BAD.map(([value, words]) => [JSON.stringify(value), value, words]))('bad, and bad to the schema: %s', (_, value, words) => {
  expect(() => read(value)).toThrow(words);
  expect(() => read(value)).toThrow(expect.objectContaining({ code: 'OBS_BAD_OBJECTIVES' }));
  expect(fitsSchema(value)).toBe(false);
}); // prettier-ignore

test('what the schema cannot say is refused all the same: names that occur twice, halves of characters', () => {
  expect(() => read({ objectives: [{ cuj: '\ud800', success: 0.9 }] })).toThrow('objectives[0].cuj must be a text');
  const twice = { objectives: [{ cuj: 'A', success: 0.9 }, { cuj: 'B', success: 0.9 }, { cuj: 'A', success: 0.95, over: '1d' }] }; // prettier-ignore
  expect(() => read(twice)).toThrow('objectives[2] asks for success of the cuj A once more (objectives[0])');
  const rules = [
    { metric: 'cuj.usual', name: 'x' },
    { metric: 'disk.free', name: 'x' },
  ];
  expect(() => read({ rules })).toThrow('rules[1].name is that of another rule, x');
});

test('a secret that was put into the file is not shown in the complaint', () => {
  const key = `sk-ant-api03-${'aB3dE5fG7hJ9kL1mN2'.repeat(3)}`;
  expect(() => read({ notify: [{ webhook_env: key }] })).toThrow(/got "\[REDACTED\]"/);
});

test('a text that is no JSON is told with its line and column; the place is the first that no JSON has', () => {
  expect(jsonFault('{\n  "objectives": [\n    { "cuj": "A", }\n  ]\n}')).toEqual({ line: 3, column: 19 });
  expect(jsonFault('{} {}')).toEqual({ line: 1, column: 4 });
  expect(jsonFault('{"a": [1, 2.5e3, "x\\n", null, true, {}]}')).toBeNull();
  const random = createRandom(SEED);
  const text = JSON.stringify(GOOD.slice(1), null, 1);
  for (let round = 0; round < 2000; round += 1) {
    const at = random.below(text.length);
    const broken = text.slice(0, at) + random.pick([...'{}[],:"x1 \n']) + text.slice(at + 1);
    let good = true;
    try {
      JSON.parse(broken);
    } catch {
      good = false;
    }
    expect([SEED, broken, jsonFault(broken) === null]).toEqual([SEED, broken, good]);
  }
});

describe('a workspace', () => {
  let workspace;
  let file;
  beforeEach(() => {
    workspace = createTestWorkspace();
    file = workspace.path('.claude/context/config/objectives.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
  });
  afterEach(() => workspace.cleanup());

  test('without a file has no objectives; with a broken one it says where', async () => {
    expect(workspace.getObjectives()).toEqual([]);
    fs.writeFileSync(file, '{\n  "objectives": [}\n');
    expect(() => workspace.getObjectives()).toThrow(`${file}: line 2, column 18: this is not JSON`);
    await expect(workspace.checkAlerts()).rejects.toThrow('line 2, column 18');
  });

  test('the first objective that fits a subject is the one that it is judged by', () => {
    for (const skill of ['deploy-web', 'deploy-api', 'lint']) {
      for (let i = 0; i < 5; i += 1) workspace.logSkillInvocation({ skill, result: 'success', duration: 5 });
    }
    const objectives = [{ skill: 'deploy-web', success: 0.99 }, { skill: 'deploy*', success: 0.9 }, { skill: 'none', success: 0.9 }]; // prettier-ignore
    fs.writeFileSync(file, JSON.stringify({ objectives }));
    const found = workspace.getObjectives().map(({ subject, share, runs }) => [subject, share, runs.total]);
    expect(found).toEqual([['deploy-web', 0.99, 5], ['deploy-api', 0.9, 5], ['none', 0.9, 0]]); // prettier-ignore
  });
});
