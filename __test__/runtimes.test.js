// The smoke suite in this Node, and in every other runtime that `scripts/runtimes.mjs` has installed.
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { PACKAGE, runNode } = require('./support/child.js');
const { CUJS } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const SCRIPT = path.join(PACKAGE, 'scripts', 'runtimes.mjs');

/** What the script says it knows, and which of it is there. Jest loads no ES modules, so Node is asked. */
const { names, present } = JSON.parse(
  execFileSync(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `const { names, present } = await import(${JSON.stringify(SCRIPT)});
       console.log(JSON.stringify({ names, present: present() }));`,
    ],
    { encoding: 'utf8' },
  ),
);

test(`Node ${process.versions.node}, that of the tests`, () => {
  const script = path.join(__dirname, 'support', 'smoke.cjs');
  const ended = runNode([script], { env: { OBS_PROJECT_ROOT: workspace().root } });
  expect(ended).toEqual({ status: 0, stdout: `Node ${process.versions.node}: ok\n`, stderr: '' });
  // Recorded in batch mode and never flushed by the program itself.
  expect(workspace().lines(CUJS).at(-1)).toMatchObject({ cuj_id: 'at the end' });
});

for (const name of names) {
  const runtime = present.find(([known]) => known === name);
  const title = `${name} records, asks, loads the modules, has workers and ends`;
  if (runtime === undefined) {
    test.skip(`${title} [skipped: node scripts/runtimes.mjs installs it]`, () => {});
    continue;
  }
  test(title, () => {
    const [, , program, args] = runtime;
    const { root } = workspace();
    const env = { ...process.env, OBS_PROJECT_ROOT: root, OBS_DURABILITY: '', OBS_DATA_DIR: '', NODE_OPTIONS: '' };
    const script = path.join(__dirname, 'support', 'smoke.cjs');
    expect(execFileSync(program, [...args, script], { env, encoding: 'utf8' })).toMatch(
      /^(Node|Bun|Deno) [\d.]+: ok\n$/,
    );
    const lines = fs.readFileSync(path.join(root, CUJS), 'utf8').trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1))).toMatchObject({ cuj_id: 'at the end' });
  });
}
