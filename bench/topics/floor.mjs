// Where the time of one record goes: its parts, each alone, beside the barest append of the same record; for information.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { makeRandom, skillEvent, skillRecord } from '../data.mjs';
import { contest } from '../rounds.mjs';

const require = createRequire(import.meta.url);
const { createFace } = require('../../lib/face.js');
const { createStructuredLogger } = require('../../lib/structured-logger.js');

export const title = 'The floor, and the parts of one record';

// The face with nothing behind it: what is left is reading the event and `JSON.stringify`.
const hollow = () => createStructuredLogger({ native: { recordSkill: () => 0 }, settle: () => {} });

const SETTINGS = {
  disabled: { env: { OBS_DISABLED: '1' } },
  batch: { durability: 'batch' },
  write: {},
};

function faceOf(folder, { durability = 'write', env = {} }) {
  const face = createFace({ projectRoot: folder, env });
  face.configure({ durability });
  return face;
}

// Each contestant draws the same events from a generator of its own.
function contestant({ options, size, make = (event) => event }, action) {
  const random = makeRandom(42);
  const prepare = () => Array.from({ length: size }, () => make(skillEvent(random, options)));
  return { size, prepare, run: (inputs) => inputs.forEach((input) => action(input)) };
}

function partsOf(faces, fd, common) {
  const ofEvent = (action) => contestant(common, action);
  const ofRecord = (action) => contestant({ ...common, make: skillRecord }, action);
  const ofText = (action) =>
    contestant({ ...common, make: (event) => `${JSON.stringify(skillRecord(event))}\n` }, action);
  const log = (face) => ofEvent((event) => face.logSkillInvocation(event));
  return {
    'JSON.stringify of the record': ofRecord((record) => JSON.stringify(record)),
    'writeSync of text that is ready': ofText((text) => writeSync(fd, text)),
    'fstatSync, the smallest call that asks the system': ofEvent(() => fstatSync(fd)),
    'logSkillInvocation, its JavaScript alone': log(hollow()),
    '  and the addon, nothing written (OBS_DISABLED)': log(faces.disabled),
    '  and kept, written 64 KiB at a time (batch)': log(faces.batch),
    '  and written (write)': log(faces.write),
  };
}

async function contestOf(folder, label, { rounds, ...common }) {
  const fd = openSync(path.join(folder, 'barest.jsonl'), 'a');
  const faces = Object.fromEntries(Object.entries(SETTINGS).map(([name, how]) => [name, faceOf(folder, how)]));
  const parts = Object.entries(partsOf(faces, fd, common));
  const base = contestant({ ...common, make: skillRecord }, (record) => writeSync(fd, `${JSON.stringify(record)}\n`));
  const entries = parts.map(([what, part]) => ({ ...part, what: `${what}${label}` }));
  const rows = await contest(entries, base, { rounds });
  closeSync(fd);
  for (const face of Object.values(faces)) face.close();
  return rows;
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const common = { rounds: quick ? 3 : 61, size: quick ? 50 : 200 };
  const plain = await contestOf(folder, '', { ...common, options: {} });
  return [...plain, ...(await contestOf(folder, ', 4 KiB of code', { ...common, options: { code: 4096 } }))];
}
