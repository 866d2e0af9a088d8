// Programs that import the package, bundled by esbuild in the ways that docs/bundlers.md describes, run from elsewhere.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE, linkPackage, makeFolder, removeFolder, run } = require('./support/command-line.js');

// A script or a program, as npm was allowed to run install scripts or not; on Windows a batch file.
const ESBUILD = path.join(PACKAGE, 'node_modules', '.bin', process.platform === 'win32' ? 'esbuild.cmd' : 'esbuild');
const SHELL = { shell: process.platform === 'win32' };
const DOCUMENT = fs.readFileSync(path.join(PACKAGE, 'docs', 'bundlers.md'), 'utf8');

const BODY = `recordCujExecution('A', true, 1);
const { project_root, accepted } = getStoreHealth();
console.log(JSON.stringify([project_root, accepted]));`;

let folder;
let workspace;
beforeEach(() => {
  folder = makeFolder();
  workspace = path.join(folder, 'ws');
  for (const name of ['ws', 'elsewhere']) fs.mkdirSync(path.join(folder, name, '.claude'), { recursive: true });
  linkPackage(workspace);
  const names = '{ recordCujExecution, getStoreHealth }';
  fs.writeFileSync(path.join(workspace, 'run.js'), `const ${names} = require('@obs/native');\n${BODY}`);
  fs.writeFileSync(path.join(workspace, 'run.mjs'), `import ${names} from '@obs/native';\n${BODY}`);
});
afterEach(() => removeFolder(folder));

/** Bundles as esbuild is asked to, and runs the bundle from a folder with a workspace of its own. */
async function runBundle(options) {
  const outfile = /--outfile=(\S+)/.exec(options.join(' '))[1];
  execFileSync(ESBUILD, [...options, '--log-level=error'], { cwd: workspace, ...SHELL });
  return run([path.join(workspace, outfile)], { cwd: path.join(folder, 'elsewhere') });
}

/** The command lines of the document that call esbuild, as arguments. */
const documented = [...DOCUMENT.matchAll(/^npx esbuild ((?:.*\\\n)*.*)$/gm)].map(([, line]) =>
  [...line.replaceAll('\\\n', ' ').matchAll(/(?:[^\s"]|"[^"]*")+/g)].map(([word]) => word.replaceAll('"', '')),
);

test('the document has the three ways', () => {
  expect(documented).toHaveLength(3);
});

test.each(documented)('esbuild %s … records where the program would (A5)', async (...options) => {
  expect(await runBundle(options)).toEqual({
    code: 0,
    signal: null,
    stdout: `${JSON.stringify([workspace, 1])}\n`,
    stderr: '',
  });
});

test('an addon that became the name of a file is told, with the two ways that work (A5)', async () => {
  const outfile = path.join(folder, 'alone', 'run.js');
  const options = ['run.js', '--bundle', '--platform=node', '--loader:.node=file', `--outfile=${outfile}`];
  execFileSync(ESBUILD, [...options, '--log-level=error'], { cwd: workspace, ...SHELL });
  const { code, stderr } = await run([outfile], { cwd: folder });
  expect(code).toBe(1);
  expect(stderr).toMatch(/bundler.*--external:@obs\/native.*--loader:\.node=copy.*docs\/bundlers\.md/s);
});
