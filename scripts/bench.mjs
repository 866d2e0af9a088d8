// `npm run bench`: builds what is missing, then runs the benchmarks; `--quick` for a smoke run, `--json FILE` for a copy.
import { ensure } from './ensure.mjs';

await ensure({ dependencies: true, addon: true });
const { runBench } = await import('../bench/index.mjs');
process.exitCode = await runBench(process.argv.slice(2));
