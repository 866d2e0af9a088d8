// `@obs/native/testing`: a workspace of its own for a test, with every documented function working inside it.
'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { createFace } = require('./face.js');

/**
 * A temporary project root with an empty `.claude` folder, and a face of its own: nothing in it is shared with the package's
 * main entry or with another test workspace, and the environment variables are not looked at.
 *
 * @example
 * const workspace = createTestWorkspace();
 * workspace.recordCujExecution('CUJ-001', true, 12);
 * workspace.lines('.claude/context/analytics/cuj-metrics.jsonl'); // [{ timestamp: '…', cuj_id: 'CUJ-001', … }]
 * workspace.cleanup();
 */
function createTestWorkspace() {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'obs-native-')));
  fs.mkdirSync(path.join(root, '.claude'));
  const face = createFace({ projectRoot: root, env: {} });

  /** Absolute path of something under the root; `parts` may hold slashes. */
  function inRoot(...parts) {
    return path.join(root, ...parts);
  }

  /** Text of a file under the root, `''` when it does not exist. */
  function read(file) {
    try {
      return fs.readFileSync(inRoot(file), 'utf8');
    } catch (error) {
      if (error.code === 'ENOENT') return '';
      throw error;
    }
  }

  return {
    ...face,
    root,
    path: inRoot,
    read,

    /** The parsed lines of a JSONL file under the root; throws at a line that is not JSON. */
    lines(file) {
      return read(file)
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line));
    },

    /** Writes what is pending, gives everything back and removes the folder. */
    cleanup() {
      face.close();
      fs.rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

module.exports = { createTestWorkspace };
