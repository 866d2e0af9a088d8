// The published `bin/obs.js`, which holds the modules that most questions need: it answers as the one of a checkout does.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { PACKAGE, runNode } = require('./support/child.js');

let folder;
let staged;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'obs-joined-'));
  staged = path.join(folder, 'staged');
  fs.mkdirSync(staged);
  const packages = JSON.stringify(pathToFileURL(path.join(PACKAGE, 'scripts', 'packages.mjs')).href);
  const code = `const { addonFile, stageMain } = await import(${packages});
    stageMain(process.argv[1]);
    (await import('node:fs')).copyFileSync(addonFile(), process.argv[1] + '/' + (await import('node:path')).basename(addonFile()));`;
  const { status, stderr } = runNode(['--input-type=module', '-e', code, staged]);
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const bins = () => [PACKAGE, staged].map((home) => path.join(home, 'bin', 'obs.js'));

/** A workspace with some of everything; the same for both. */
function workspace() {
  const root = path.join(folder, 'workspace');
  const code = `const obs = require(process.argv[1]);
    obs.configure({ projectRoot: process.argv[2] });
    for (let run = 0; run < 30; run += 1) {
      const result = run % 7 > 0 ? 'success' : 'failure';
      obs.logSkillInvocation({ skill: 'deploy', agent: 'sre', cujId: 'CUJ-001', runId: 'run-1', result, duration: run });
      obs.recordCujExecution('CUJ-00' + (run % 3), run % 5 > 0, 10 * run, run % 5 > 0 ? null : 'Timeout in step ' + run);
    }
    obs.flush();`;
  fs.mkdirSync(path.join(root, '.claude'), { recursive: true });
  expect(runNode(['-e', code, PACKAGE, root]).stderr).toBe('');
  return root;
}

test('every command line gets the same answer and exit code, of joined modules and of those that stay files', () => {
  const root = workspace();
  const period = ['--from', '2020-01-01', '--to', '2100-01-01', '--root', root];
  const lines = [
    ['cujs', ...period],
    ['cujs', 'CUJ-001', ...period, '--json'],
    ['skills', ...period],
    ['skills', 'deplyo', ...period],
    ['agents', ...period, '--csv'],
    ['runs', ...period],
    ['failures', ...period],
    ['providers', ...period],
    ['logs', '--skill', 'deploy', ...period, '--ndjson'],
    ['export', 'prometheus', '--root', root],
    ['objectives', 'init', '--dry-run', '--root', root],
    ['help'],
    ['help', 'cujs'],
    ['--version'],
    ['cuj'],
    ['cujs', '--sinc'],
    ['doctor', '--root', path.join(folder, 'nowhere')],
  ];
  const home = new RegExp([PACKAGE, staged].map((each) => each.replaceAll(/[.\\]/g, '\\$&')).join('|'), 'g');
  for (const line of lines) {
    const [plain, joined] = bins().map((bin) => {
      const { status, stdout, stderr } = runNode([bin, ...line], { cwd: folder });
      return { line, status, stdout: stdout.replaceAll(home, 'HOME'), stderr: stderr.replaceAll(home, 'HOME') };
    });
    expect(joined).toEqual(plain);
  }
});

test('what it holds is not read from its own file, and a module of which it knows nothing meets the same ones', () => {
  const seen = path.join(folder, 'seen.cjs');
  fs.writeFileSync(
    seen,
    `const Module = require('node:module');
     const load = Module._extensions['.js'];
     const read = [];
     Module._extensions['.js'] = (module, file) => (read.push(file), load(module, file));
     process.on('exit', () => {
       const face = require(process.env.STAGED + '/lib/face.js');
       process._rawDebug(JSON.stringify({ read, root: face.shared().internals.projectRoot().root }));
     });`,
  );
  const root = workspace();
  const { stderr } = runNode(['-r', seen, bins()[1], 'cujs', '--root', root], { env: { STAGED: staged } });
  const told = JSON.parse(stderr);
  expect(told.read.map((file) => path.relative(staged, file)).filter((file) => !file.startsWith('..'))).toEqual([
    path.join('bin', 'obs.js'),
  ]);
  expect(told.root).toBe(root);
});
