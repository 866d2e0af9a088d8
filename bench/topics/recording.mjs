// What one record costs: each recording function beside the barest append of the same record.
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import {
  close,
  configure,
  emitProgress,
  flush,
  logSkillInvocation,
  recordCujExecution,
  recordProviderCall,
} from '@obs/native';
import { executionRecord, makeRandom, progressRecord, providerRecord, skillEvent, skillRecord } from '../data.mjs';
import { pinoContestant, winstonContestant } from '../peers.mjs';
import { contest } from '../rounds.mjs';

export const title = 'Recording, per record';

// `make` gives the record as it stands in the file, `call` hands its contents to ours.
const KINDS = [
  {
    what: 'recordCujExecution',
    make: executionRecord,
    call: (r) => recordCujExecution(r.cuj_id, r.success, r.duration_ms, r.error, r.metadata),
  },
  {
    what: 'emitProgress',
    make: progressRecord,
    input: ({ run_id: runId, step, status, percentage, message, metadata }) => {
      return { runId, step, status, percentage, message, metadata };
    },
    call: emitProgress,
  },
  {
    what: 'recordProviderCall',
    make: providerRecord,
    call: (r) => recordProviderCall(r.provider, r.success, r.latency_ms, r.error),
  },
];

function skillKind(what, options) {
  return { what, event: (random) => skillEvent(random, options), call: logSkillInvocation };
}

// Both sides draw from generators with one seed: the same records, but no object or string in common.
function inputsOf(kind) {
  if (kind.event) return { ours: kind.event, base: (random) => skillRecord(kind.event(random)) };
  const { input = (record) => record, make } = kind;
  return { ours: (random) => input(make(random)), base: make };
}

function contestant(make, size, record) {
  const random = makeRandom(42);
  return { size, prepare: (total) => Array.from({ length: total }, () => make(random)), run: record };
}

function ourRun(call, atEnd) {
  return (inputs) => {
    for (const input of inputs) call(input);
    atEnd?.();
  };
}

// The peers draw the same records as the yardstick.
function peersOf(folder, make, size) {
  const records = () => contestant(make, size);
  return [
    { ...pinoContestant(folder, records()), what: '  pino, sync destination, the same record' },
    { ...winstonContestant(folder, records()), what: '  winston, file transport, the same record' },
  ];
}

async function raceKind(kind, { folder, rounds, size, limits, atEnd, peers = false }) {
  const fd = openSync(path.join(folder, `barest-${kind.what.replace(/\W+/g, '-')}.jsonl`), 'a');
  const inputs = inputsOf(kind);
  const ours = contestant(inputs.ours, size, ourRun(kind.call, atEnd));
  const base = contestant(inputs.base, size, (records) => {
    for (const record of records) writeSync(fd, `${JSON.stringify(record)}\n`);
  });
  const entries = [{ ...ours, what: kind.what, limits }, ...(peers ? peersOf(folder, inputs.base, size) : [])];
  const rows = await contest(entries, base, { rounds });
  closeSync(fd);
  return rows;
}

const STRICT = { bar: 1, aim: 0.75 };
const LONGER = { bar: 1.2, aim: 1 };
const BATCH = { bar: 0.5, aim: 0.4 };

function races() {
  const skill = 'logSkillInvocation';
  return [
    { kind: skillKind(skill, {}), limits: STRICT, peers: true },
    ...KINDS.map((kind) => ({ kind, limits: STRICT })),
    { kind: skillKind(`${skill}, 4 KiB of code`, { code: 4096 }), limits: LONGER },
    { kind: skillKind(`${skill}, usage counts`, { usage: true }), limits: LONGER },
    { kind: skillKind(`${skill}, code and usage`, { code: 4096, usage: true }), limits: LONGER },
    { kind: skillKind(`  ${skill}, 4 KiB of code beyond ASCII`, { code: 4096, wide: true }) },
    { kind: skillKind(`${skill}, batch with flush`, {}), limits: BATCH, atEnd: flush, durability: 'batch' },
  ];
}

/** Resolves to the topic's rows. */
export async function run({ folder, quick }) {
  const common = { folder, rounds: quick ? 5 : 101, size: quick ? 100 : 200 };
  const rows = [];
  for (const { kind, durability = 'write', ...options } of races()) {
    configure({ projectRoot: folder, durability });
    rows.push(...(await raceKind(kind, { ...common, ...options })));
  }
  close();
  return rows;
}
