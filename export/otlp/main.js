// The function that exports beside a program's own work, over the core of a face.
'use strict';

const { Exporter } = require('./exporter.js');

/** The documented function. What goes wrong is told as faults of recording are: to `onError`, and once on stderr. */
function startOtlpExport(core, options = {}) {
  const tell = (words, isGood) => isGood || core.broken(new Error(`OBS_OTLP: ${words}`));
  const exporter = new Exporter(core, options, { tell });
  if (!core.disabled && exporter.isOn) exporter.start();
  return {
    report: () => exporter.report(),
    flush: (asked) => exporter.flush(asked),
    stop: () => exporter.stop(),
  };
}

module.exports = { startOtlpExport };
