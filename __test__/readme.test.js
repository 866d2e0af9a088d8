// README.md against the package: every code block runs, every value it shows is right, and every exported name stands in it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const ts = require('typescript');

const {
  PACKAGE,
  fourLines,
  linkPackage,
  makeFolder,
  removeFolder,
  run,
  start,
  until,
  writeFiles,
} = require('./support/command-line.js');
const { ensurePage } = require('./support/page.js');
const { commandsOf, linesOf, rowsOf, scriptsOf } = require('./support/readme.js');

const readme = linesOf('README.md');
const names = Object.keys(require('../index.js'));
const manifest = require('../package.json');
const JEST = require.resolve('jest/bin/jest');

let root;

/** An empty workspace from which `@obs/native` can be imported. */
function makeWorkspace() {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
  linkPackage(root);
}

describe('the JavaScript of README.md', () => {
  beforeEach(makeWorkspace);
  afterEach(() => removeFolder(root));

  const endings = { module: 'mjs', commonjs: 'cjs', jest: 'test.js' };
  const preload = ['--require', path.join(__dirname, 'support', 'readme-checks.cjs')];

  test.each(scriptsOf(readme, names).map((script) => [script.name, script]))('%s', async (_, script) => {
    const file = path.join(root, `readme.${endings[script.kind]}`);
    fs.writeFileSync(file, script.source);
    const isJest = script.kind === 'jest';
    const args = isJest ? [JEST, '--rootDir', root, '--config', '{"transform":{}}'] : [...preload, file];
    const env = isJest ? {} : { README_CHECKS: String(script.checks) };
    const { code, stderr } = await run(args, { cwd: root, env });
    expect([code, isJest || stderr]).toEqual([0, isJest || '']);
  });
});

describe('the commands of README.md', () => {
  beforeAll(() => {
    makeWorkspace();
    const at = '"timestamp":"2026-05-05T12:00:00.000Z"';
    writeFiles(path.join(root, '.claude', 'context'), {
      'analytics/cuj-metrics.jsonl': `{${at},"cuj_id":"CUJ-005","success":true,"duration_ms":5,"error":null,"metadata":{}}\n`,
      'logs/progress.jsonl': '{"timestamp":1777982400000,"run_id":"run-001","step":1,"status":"completed"}\n',
      'logs/skill-invocations-2026-05-05.jsonl': `{${at},"skill":"linter","result":"success","duration_ms":5}\n`,
    });
    ensurePage();
  });
  afterAll(() => removeFolder(root));

  // What a command is run as; `null` for what a test must not do, which is at least there to be run.
  const KINDS = [
    [
      /^npm (?:(start|test)|run (\w+))( --.*)?$/,
      ([, name, script]) => expect(manifest.scripts).toHaveProperty(name ?? script),
    ],
    [/^npm install /, () => null],
    [/^npx @obs\/native watch$/, () => watches([path.join(PACKAGE, manifest.bin.obs), 'watch'])],
    [
      /^npx @obs\/native (export otlp --follow)$/,
      ([, words]) => watches([path.join(PACKAGE, manifest.bin.obs), ...words.split(' ')], 'sending'),
    ],
    [/^npx @obs\/native (serve)$/, ([, command]) => serves(command)],
    [/^npx @obs\/native (.*)$/, ([, args]) => answers([path.join(PACKAGE, manifest.bin.obs), ...args.split(' ')])],
    [/^node (\S+) watch$/, ([, tool]) => watches([tool, 'watch'])],
    [/^node (.*)$/, ([, args]) => answers(args.split(' '))],
  ];

  async function answers(args) {
    const { code, stdout, stderr } = await run(args, { cwd: root });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
  }

  async function watches(words, sign = 'Watching') {
    const watching = start(words, { cwd: root });
    await until(() => watching.stderr.includes(sign), 'it to begin');
    watching.child.kill('SIGINT');
    const { code, signal } = await watching.done;
    if (process.platform !== 'win32') expect([code, signal]).toEqual([0, null]);
  }

  async function serves(command) {
    ensurePage();
    const serving = start([path.join(PACKAGE, manifest.bin.obs), command], { cwd: root });
    await until(() => /^http:.*\n/.test(serving.stdout), 'the address');
    serving.child.kill('SIGINT');
    const { code, signal } = await serving.done;
    if (process.platform !== 'win32') expect([code, signal]).toEqual([0, null]);
  }

  // In order: a command may need what an earlier one did. `uninstall` comes last, or it would take the others' tools away.
  const commands = commandsOf(readme);
  const last = ({ command }) => /\buninstall\b/.test(command);
  const ordered = [...commands.filter((each) => !last(each)), ...commands.filter(last)];

  test.each(ordered.map(({ line, command }) => [`README.md:${line}  ${command}`, command]))(
    '%s',
    async (_, command) => {
      const [pattern, act] = KINDS.find(([each]) => each.test(command)) ?? [];
      expect(pattern).toBeDefined();
      await act(pattern.exec(command));
    },
  );
});

describe('the names of index.js', () => {
  /** The values (not the types) that index.d.ts exports. */
  function declaredNames() {
    const file = path.join(PACKAGE, 'index.d.ts');
    const options = {
      module: ts.ModuleKind.Node16,
      moduleResolution: ts.ModuleResolutionKind.Node16,
      skipLibCheck: true,
    };
    const program = ts.createProgram([file], options);
    const checker = program.getTypeChecker();
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
    return exported.filter((symbol) => symbol.flags & ts.SymbolFlags.Value).map((symbol) => symbol.name);
  }

  test('are those that index.d.ts declares', () => {
    expect(declaredNames().sort()).toEqual([...names].sort());
  });

  test('each begin an example in the tables of README.md', () => {
    const shown = rowsOf(readme).map(({ call }) => /^(?:new |Object\.keys\()?(\w+)/.exec(call)[1]);
    expect([...new Set(shown)].sort()).toEqual([...names].sort());
  });

  test('stand under the module that exports them', () => {
    const modules = readme.flatMap((text, index) => {
      const heading = /^### .*`(@obs\/native\/[\w-]+)`$/.exec(text);
      return heading ? [{ module: heading[1], line: index + 1 }] : [];
    });
    expect(modules).toHaveLength(5);
    for (const [index, { module, line }] of modules.entries()) {
      const end = modules[index + 1]?.line ?? readme.findIndex((text) => text === '### The store');
      const own = rowsOf(readme).filter((row) => row.line > line && row.line < end);
      const called = new Set(own.map(({ call }) => /^(?:new |Object\.keys\()?(\w+)/.exec(call)[1]));
      expect([module, ...[...called].sort()]).toEqual([module, ...Object.keys(require(module)).sort()]);
    }
  });
});

test('README.md asks for the versions that the manifests ask for', () => {
  const rust = /^rust-version = "(.*)"$/m.exec(linesOf('Cargo.toml').join('\n'))[1];
  const node = /(\d+)/.exec(manifest.engines.node)[1];
  const asked = /Node (\S+) or newer and \[Rust\]\(\S+\) (\S+) or newer/.exec(readme.join(' '));
  expect(asked.slice(1)).toEqual([node, rust]);
});

test('the output that README.md begins with is what the command prints', async () => {
  const NOW = Date.UTC(2026, 4, 5, 12);
  const failure = (hours, error) => ({
    timestamp: new Date(NOW - hours * 3_600_000).toISOString(),
    cuj_id: 'CUJ-005',
    success: error === null,
    duration_ms: 61_000 - hours * 7,
    error,
    metadata: {},
  });
  const list = [
    failure(90, 'Timeout in [PATH]'),
    failure(50, null),
    failure(26, '529 overloaded'),
    failure(2, '529 overloaded'),
  ];
  makeWorkspace();
  writeFiles(root, {
    '.claude/tools/metrics-tracker.mjs': fourLines('metrics-tracker'),
    '.claude/context/analytics/cuj-metrics.jsonl': `${list.map((each) => JSON.stringify(each)).join('\n')}\n`,
  });
  const [, command, shown] = /```console\n\$ node ([^\n]*)\n([^]*?)```/.exec(readme.join('\n'));
  const clock = ['--require', path.join(__dirname, 'support', 'frozen-clock.cjs')];
  const found = await run([...clock, ...command.split(' ')], { cwd: root, env: { OBS_TEST_NOW: String(NOW) } });
  removeFolder(root);
  expect(found).toMatchObject({ code: 0, stderr: '', stdout: shown });
});
