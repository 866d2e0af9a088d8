// Replays the recorded command lines in real processes, in every way in which a person or a script may call them.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const RECORDINGS = [require('./golden/command-lines.json'), require('./golden/all-cujs-command-lines.json')];
const {
  MODULES,
  PACKAGE,
  fourLines,
  linkPackage,
  makeFolder,
  removeFolder,
  run,
  start,
  writeFiles,
} = require('./support/command-line.js');

const CLOCK = ['--require', path.join(__dirname, 'support', 'frozen-clock.cjs')];
// eslint-disable-next-line no-control-regex -- the characters that a terminal obeys, but for the line end
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
const tool = (name) => path.join(PACKAGE, 'tools', `${name}.mjs`);

let root;
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(() => removeFolder(root));

/** JSON with its keys in order and its numbers to 12 significant digits; other text as it stands. */
function comparable(text) {
  try {
    const round = (_, value) => (typeof value === 'number' ? Number(value.toPrecision(12)) : value);
    return JSON.stringify(JSON.parse(text), round, 2);
  } catch {
    return text;
  }
}

describe.each([
  ["the package's tools/", (name) => ({ script: tool(name), options: { env: { OBS_PROJECT_ROOT: root } } })],
  [
    "the four-line file in a workspace's .claude/tools/",
    (name) => {
      const script = path.join('.claude', 'tools', `${name}.mjs`);
      if (!fs.existsSync(path.join(root, 'node_modules'))) linkPackage(root);
      writeFiles(root, { [script]: fourLines(name) });
      return { script, options: { cwd: root } };
    },
  ],
  [
    'a symlink in .claude/tools/, called from elsewhere',
    (name) => {
      const script = path.join(root, '.claude', 'tools', `${name}.mjs`);
      fs.mkdirSync(path.dirname(script), { recursive: true });
      if (!fs.existsSync(script)) fs.symlinkSync(tool(name), script);
      return { script, options: { cwd: PACKAGE } };
    },
  ],
])('through %s', (_, place) => {
  test.each(RECORDINGS)(
    'every recorded command answers as it did: %#',
    async (golden) => {
      writeFiles(root, golden.files_before);
      for (const { tool: name, args, exit_code: code, stdout } of golden.commands) {
        const { script, options } = place(name);
        const env = { ...options.env, OBS_TEST_NOW: String(golden.now) };
        const found = await run([...CLOCK, script, ...args], { ...options, env });
        const told = `${name} ${args.join(' ')}\n${found.stderr}`;
        expect({ told, code: found.code, stdout: comparable(found.stdout) }).toEqual({
          told,
          code,
          stdout: comparable(stdout),
        });
        expect(found.stderr === '').toBe(code === 0);
      }
    },
    120_000,
  );

  test('imported, it does nothing and gives the names of its module', async () => {
    const { script, options } = place('metrics-tracker');
    const file = JSON.stringify(path.resolve(options.cwd ?? '.', script));
    const program = `const m = await import(require('node:url').pathToFileURL(${file})); console.log(Object.keys(m).join())`;
    const found = await run(['-e', `(async () => { ${program} })()`, 'rate'], { cwd: root });
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout.trim().split(',').sort()).toEqual([
      'getAllCujMetrics',
      'getCujSuccessRate',
      'getCujTrending',
      'getFailureAnalysis',
      'getPerformancePercentiles',
      'recordCujExecution',
    ]);
  });
});

describe('a module that is imported rather than run', () => {
  test('stays silent when the main script has the same name in another folder', async () => {
    const script = path.join(root, 'metrics-tracker.mjs');
    linkPackage(root);
    fs.writeFileSync(script, "import '@obs/native/metrics-tracker';\nconsole.log('mine');\n");
    expect(await run([script, 'nonsense'], { cwd: root })).toMatchObject({ code: 0, stdout: 'mine\n', stderr: '' });
  });

  test('stays silent in a worker of a process that runs it', async () => {
    const script = path.join(root, 'tracker.mjs');
    linkPackage(root);
    fs.writeFileSync(
      script,
      `import { Worker, isMainThread } from 'node:worker_threads';
      import { runIfMain } from '@obs/native/cli';
      if (isMainThread) new Worker(new URL(import.meta.url));
      else runIfMain(import.meta.url, 'metrics-tracker');`,
    );
    expect(await run([script], { cwd: root })).toMatchObject({ code: 0, stdout: '', stderr: '' });
  });
});

/** Runs a tool on the empty workspace. */
const ask = (name, ...args) => run([tool(name), ...args], { env: { OBS_PROJECT_ROOT: root } });

describe('usage', () => {
  test.each(MODULES)('%s without a command: on stdout, with examples, exit code 0', async (name) => {
    const found = await ask(name);
    expect(found).toMatchObject({ code: 0, stderr: '' });
    expect(found.stdout).toMatch(/^Usage: node \S.*COMMAND/);
    expect(found.stdout).toContain('\nExamples:\n');
    expect((await ask(name, '--help')).stdout).toBe(found.stdout);
    expect((await ask(name, '-h')).stdout).toBe(found.stdout);
    expect((await ask(name, 'help')).stdout).toBe(found.stdout);
  });

  test('names every documented command', async () => {
    const { stdout } = await ask('metrics-tracker');
    expect(stdout).toContain('  trending [CUJ] [buckets] [bucket]  ');
    expect((await ask('provider-health')).stdout).toContain('  record PROVIDER true|false LATENCY [error]  ');
  });
});

describe('a complaint is one line on stderr that names what is wrong, nothing on stdout, exit code 1', () => {
  test.each([
    ['structured-logger', ['qurey'], "unknown command 'qurey' (did you mean 'query'?)"],
    ['structured-logger', ['frobnicate'], "unknown command 'frobnicate'"],
    ['structured-logger', ['query', '--skil', 'x'], "unknown option '--skil' (did you mean '--skill'?)"],
    ['structured-logger', ['query', '-x'], "unknown option '-x'"],
    ['structured-logger', ['query', '--skill'], '--skill needs a value'],
    ['structured-logger', ['query', '--skill', '--agent', 'a'], '--skill needs a value (or write --skill=--agent)'],
    ['structured-logger', ['query', '--limit', 'abc'], "--limit must be a number, not 'abc'"],
    ['structured-logger', ['query', '--limit', '12abc'], "--limit must be a number, not '12abc'"],
    ['structured-logger', ['query', '--limit', ''], "--limit must be a number, not ''"],
    ['structured-logger', ['query', '--limit', '2.5'], "--limit must be a whole number, 0 or more, not '2.5'"],
    ['structured-logger', ['query', '--limit', '-5'], "--limit must be a whole number, 0 or more, not '-5'"],
    [
      'structured-logger',
      ['stats', '--since', 'yesterday'],
      "--since must be a time span such as 30m, 12h, 7d or 2w, not 'yesterday'",
    ],
    [
      'structured-logger',
      ['stats', '--since', '7d', '--startDate', '2026-05-01'],
      '--since and --startDate exclude each other',
    ],
    ['structured-logger', ['stats', '--startDate', 'monday'], /--startDate must be .*, not 'monday'/],
    ['structured-logger', ['query', 'context-bridge'], "query: unexpected argument 'context-bridge'"],
    ['structured-logger', ['--limit', '5'], 'a command is missing: query, stats, performance'],
    ['metrics-tracker', ['rate', 'CUJ-001', 'day'], /^window must be .* a span such as .* not 'day'$/],
    ['metrics-tracker', ['rate', 'CUJ-001', 'Infinity'], /^window must be .* not 'Infinity'$/],
    ['metrics-tracker', ['rate', 'CUJ-001', '-5'], /timeWindow must be .* got the number -5/],
    ['metrics-tracker', ['trending', 'CUJ-001', '0'], /buckets must be .* got the number 0/],
    ['metrics-tracker', ['trending', 'CUJ-001', '24', 'x'], /^bucket must be .* not 'x'$/],
    ['metrics-tracker', ['all', '--verbose'], "unknown option '--verbose'"],
    ['progress-emitter', ['current'], 'current: RUN is missing'],
    ['progress-emitter', ['history', 'x', 'many'], "limit must be a number, not 'many'"],
    ['progress-emitter', ['watch', 'a', 'b'], "watch: unexpected argument 'b'"],
    ['provider-health', ['record', 'openai'], 'record: true|false is missing'],
    ['provider-health', ['record', 'openai', 'yes', '5'], "true|false must be true or false, not 'yes'"],
    ['provider-health', ['record', 'openai', 'true'], 'record: LATENCY is missing'],
    ['provider-health', ['record', 'openai', 'false', 'abc'], "LATENCY must be a number, not 'abc'"],
    ['metrics-dashboard', ['view'], "no dashboard is saved yet: run 'generate' first"],
    ['metrics-dashboard', ['\u001b[31mred'], "unknown command '\\u001b[31mred'"],
  ])('%s %j', async (name, args, complaint) => {
    const { code, stdout, stderr } = await ask(name, ...args);
    const [line, ...rest] = stderr.split('\n');
    expect({ code, stdout, rest }).toEqual({ code: 1, stdout: '', rest: [''] });
    const said = line.slice(name.length + 2);
    expect(line).toBe(`${name}: ${said}`);
    if (complaint instanceof RegExp) expect(said).toMatch(complaint);
    else expect(said).toBe(complaint);
  });
});

describe('answers', () => {
  const HOUR = 3_600_000;
  const skill = (name, ago) => {
    const timestamp = new Date(Date.now() - ago).toISOString();
    return [timestamp.slice(0, 10), JSON.stringify({ timestamp, type: 'skill_invocation', skill: name })];
  };

  /** Writes invocations into the files of their own days. */
  function writeSkills(...entries) {
    for (const [day, line] of entries) {
      const file = path.join(root, '.claude', 'context', 'logs', `skill-invocations-${day}.jsonl`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.appendFileSync(file, `${line}\n`);
    }
  }

  test('--since counts back from now, over several days, and --endDate takes a whole day', async () => {
    writeSkills(skill('ancient', 200 * HOUR), skill('old', 100 * HOUR), skill('fresh', 2 * HOUR));
    const names = async (...args) =>
      JSON.parse((await ask('structured-logger', 'query', ...args)).stdout).map((r) => r.skill);
    expect(await names('--since', '7d')).toEqual(['old', 'fresh']);
    expect(await names('--since', '1d12h')).toEqual(['fresh']);
    expect(await names('--startDate', '2000-01-01')).toEqual(['ancient', 'old', 'fresh']);
    expect(await names('--startDate', '2000-01-01', '--endDate', skill('', 100 * HOUR)[0])).toEqual(['ancient', 'old']);
    expect(await names(`--startDate=${Date.now() - 150 * HOUR}`)).toEqual(['old', 'fresh']);
  });

  test('no data is an answer', async () => {
    expect(await ask('structured-logger', 'query')).toMatchObject({ code: 0, stdout: '[]\n' });
    expect(await ask('metrics-tracker', 'all')).toMatchObject({ code: 0, stdout: '{}\n' });
    expect(await ask('progress-emitter', 'current', 'nobody')).toMatchObject({ code: 0, stdout: 'null\n' });
    expect(await ask('provider-health', 'status')).toMatchObject({ code: 0, stdout: '{}\n' });
  });

  test('generate saves and shows, view shows the same, json prints the saved one', async () => {
    const fresh = JSON.parse((await ask('metrics-dashboard', 'json')).stdout);
    expect(fresh.metadata.dashboard_version).toBe('1.0.0');
    const made = await ask('metrics-dashboard', 'generate');
    const file = path.join(root, '.claude', 'context', 'analytics', 'metrics-dashboard.json');
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const [first, , ...text] = made.stdout.split('\n');
    expect(first).toBe(`Dashboard saved to: ${file}`);
    expect((await ask('metrics-dashboard', 'view')).stdout).toBe(text.join('\n'));
    expect(JSON.parse((await ask('metrics-dashboard', 'json')).stdout)).toEqual(
      JSON.parse(fs.readFileSync(file, 'utf8')),
    );
  });

  test('a call that was not recorded is not reported as recorded', async () => {
    const env = { OBS_PROJECT_ROOT: root, OBS_DISABLED: '1' };
    const found = await run([tool('provider-health'), 'record', 'openai', 'true', '5'], { env });
    expect(found).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'provider-health: the call was not recorded: disabled\n',
    });
  });

  test('control characters in recorded text reach no terminal, and the JSON still reads back as recorded', async () => {
    const name = 'a\u001b]52;c;x\u0007\u009b31m\u202eb\u007f';
    writeSkills(skill(name, 1000));
    const { stdout } = await ask('structured-logger', 'query', '--since', '1h');
    expect(stdout).not.toMatch(UNSAFE);
    expect(JSON.parse(stdout)[0].skill).toBe(name);
    const saved = await ask('metrics-dashboard', 'generate');
    expect(saved.code).toBe(0);
    expect(saved.stdout).not.toMatch(UNSAFE);
    const recorded = await ask('provider-health', 'record', 'x\u001b[2J', 'true', '5');
    expect(recorded.stdout).toBe('Recorded call for x\\u001b[2J: success=true, latency=5ms\n');
  });

  describe('of many megabytes', () => {
    const RECORDS = 60_000;
    const writeMany = () => {
      const line = (i) => JSON.stringify({ timestamp: Date.now(), run_id: 'x', step: i, message: 'm'.repeat(100) });
      const text = `${Array.from({ length: RECORDS }, (_, i) => line(i)).join('\n')}\n`;
      writeFiles(root, { '.claude/context/logs/progress.jsonl': text });
    };

    test('arrive whole at a reader that is slow', async () => {
      writeMany();
      const running = start([tool('progress-emitter'), 'history'], { env: { OBS_PROJECT_ROOT: root } });
      running.child.stdout.pause();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      running.child.stdout.resume();
      const { code, stdout, stderr } = await running.done;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const records = JSON.parse(stdout);
      expect(records).toHaveLength(RECORDS);
      expect(stdout).toBe(`${JSON.stringify(records, null, 2)}\n`);
    }, 30_000);

    // Whoever shares the pipe may have made it so, here a Node that opened its own stream on it.
    test('arrive whole at a reader that is slow when a write does not wait for it', async () => {
      writeMany();
      const args = JSON.stringify([tool('progress-emitter'), 'history']);
      const program = `const { spawn } = require('node:child_process');
        spawn(process.execPath, ${args}, { stdio: 'inherit' }).on('close', (code) => (process.exitCode = code));
        process.stdout.write('');`;
      const running = start(['-e', program], { env: { OBS_PROJECT_ROOT: root } });
      running.child.stdout.pause();
      await new Promise((resolve) => setTimeout(resolve, 1500));
      running.child.stdout.resume();
      const { code, stdout, stderr } = await running.done;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout)).toHaveLength(RECORDS);
    }, 30_000);

    test('stop silently when the reader leaves', async () => {
      writeMany();
      const running = start([tool('progress-emitter'), 'history'], { env: { OBS_PROJECT_ROOT: root } });
      running.child.stdout.once('data', () => running.child.stdout.destroy());
      expect(await running.done).toMatchObject({ code: 0, signal: null, stderr: '' });
    }, 30_000);
  });

  // /dev/full refuses every write as a full disk does.
  (fs.existsSync('/dev/full') ? test : test.skip)('that cannot be written are a complaint', async () => {
    const full = fs.openSync('/dev/full', 'w');
    const found = await start([tool('structured-logger'), 'stats'], { env: { OBS_PROJECT_ROOT: root }, stdout: full })
      .done;
    fs.closeSync(full);
    expect(found.code).toBe(1);
    expect(found.stderr).toMatch(/^structured-logger: the answer could not be written: .*ENOSPC.*\n$/);
  });
});
