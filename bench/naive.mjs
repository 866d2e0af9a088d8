// The success rate without any help: read the file, parse every line, count. Also a script, for whole processes.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** `{ total, successful, rate, avg_duration_ms }` of the executions of `cujId` within `window` milliseconds of now. */
export function naiveSuccessRate(file, cujId, window) {
  const since = Date.now() - window;
  const found = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
    .filter((record) => record.cuj_id === cujId && Date.parse(record.timestamp) >= since);
  const total = found.length;
  const successful = found.filter((record) => record.success).length;
  const spent = found.reduce((sum, record) => sum + (record.duration_ms ?? 0), 0);
  return { total, successful, rate: total && successful / total, avg_duration_ms: total && spent / total };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, cujId, window] = process.argv.slice(2);
  console.log(JSON.stringify(naiveSuccessRate(file, cujId, Number(window))));
}
