// The export to an OpenTelemetry collector: it loads the room `export/` when it is started.
'use strict';

/** The documented function, over `core`. */
function createOtlp(core) {
  return {
    startOtlpExport(options) {
      return require('../export/otlp/main.js').startOtlpExport(core, options);
    },
  };
}

module.exports = { createOtlp };
