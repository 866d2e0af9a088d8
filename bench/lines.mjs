// The lines of histories, put together by hand: ten million of them are made in seconds, with the keys and lengths of real ones.
import { AGENTS, ERRORS, PROVIDERS, SKILLS, count, makeRandom, pick, word } from './data.mjs';

// Two of these make a word that is hardly ever seen twice.
const HALVES = (() => {
  const random = makeRandom(99);
  return Array.from({ length: 4096 }, () => word(random).slice(0, 4));
})();

const anyWord = (random) => pick(random, HALVES) + pick(random, HALVES);

/** The id of one of the twenty CUJs that histories hold. */
export const cujId = (random) => `CUJ-${String(count(random, 20)).padStart(3, '0')}`;

/** The id of one of the two thousand runs that the progress events of histories belong to. */
export const runId = (random) => `run-${String(count(random, 2000)).padStart(6, '0')}`;

const isoOf = (time) => new Date(time).toISOString();

function executionLine(random, time) {
  const success = random() < 0.85;
  const error = success ? 'null' : `"${pick(random, ERRORS)} in ${anyWord(random)}"`;
  return (
    `{"timestamp":"${isoOf(time)}","cuj_id":"${cujId(random)}","success":${success},"duration_ms":${random() * 60_000},` +
    `"error":${error},"metadata":{"run_id":"run-${anyWord(random)}","agents_used":["${pick(random, AGENTS)}"],` +
    `"attempt":${count(random, 4)},"resources":{"memory_delta_mb":${random() * 8},"cpu_user_ms":${random() * 400}}}}\n`
  );
}

// Twenty invocations in a row belong to one run.
function skillLine(random, time, index) {
  const failed = random() < 0.1;
  const params = `{\\"file\\":\\"src/${anyWord(random)}/${anyWord(random)}.js\\",\\"depth\\":${count(random, 9)},\\"strict\\":false}`;
  return (
    `{"timestamp":"${isoOf(time)}","type":"skill_invocation","skill":"${pick(random, SKILLS)}","params":"${params}",` +
    `"result":"${failed ? 'failure' : 'success'}","duration_ms":${random() * 900},"cache_hit":${random() < 0.4},` +
    `"agent":"${pick(random, AGENTS)}","run_id":"run-${Math.floor(index / 20)}","cuj_id":"${cujId(random)}",` +
    `"error":${failed ? `"${pick(random, ERRORS)}"` : 'null'},"metadata":{"step":${count(random, 12)}}}\n`
  );
}

function progressLine(random, time) {
  return (
    `{"timestamp":${time},"iso_timestamp":"${isoOf(time)}","run_id":"${runId(random)}","step":${count(random, 12)},` +
    `"status":"${random() < 0.5 ? 'running' : 'completed'}","percentage":${count(random, 100)},` +
    `"message":"Checking ${anyWord(random)} of ${anyWord(random)}","metadata":{"agent":"${pick(random, AGENTS)}"}}\n`
  );
}

function providerLine(random, time) {
  const success = random() < 0.93;
  const error = success ? 'null' : `"${pick(random, ERRORS)} (${anyWord(random)})"`;
  return (
    `{"timestamp":${time},"iso_timestamp":"${isoOf(time)}","provider":"${pick(random, PROVIDERS)}","success":${success},` +
    `"latency_ms":${count(random, 9_000)},"error":${error},"metadata":{}}\n`
  );
}

/** `(random, epochMs, index) → line` for each kind of record. */
export const LINES = {
  executions: executionLine,
  skills: skillLine,
  progress: progressLine,
  providers: providerLine,
};
