// `npm run fuzz [-- SECONDS [LAW...]]`: the laws of tests/support/laws.rs for so many seconds each (60), with cargo-fuzz where there is one.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot, run } from './run.mjs';

const folder = path.join(packageRoot, 'fuzz');
const laws = readdirSync(path.join(folder, 'targets')).map((name) => name.replace('.rs', ''));
const [seconds = '60', ...asked] = process.argv.slice(2);
const chosen = asked.length > 0 ? asked : laws;
const unknown = chosen.filter((law) => !laws.includes(law));
if (!/^[1-9]\d*$/.test(seconds) || unknown.length > 0) {
  console.error(`npm run fuzz [-- SECONDS [LAW...]]; the laws are ${laws.join(', ')}`);
  process.exit(2);
}

/** A fuzzer that sees which branches an input takes, and watches memory: it needs cargo-fuzz and a nightly toolchain. */
async function withFuzzer() {
  let failed = 0;
  for (const law of chosen) {
    // What it finds goes into a folder of its own, so that the corpus in the repository stays small.
    const found = path.join(folder, 'found', law);
    mkdirSync(found, { recursive: true });
    const corpus = [found, path.join(folder, 'corpus', law)];
    const limits = [
      `-max_total_time=${seconds}`,
      '-max_len=4096',
      '-timeout=20',
      '-rss_limit_mb=2048',
      '-print_final_stats=1',
    ];
    const args = ['+nightly', 'fuzz', 'run', law, ...corpus, '--', ...limits];
    const { code, output } = await run('cargo', args, { cwd: folder, show: false });
    const runs = /stat::number_of_executed_units: (\d+)/.exec(output)?.[1] ?? '0';
    console.log(`${law}: ${runs} inputs, ${code === 0 ? 'the law holds' : 'FAILED'}`);
    if (code !== 0) console.log(output.split('\n').slice(-40).join('\n'));
    failed += code === 0 ? 0 : 1;
  }
  return failed;
}

/** Random mutations without a fuzzer; needs nothing but cargo. */
async function withoutFuzzer() {
  const args = ['test', '--no-default-features', '--test', 'fuzz', '--', '--nocapture', ...chosen];
  const { code } = await run('cargo', args, { env: { OBS_FUZZ_SECONDS: seconds } });
  return code === 0 ? 0 : 1;
}

const { code } = await run('cargo', ['+nightly', 'fuzz', '--version'], { show: false });
if (code !== 0) console.log('cargo +nightly fuzz cannot be run, so the inputs are random mutations of the corpus');
process.exitCode = (await (code === 0 ? withFuzzer() : withoutFuzzer())) > 0 ? 1 : 0;
