// The functions about the store itself: settings, flushing, closing, its health, the import of legacy runs.
'use strict';

const { clock } = require('./clock.js');
const { invalidType } = require('./errors.js');

function checkFile(file) {
  if (typeof file !== 'string' || file === '' || file.includes('\0')) {
    throw invalidType('file', 'the path of a file', file);
  }
}

/** The documented functions, over `core`. */
function createStore(core) {
  function getStoreHealth() {
    return core.ask('health');
  }

  return {
    configure(options) {
      core.configure(require('./configure.js').readOptions(options));
    },

    flush() {
      core.open();
      core.call('flush');
      return getStoreHealth();
    },

    close() {
      core.close();
    },

    getStoreHealth,

    importLegacyPerformance(file = null) {
      if (file !== null) checkFile(file);
      const result = core.ask('importLegacy', file === null ? null : core.resolve(file), clock());
      core.armIfPending();
      return result;
    },
  };
}

module.exports = { createStore };
