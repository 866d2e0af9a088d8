// A fresh test workspace for every test of a file, cleaned up after it.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { createTestWorkspace } = require('@obs/native/testing');

/** Gives a function that returns the present test's workspace. */
function useWorkspace() {
  let workspace;
  beforeEach(() => {
    workspace = createTestWorkspace();
  });
  afterEach(() => workspace.cleanup());
  return () => workspace;
}

/** Writes a file under the workspace's root, objects as lines of JSON. */
function writeLines(workspace, file, lines) {
  const target = workspace.path(file);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  fs.writeFileSync(target, `${text.join('\n')}\n`);
}

module.exports = { useWorkspace, writeLines };
