// `obs watch`: chooses between a picture on a terminal and lines for everything else.
'use strict';

const { Complaint } = require('../terminal/output.js');
const { findWorkspace, isFolder } = require('../workspace/workspace.js');
const { visible } = require('../../lib/visible.js');
const { Board } = require('./board.js');

/** Ends with Ctrl-C, q or SIGTERM; exit code 0. */
async function watch({ values: [run], options, output }) {
  const { createFace } = require('../../lib/face.js');
  const { root, why } = findWorkspace(options.root);
  if (!isFolder(root)) throw new Complaint(`watch: ${root} is not a folder (${why})`);
  const face = createFace({ projectRoot: root });
  const runId = run || null;
  const board = new Board({ getRuns: face.getRuns, folder: face.core().dataFolder.folder, runId });
  const { isTTY } = output.stream;
  try {
    if (isTTY && !options.json && isScreen(process.env)) {
      await require('./live.js').live({ board, output, about: runId === null ? root : `${runId} in ${root}` });
    } else {
      const invitation = `Watching ${runId === null ? 'every run' : `run ${visible(runId)}`} in ${visible(root)} (Ctrl-C ends)`;
      const follow = () => face.follow('progress');
      await require('./lines.js').lines({ board, follow, output, json: Boolean(options.json), runId, invitation });
    }
  } finally {
    face.close();
  }
  return 0;
}

/** A build log shows each redrawing as another line, and a dumb terminal cannot move its cursor. */
function isScreen(env) {
  return env.TERM !== 'dumb' && !env.CI;
}

module.exports = { isScreen, watch };
