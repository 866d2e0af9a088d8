// Nothing of the addon may unwind into Node: every function that Node calls catches panics, checked over the source.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { runCode } = require('./support/child.js');
const { useWorkspace } = require('./support/use-workspace.js');

const ROOM = path.join(__dirname, '..', 'src', 'binding');
const sources = fs.readdirSync(ROOM).map((name) => [name, fs.readFileSync(path.join(ROOM, name), 'utf8')]);
const workspace = useWorkspace();

/** Each function with an attribute of napi: `[name, attribute]`. Words and other attributes may stand between. */
function exportedFunctions(source) {
  const pattern = /#\[napi(\([^)]*\))?\]\s*(?:(?:#\[[^\]]*\]|\/\/[^\n]*)\s*)*pub (?:async )?(?:unsafe )?fn (\w+)/g;
  return [...source.matchAll(pattern)].map(([, attribute = '', name]) => [name, attribute]);
}

/** Each function that is called by Node itself, with its body: `[name, body]`. */
function calledByNode(source) {
  return [...source.matchAll(/extern "C" fn (\w+)[^{]*\{([^]*?)\n\}/g)].map(([, name, body]) => [name, body]);
}

test('every exported function catches unwinds', () => {
  const found = sources.flatMap(([file, source]) => exportedFunctions(source).map((each) => [file, ...each]));
  expect(found.length).toBeGreaterThan(60);
  expect(found.filter(([, , attribute]) => !/\bcatch_unwind\b/.test(attribute))).toEqual([]);
});

test('no function stands beside the pattern', () => {
  const all = sources.flatMap(
    ([, source]) => source.match(/#\[napi\b[^\n]*\n(?:\s*(?:#\[|\/\/)[^\n]*\n)*\s*pub (?:async |unsafe )*fn /g) ?? [],
  );
  const found = sources.flatMap(([, source]) => exportedFunctions(source));
  expect(found).toHaveLength(all.length);
  // And none is exported in another way.
  for (const [, source] of sources) expect(source).not.toMatch(/#\[(js_function|module_exports|contextless_function)/);
});

test('what Node calls without napi between catches them itself', () => {
  const all = sources.flatMap(([file, source]) =>
    calledByNode(source).map(([name, body]) => [file, name, body, source]),
  );
  expect(all.map(([, name]) => name).sort()).toEqual(['call', 'exiting', 'free']);
  for (const [, , body, source] of all) {
    const helper = /^\s*(\w+)\(\);/.exec(body)?.[1];
    const whole = helper === undefined ? body : new RegExp(`fn ${helper}\\(\\) \\{([^]*?)\\n\\}`).exec(source)[1];
    expect(whole).toMatch(/catch_unwind/);
  }
});

test('what is released unwinds into nothing, and panics are built to unwind', () => {
  const manifest = fs.readFileSync(path.join(ROOM, '..', '..', 'Cargo.toml'), 'utf8');
  expect(manifest).not.toMatch(/panic\s*=\s*"abort"/);
});

test('a fault of the addon while recording is told once on stderr, without secrets, and each time to onError', () => {
  const { stderr, stdout } = runCode(
    `
    const { createFace } = require(${JSON.stringify(path.join(__dirname, '..', 'lib', 'face.js'))});
    const face = createFace({ projectRoot: process.env.OBS_PROJECT_ROOT, env: {} });
    const heard = [];
    face.configure({ onError: ({ code, message }) => heard.push([code, message]) });
    const core = face.core();
    const native = core.open();
    // What the addon throws when a record unwound.
    const unwound = () => { throw new Error('OBS_INTERNAL: password=hunter2hunter2'); };
    core.native = { recordExecution: unwound, recordExecutionFields: unwound };
    for (let i = 0; i < 3; i++) face.recordCujExecution('A', true, 1);
    core.native = native;
    face.recordCujExecution('A', true, 1);
    console.log(JSON.stringify([heard, face.getCujSuccessRate('A').total]));`,
    { env: { OBS_PROJECT_ROOT: workspace().root } },
  );
  expect(JSON.parse(stdout)).toEqual([Array(3).fill(['OBS_INTERNAL', 'password=[REDACTED]']), 1]);
  expect(stderr.match(/password/g)).toHaveLength(1);
  expect(stderr).not.toContain('hunter2');
});
