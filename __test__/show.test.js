// `obs skills`, `cujs`, `runs` and the other views: each --json is the function's answer and fits its schema; codes, CSV, colours.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const Ajv = require('ajv');

const { PACKAGE, runNode } = require('./support/child.js');
const { createShop } = require('./support/shop.js');

const OBS = path.join(PACKAGE, 'bin', 'obs.js');
const CLOCK = path.join(__dirname, 'support', 'frozen-clock.cjs');
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

let workspace;
let now;
beforeAll(() => {
  jest.useFakeTimers();
  ({ workspace, now } = createShop());
});
afterAll(() => {
  workspace.cleanup();
  jest.useRealTimers();
});

const obs = (args, env = {}) => {
  const given = { OBS_TEST_NOW: String(now), OBS_PROJECT_ROOT: workspace.root, ...env };
  return runNode(['--require', CLOCK, OBS, ...args], { env: given, cwd: workspace.root });
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
const folder = path.join(PACKAGE, 'schemas');
for (const name of fs.readdirSync(folder)) ajv.addSchema(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')));

function answered(schema, args) {
  const { status, stdout, stderr } = obs([...args, '--json']);
  expect([status, stderr]).toEqual([0, '']);
  const answer = JSON.parse(stdout);
  const fits = ajv.getSchema(`https://unpkg.com/@obs/native/schemas/${schema}.schema.json`);
  expect([fits(answer), fits.errors]).toEqual([true, null]);
  return answer;
}

const WEEK = { from: Date.UTC(2026, 3, 28, 12) };
const plain = (value) => JSON.parse(JSON.stringify(value));

describe('--json', () => {
  test.each([
    ['skills', ['skills'], () => workspace.getSkillTable()],
    [
      'skills',
      ['skills', '--by', 'agent', '--since', 'all'],
      () => workspace.getSkillTable({ from: null, by: 'agent' }),
    ],
    ['agents', ['agents', '--since', '-3d'], () => workspace.getAgentTable({ from: now - 3 * 86_400_000 })],
    ['runs', ['runs', '--since', '7d', '--limit', '3'], () => workspace.getRuns({ ...WEEK, limit: 3 })],
    ['run', ['runs', 'CUJ-005-live'], () => workspace.getRun('CUJ-005-live')],
    ['providers', ['providers', '--from', '2026-04-28T12:00:00Z'], () => workspace.getProviderTable(WEEK)],
    [
      'failures',
      ['failures', '--skill', 'deploy', '--since', 'all'],
      () => workspace.getFailures({ from: null, skill: 'deploy' }),
    ],
    [
      'logs',
      ['logs', '--last', '5', '--grep', 'TIMEOUT'],
      () => ({ schema: 1, records: workspace.getLatestLogs({ limit: 5, grep: 'timeout' }) }),
    ],
  ])('%s: what %j prints is what the function answers', (schema, args, asked) => {
    expect(answered(schema, args)).toEqual(plain(asked()));
  });

  test('cujs adds the objective of each', () => {
    const { rows, ...answer } = answered('cujs', ['cujs']);
    const { rows: expected, ...rest } = plain(workspace.getCujTable());
    expect(answer).toEqual(rest);
    expect(rows.map(({ objective: _objective, ...row }) => row)).toEqual(expected);
    const [{ share, over, runs, left, state }] = plain(workspace.getObjectives());
    const objectives = rows.map(({ cuj_id: id, objective }) => [id, objective]);
    expect(objectives).toContainEqual(['CUJ-005', { share, over, runs, left, state }]);
    expect(objectives).toContainEqual(['CUJ-001', null]);
  });

  test('one skill is its row, its failures and its slowest calls', () => {
    const answer = answered('skill', ['skills', 'deploy']);
    const { groups, total, group_count } = plain(workspace.getFailures({ skill: 'deploy', limit: 10 }));
    expect(answer.skill).toEqual(plain(workspace.getSkillTable({ skill: 'deploy' }).rows[0]));
    expect([answer.failures, answer.slowest]).toEqual([
      { total, group_count, groups },
      plain(workspace.getSlowestCalls({ skill: 'deploy' }).calls),
    ]);
  });

  test('one CUJ is its row, its failures and its runs', () => {
    const answer = answered('cuj', ['cujs', 'CUJ-005', '--since', '7d']);
    expect(answer.cuj.total).toBe(workspace.getCujTable({ cujId: 'CUJ-005' }).rows[0].total);
    const runs = workspace.getRuns({ ...WEEK, limit: 0 }).runs.filter(({ cuj_id: id }) => id === 'CUJ-005');
    expect(answer.runs).toEqual(plain(runs.slice(0, 20)));
  });

  test('unused skills are those of .claude/skills without a call in the period', () => {
    const { unused, installed } = answered('skills-unused', ['skills', '--unused', '30d']);
    expect([unused, installed]).toEqual([[{ skill: 'dormant', last_used: null }], 2]);
  });

  test('unused skills are of all skills until now, and asked for again by the same words', () => {
    const { stdout } = obs(['skills', '--unused', '36h']);
    expect(stdout).toContain('again: obs skills --unused 129600000ms\n');
    for (const more of [['deploy'], ['--since', '3d'], ['--by', 'agent']]) {
      const { status: code, stderr } = obs(['skills', ...more, '--unused', '30d']);
      expect([more, code, stderr]).toEqual([more, 2, expect.stringContaining('leave out names, periods')]);
    }
  });

  test('unused is what has no call in the period, though it had some in the one before', () => {
    const [{ last_used: last }] = workspace.getSkillTable({ from: null, skill: 'deploy' }).rows;
    for (const hours of [1, 2, 3, 4, 6, 12, 24]) {
      const { unused } = answered('skills-unused', ['skills', '--unused', `${hours}h`]);
      const isUnused = unused.some(({ skill, last_used: at }) => skill === 'deploy' && at === last);
      expect([hours, isUnused]).toEqual([hours, Date.parse(last) < now - hours * 3_600_000]);
    }
  });

  test('the dashboard is the one of the package', () => {
    const { schema, summary } = answered('dashboard', ['dashboard']);
    expect([schema, summary.cujs]).toEqual([1, plain(workspace.generateMetricsDashboard().summary.cujs)]);
  });

  test('--ndjson is a line for each record', () => {
    const lines = obs(['logs', '--last', '3', '--ndjson']).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(plain(workspace.getLatestLogs({ limit: 3 })));
  });
});

describe('text', () => {
  const VIEWS = [
    'skills',
    'skills deploy',
    'agents',
    'cujs',
    'cujs CUJ-005',
    'runs',
    'runs CUJ-005-live',
    'providers',
    'failures',
    'logs',
    'dashboard',
    'skills --unused 1d',
  ];

  test.each(VIEWS)('%s: in a pipe no control character, nothing on stderr', (view) => {
    const { status, stdout, stderr } = obs(view.split(' '));
    expect([status, stderr, CONTROLS.test(stdout)]).toEqual([0, '', false]);
  });

  test.each([
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    [{}, false],
  ])('colours with %j: %s', (env, coloured) => {
    expect(obs(['cujs'], env).stdout.includes('\u001b[')).toBe(coloured);
  });

  test('the line "again" asks for the same answer', () => {
    const { stdout } = obs(['skills', '--since', 'today', '--sort', 'p95']);
    const [, again] = /^again: obs (.*)$/m.exec(stdout);
    expect(obs(again.split(' '), { OBS_TEST_NOW: String(now + 5000) }).stdout).toBe(stdout);
  });

  test.each([
    [['skills', 'a skill with quite a long name, and more']],
    [['skills', 'deploy', '--by', 'agent', '--sort', 'name']],
    [['agents', 'qa']],
    [['cujs', 'CUJ-005']],
    [['failures', '--skill', 'a skill with quite a long name, and more']],
  ])('%j: a shell takes the line "again" as it stands', (args) => {
    const { execFileSync } = require('node:child_process');
    const { stdout } = obs(args);
    const [, again] = /^again: obs (.*)$/m.exec(stdout);
    const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
    const words = execFileSync('sh', ['-c', `"${process.execPath}" -e '${print}' -- ${again}`], { encoding: 'utf8' });
    expect(obs(JSON.parse(words)).stdout).toBe(stdout);
  });

  test.each(['calls', 'failed', 'success', 'p50', 'p95', 'last', 'name'])('--sort %s orders the rows by it', (sort) => {
    const { rows } = JSON.parse(obs(['skills', '--sort', sort, '--json']).stdout);
    const of = { calls: 'calls', failed: 'failed', success: 'success_rate', p50: 'p50_ms', p95: 'p95_ms', last: 'last_used', name: 'skill' }[sort]; // prettier-ignore
    const values = rows.map((row) => row[of]);
    const ascending = ['success', 'name'].includes(sort);
    const wanted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0) * (ascending ? 1 : -1));
    expect(values).toEqual(wanted);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  test('a file of objectives that cannot be used is told of, and hides no record', () => {
    const file = workspace.path('.claude/context/config/objectives.json');
    const kept = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, '{"objectives":[{"cuj":5}]}');
    try {
      const { status, stdout, stderr } = obs(['cujs', '--json']);
      expect([status, stderr]).toEqual([
        0,
        expect.stringMatching(/^obs: .*objectives\[0\]\.cuj must be .*without objectives\n$/),
      ]);
      expect(JSON.parse(stdout).rows).toHaveLength(workspace.getCujTable().rows.length);
      const report = workspace.path('report.html');
      expect(obs(['report', '--out', report])).toMatchObject({ status: 0 });
      expect(fs.readFileSync(report, 'utf8')).toContain('CUJ-005');
    } finally {
      fs.writeFileSync(file, kept);
    }
  });

  test('the bare command shows all that is on record', () => {
    const { status, stdout } = obs([]);
    expect([status, stdout.startsWith(obs(['dashboard']).stdout.slice(0, 300))]).toEqual([0, true]);
    expect(stdout).toMatch(/\nnpx @obs\/native help names the commands\.\n$/);
  });

  test('help names commands and examples of each; options stand in the help of a command', () => {
    const help = obs(['help']).stdout;
    expect(help).toMatch(/^ {2}skills \[NAME\] /m);
    expect(help).not.toMatch(/^ {2}--/m);
    expect(obs(['cujs', '--help']).stdout).toMatch(/^ {2}--fail-under SHARE /m);
  });

  test('an empty period says what to do', () => {
    expect(obs(['cujs', '--from', '2020-01-01', '--to', '2020-01-02']).stdout).toMatch(
      /^No CUJ ran in this period.*--since all/,
    );
  });

  test('CSV: a row for each row, quoted as RFC 4180 says, no formula', () => {
    const [head, ...rows] = obs(['skills', '--csv']).stdout.trimEnd().split('\n');
    const table = workspace.getSkillTable().rows;
    expect(head.split(',').slice(0, 3)).toEqual(['skill', 'calls', 'successful']);
    expect(rows).toHaveLength(table.length);
    const { csv } = require('../command/show/csv.js');
    expect(csv([{ a: '=1+1', b: 'x,"y"\n', c: null, d: { e: [1, true] } }])).toBe(
      'a,b,c,d.e\n\'=1+1,"x,""y""\\n",,1 true',
    );
  });

  test('a reader who leaves is no fault', () => {
    const { spawnSync } = require('node:child_process');
    const command = `"${process.execPath}" "${OBS}" failures --since all | head -1`;
    const env = { ...process.env, OBS_PROJECT_ROOT: workspace.root };
    expect(spawnSync('bash', ['-o', 'pipefail', '-c', command], { env, encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
  });
});

describe('exit codes', () => {
  test.each([
    [['skills', 'deplyo'], "no skill 'deplyo' is on record (did you mean 'deploy'?)"],
    [['cujs', 'CUJ-05'], "no CUJ 'CUJ-05' is on record (did you mean 'CUJ-005'?)"],
    [['agents', 'developr'], "no agent 'developr' is on record (did you mean 'developer'?)"],
    [['runs', 'none'], "no record has the run id 'none'"],
    [['skils'], "unknown command 'skils' (did you mean 'skills'?)"],
    [
      ['skills', '--sort', 'cals'],
      "--sort must be one of calls, failed, success, p50, p95, last, name (did you mean 'calls'?)",
    ],
    [['cujs', '--json', '--csv'], '--json and --csv exclude each other'],
    [['cujs', '--since', '7d', '--from', '2026-05-01'], '--since and --from exclude each other'],
    [['cujs', '--fail-under', '95'], '--fail-under must be a share such as 0.95 or 95%'],
    [['skills', '--tz', 'Mars'], '--tz must be a time zone such as UTC or Europe/Berlin'],
    [['logs', '-f', '--csv'], '--follow and --csv exclude each other'],
  ])('2 with one line: %j', (args, complaint) => {
    expect(obs(args)).toMatchObject({ status: 2, stdout: '', stderr: `obs: ${complaint}\n` });
  });

  test('--fail-under: 3 when a CUJ is under it or nothing ran, and says which', () => {
    const missed = obs(['cujs', '--since', '5d', '--fail-under', '0.95']);
    expect([missed.status, missed.stderr]).toEqual([
      3,
      expect.stringMatching(/^obs: CUJ-005 succeeded in \d of \d, under 95 %$/m),
    ]);
    expect(obs(['cujs', 'CUJ-005', '--since', 'all', '--fail-under', '1%']).status).toBe(0);
    const [{ rate }] = workspace.getCujTable({ cujId: 'CUJ-001' }).rows;
    expect(obs(['cujs', 'CUJ-001', '--fail-under', String(rate)]).status).toBe(0);
    const nothing = obs(['cujs', '--from', '2020-01-01', '--to', '2020-01-02', '--fail-under', '0.5']);
    expect([nothing.status, nothing.stderr]).toEqual([3, 'obs: no CUJ ran in this period, so no rate is known\n']);
  });
});

test('the tools show the same tables with --table', () => {
  const tool = (name, ...args) =>
    runNode(['--require', CLOCK, path.join(PACKAGE, 'tools', `${name}.mjs`), ...args], {
      env: { OBS_TEST_NOW: String(now), OBS_PROJECT_ROOT: workspace.root },
    });
  const same = (found, args) => expect(found).toMatchObject({ status: 0, stderr: '', stdout: obs(args).stdout });
  same(tool('metrics-tracker', 'all', '7d', '--table'), ['cujs', '--since', '7d']);
  same(tool('metrics-tracker', 'failures', 'CUJ-005', '0', '--table'), [
    'failures',
    '--cuj',
    'CUJ-005',
    '--since',
    'all',
  ]);
  same(tool('provider-health', 'compare', '--table'), ['providers', '--since', 'all']);
  same(tool('structured-logger', 'stats', '--since', '7d', '--table'), ['skills', '--since', '7d']);
  same(tool('structured-logger', 'query', '--since', '7d', '--agent', 'qa', '--table'), [
    'logs',
    '--since',
    '7d',
    '--agent',
    'qa',
  ]);
  same(tool('progress-emitter', 'current', 'CUJ-005-live', '--table'), ['runs', 'CUJ-005-live']);
  expect(tool('metrics-tracker', 'trending', '--table')).toMatchObject({
    status: 1,
    stderr: 'metrics-tracker: this command has no table\n',
  });
});

test('completion: bash offers commands, then what the command takes', () => {
  const { spawnSync } = require('node:child_process');
  const script = `${obs(['completion', 'bash']).stdout}
COMP_WORDS=(obs sk); COMP_CWORD=1; _obs; echo "\${COMPREPLY[@]}"
COMP_WORDS=(obs alerts s); COMP_CWORD=2; _obs; echo "\${COMPREPLY[@]}"
COMP_WORDS=(obs skills --un); COMP_CWORD=2; _obs; echo "\${COMPREPLY[@]}"`;
  expect(spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout).toBe('skills\nshow silence\n--unused\n');
});
