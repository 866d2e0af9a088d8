// Records that carry their writer's name and a running number, and the plain count of them in a file: the measure of loss.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const files = require('./files.js');

/** How each stream records one numbered entry, and which keys its lines begin with. */
const STREAMS = {
  skills: {
    file: (now) => files.skills(now),
    keys: ['timestamp', 'type', 'skill'],
    record: (obs, metadata) =>
      obs.logSkillInvocation({ skill: 'numbered', result: 'success', duration: 1, runId: metadata.writer, metadata }),
    metadataOf: (obs) =>
      obs
        .getLogger()
        .queryLogs()
        .map((entry) => entry.metadata),
    countOf: (obs) => obs.getLogger().getStatistics().by_skill.numbered?.count ?? 0,
  },
  executions: {
    file: () => files.CUJS,
    keys: ['timestamp', 'cuj_id', 'success'],
    record: (obs, metadata) => obs.recordCujExecution('CUJ-numbered', true, 1, null, metadata),
    countOf: (obs) => obs.getCujSuccessRate('CUJ-numbered', 0).total,
  },
  progress: {
    file: () => files.PROGRESS,
    keys: ['timestamp', 'iso_timestamp', 'run_id'],
    record: (obs, metadata) => obs.emitProgress({ runId: metadata.writer, step: metadata.n, metadata }),
    metadataOf: (obs) => obs.getProgressHistory().map((entry) => entry.metadata),
    countOf: (obs) => obs.getProgressHistory().length,
  },
  providers: {
    file: () => files.PROVIDERS,
    keys: ['timestamp', 'iso_timestamp', 'provider'],
    record: (obs, metadata) => obs.getGlobalHealthMonitor().recordProviderCall('numbered', true, 1, null, metadata),
    countOf: (obs) => obs.getProviderHealth('numbered').total_calls ?? 0,
  },
};

const CHUNK = 4 * 1024 * 1024;

/** Hands each line of a file, without its newline, to `take(line, ended)`; files may be larger than a string can be. */
function eachLine(file, take) {
  const descriptor = fs.openSync(file, 'r');
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest = Buffer.alloc(0);
    for (let count; (count = fs.readSync(descriptor, chunk)) > 0;) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) take(bytes.subarray(start, end), true);
      rest = Buffer.from(bytes.subarray(start));
    }
    if (rest.length > 0) take(rest, false);
  } finally {
    fs.closeSync(descriptor);
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The numbered record that stands whole at the end of a line that does not parse, if there is one. */
function gluedRecord(text) {
  for (let at = text.indexOf('{"timestamp":', 1); at > 0; at = text.indexOf('{"timestamp":', at + 1)) {
    const found = parse(text.slice(at));
    if (found?.metadata?.writer !== undefined && found.metadata.writer !== 'ghost') return found;
  }
  return undefined;
}

/**
 * Counts what is in a data file without the package: `{ lines, blank, whole, glued, torn, numbers }`. `whole` lines parse,
 * `glued` records stand whole behind a fragment, `torn` lines hold no whole record, and `numbers` maps each writer to its
 * numbers in file order. A missing file holds nothing.
 */
function scanFile(file, scan = { lines: 0, blank: 0, whole: 0, glued: 0, torn: 0, numbers: new Map() }) {
  if (!fs.existsSync(file)) return scan;
  eachLine(file, (bytes) => {
    scan.lines += 1;
    const text = bytes.toString('utf8');
    if (text.trim() === '') {
      scan.blank += 1;
      return;
    }
    const record = parse(text);
    if (record !== undefined) scan.whole += 1;
    const found = record ?? gluedRecord(text);
    if (found === undefined) scan.torn += 1;
    else if (record === undefined) scan.glued += 1;
    const writer = found?.metadata?.writer;
    if (writer === undefined) return;
    if (!scan.numbers.has(writer)) scan.numbers.set(writer, []);
    scan.numbers.get(writer).push(found.metadata.n);
  });
  return scan;
}

/** The scan of a stream's file under `root`. */
function scanStream(root, stream, now) {
  return scanFile(path.join(root, STREAMS[stream].file(now)));
}

/** How many numbered records there are in a scan. */
function total({ numbers }) {
  return [...numbers.values()].reduce((sum, list) => sum + list.length, 0);
}

/** What is wrong with a writer's numbers, which should be 0, 1, 2 … in order; `''` when nothing is. */
function disorder(numbers) {
  const wrong = numbers.findIndex((n, index) => n !== index);
  return wrong < 0 ? '' : `at place ${wrong} stands ${numbers[wrong]}`;
}

module.exports = { STREAMS, disorder, eachLine, scanFile, scanStream, total };
