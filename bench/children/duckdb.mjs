// `all` by DuckDB: `duckdb.mjs FILE WINDOW_MS` prints the success rates of every CUJ in the window, read from the JSONL file.
import { DuckDBInstance } from '@duckdb/node-api';

const [file, window] = process.argv.slice(2);
const since = new Date(Date.now() - Number(window)).toISOString();
const columns = `{timestamp: 'TIMESTAMP', cuj_id: 'VARCHAR', success: 'BOOLEAN', duration_ms: 'DOUBLE'}`;
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const reader = await connection.runAndReadAll(`
  SELECT cuj_id, count(*)::INTEGER AS total, count(*) FILTER (success)::INTEGER AS successful,
    avg(duration_ms) AS avg_duration_ms
  FROM read_json('${file.replaceAll("'", "''")}', format = 'newline_delimited', columns = ${columns})
  WHERE timestamp >= TIMESTAMP '${since.replace('T', ' ').replace('Z', '')}'
  GROUP BY cuj_id`);
console.log(JSON.stringify(reader.getRowObjectsJson()));
