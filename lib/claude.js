// The import of transcripts of Claude Code: it loads the room `claude/` when it is called.
'use strict';

/** The documented function, over `core`. */
function createClaude(core) {
  return {
    importClaudeTranscripts(options) {
      return require('../claude/import.js').importClaudeTranscripts(core, options);
    },
  };
}

module.exports = { createClaude };
