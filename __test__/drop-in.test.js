// Replays what the original modules were recorded to do, key order included, one fresh process a recording.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createTestWorkspace } = require('@obs/native/testing');
const { runNode } = require('./support/child.js');
const {
  cleanEnvironment,
  fourLines,
  linkPackage,
  makeFolder,
  removeFolder,
  run,
  writeFiles,
} = require('./support/command-line.js');
const { comparable, expectSame } = require('./support/same.js');

const GOLDEN = path.join(__dirname, 'golden');
const REPLAY = path.join(__dirname, 'support', 'replay.mjs');
const NAMES = fs
  .readdirSync(GOLDEN)
  .map((file) => path.basename(file, '.json'))
  .filter((name) => !name.endsWith('command-lines'));

/** Where the recordings hold `null` for a step of 0, this package holds 0; nothing else may differ. */
function withStepZero(expected, actual) {
  if (expected && expected.step === null && actual && actual.step === 0 && 'run_id' in expected) {
    return { ...expected, step: 0 };
  }
  return expected;
}

function withSteps(expected, actual) {
  if (Array.isArray(expected)) return expected.map((each, index) => withStepZero(each, actual?.[index]));
  return withStepZero(expected, actual);
}

/** The events to which a step of 0 was given, by position; only there 0 may stand for `null`. */
function zeroSteps(recording) {
  const zero = [];
  const current = new Map();
  for (const { fn, tracker, args } of recording.calls) {
    if (fn === 'create') current.set(tracker, 0);
    else if (fn === 'start') zero.push(true);
    else if (fn === 'complete') zero.push(false);
    else if (fn === 'emitProgress') zero.push(args[0].step === 0);
    else if (tracker) zero.push(current.get(tracker) === 0);
    if (fn === 'completeStep' || fn === 'skipStep') current.set(tracker, current.get(tracker) + 1);
  }
  return zero;
}

/** What can be compared of a dashboard: the rest was of the recorded process. */
function dashboardParts({ generated_at, summary, highlights, metadata }) {
  return { generated_at, cujs: summary.cujs, highlights, version: metadata.dashboard_version };
}

function expectReturn(call, actual) {
  const expected = call.returns ?? null;
  if (call.fn === 'generateMetricsDashboard') expectSame(dashboardParts(actual), dashboardParts(expected));
  else expectSame(actual, withSteps(expected, actual));
}

/** A line of the recorded file as this package writes it. */
function lineWithStep(line, isZero) {
  return isZero ? line.replace('"step":null', '"step":0') : line;
}

test('there are recordings to replay', () => {
  expect(NAMES.length).toBeGreaterThanOrEqual(7);
});

describe.each(NAMES)('%s', (name) => {
  const recording = JSON.parse(fs.readFileSync(path.join(GOLDEN, `${name}.json`), 'utf8'));
  let workspace;
  let replayed;

  beforeAll(() => {
    workspace = createTestWorkspace();
    const { status, stdout, stderr } = runNode([REPLAY, path.join(GOLDEN, `${name}.json`), workspace.root]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    replayed = JSON.parse(stdout);
  });

  afterAll(() => workspace.cleanup());

  test('every call returns what it returned', () => {
    expect(replayed.returns).toHaveLength(recording.calls.length);
    recording.calls.forEach((call, index) => {
      try {
        expectReturn(call, replayed.returns[index]);
      } catch (error) {
        error.message = `call ${index}, ${call.fn}(${JSON.stringify(call.args)}): ${error.message}`;
        throw error;
      }
    });
  });

  test('the listener hears what it heard', () => {
    const zero = zeroSteps(recording);
    const expected = recording.heard.map((event, index) => (zero[index] ? { ...event, step: 0 } : event));
    expect(comparable(replayed.heard)).toEqual(comparable(expected));
  });

  test('the files end up the same, line by line', () => {
    const zero = zeroSteps(recording);
    for (const [file, text] of Object.entries(recording.files_after)) {
      const isProgress = file.endsWith('progress.jsonl') && recording.files_before[file] === undefined;
      const expected = text.split('\n').map((line, index) => lineWithStep(line, isProgress && zero[index]));
      expect(replayed.files[file].split('\n')).toEqual(expected);
    }
  });
});

test('a script outside of the workspace that imports a tool file of it records there (A3)', async () => {
  const folder = makeFolder();
  const ws = path.join(folder, 'ws');
  writeFiles(folder, {
    'ws/.claude/tools/metrics-tracker.mjs': fourLines('metrics-tracker'),
    'elsewhere/.claude/keep': '',
    'elsewhere/run.mjs': `import { recordCujExecution } from '../ws/.claude/tools/metrics-tracker.mjs';
      recordCujExecution('A', true, 1);`,
  });
  linkPackage(ws);
  const env = cleanEnvironment({ CLAUDE_PROJECT_DIR: path.join(folder, 'elsewhere') });
  const found = await run([path.join(folder, 'elsewhere', 'run.mjs')], { cwd: folder, env });
  const recorded = ['ws', 'elsewhere'].filter((name) => fs.existsSync(path.join(folder, name, '.claude', 'context')));
  removeFolder(folder);
  expect(found).toMatchObject({ code: 0, stderr: '' });
  expect(recorded).toEqual(['ws']);
});
