// `npm run lint`: formats, lints and types of both languages; tells of every fault and only then fails.
import { ensure } from './ensure.mjs';
import { run, secondsSince, tool } from './run.mjs';

const DENY = ['--', '-D', 'warnings'];
const STEPS = [
  ['rustfmt', 'cargo', ['fmt', '--all', '--check']],
  ['clippy', 'cargo', ['clippy', '--all-targets', ...DENY]],
  [
    'clippy without Node',
    'cargo',
    ['clippy', '--all-targets', '--no-default-features', '--features', 'program', ...DENY],
  ],
  ['rustdoc', 'cargo', ['doc', '--no-deps', '--document-private-items'], { RUSTDOCFLAGS: '-D warnings' }],
  ['eslint', process.execPath, [tool('eslint', 'bin', 'eslint.js'), '--max-warnings=0', '.']],
  ['prettier', process.execPath, [tool('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.']],
  ['tsc', process.execPath, [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', '.']],
];

async function runStep([name, command, args, env]) {
  const started = performance.now();
  const { code, output } = await run(command, args, { show: false, env });
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${name} (${secondsSince(started)})`);
  // A linter that is content has nothing to say that anybody needs.
  if (code !== 0) console.log(output.trimEnd());
  return code === 0;
}

await ensure({ dependencies: true });
let failed = 0;
for (const step of STEPS) failed += (await runStep(step)) ? 0 : 1;
console.log(`${STEPS.length - failed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
