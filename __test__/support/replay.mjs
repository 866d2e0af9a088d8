// Replays one golden recording in this process: `node replay.mjs RECORDING ROOT` prints `{ returns, heard, files }` as JSON.
import fs from 'node:fs';
import path from 'node:path';

const [file, root] = process.argv.slice(2);
const recording = JSON.parse(fs.readFileSync(file, 'utf8'));

for (const [name, text] of Object.entries(recording.files_before)) {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
}

// The clock stands still; the package must take the time from here and from nowhere else.
let now = recording.start;
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now] : args));
  }

  static now() {
    return now;
  }
};

process.env.OBS_PROJECT_ROOT = root;
const obs = await import('@obs/native');
const modules = new Map();
const trackers = new Map();
const heard = [];
obs.subscribeToProgress((event) => heard.push(event));

/** `{ "$error": "m" }` stands for `new Error("m")`. */
function revive(value) {
  if (typeof value !== 'object' || value === null) return value;
  if (typeof value.$error === 'string') return new Error(value.$error);
  if (Array.isArray(value)) return value.map(revive);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, revive(each)]));
}

async function target(call) {
  if (call.on === 'logger') return obs.getLogger();
  if (call.on === 'monitor') return obs.getGlobalHealthMonitor();
  if (call.tracker) return trackers.get(call.tracker);
  if (!modules.has(call.module)) modules.set(call.module, await import(`../../lib/modules/${call.module}.js`));
  return modules.get(call.module).default;
}

const returns = [];
for (const call of recording.calls) {
  now = call.now;
  const args = revive(call.args);
  if (call.fn === 'create') trackers.set(call.tracker, new obs.ProgressTracker(...args));
  else returns.push((await target(call))[call.fn](...args) ?? null);
  if (call.fn === 'create') returns.push(null);
}

const files = {};
for (const name of Object.keys(recording.files_after)) files[name] = fs.readFileSync(path.join(root, name), 'utf8');
process.stdout.write(JSON.stringify({ returns, heard, files }));
