// `obs export otlp`: sends what was not sent yet, or goes on until Ctrl-C, and says what became of it.
'use strict';

const { Complaint, WrongUsage } = require('../terminal/output.js');
const { stopSignal } = require('../terminal/stop.js');
const { requireWorkspace } = require('../workspace/workspace.js');
const { tell } = require('../../lib/faults.js');
const { visible } = require('../../lib/visible.js');

const THINGS = { logs: 'log record', traces: 'span', metrics: 'data point' };
const FOREVER = 2 ** 31 - 1;

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** The options of the exporter, of which the environment says what is left out here. */
function optionsOf({ endpoint, protocol, compression, signals, 'from-now': fromNow }) {
  const names = signals?.split(',').map((name) => name.trim());
  return { endpoint, protocol, compression, signals: names, fromNow };
}

function exporterOf({ options }, settings) {
  const { root } = requireWorkspace(options.root);
  const core = require('../../lib/face.js').createFace({ projectRoot: root }).core();
  if (core.disabled) throw new Complaint('nothing is written while OBS_DISABLED is set; unset it to export');
  const { Exporter } = require('../../export/otlp/exporter.js');
  const said = (words) => tell(`obs: ${visible(words)}\n`);
  try {
    return new Exporter(core, optionsOf(options), { tell: said, ...settings });
  } catch (error) {
    throw error.code === 'OBS_INVALID_ARGUMENT' ? new WrongUsage(error.message) : error;
  }
}

function lineOf([signal, { address, sent, rejected, refused }]) {
  const lost = [
    rejected > 0 ? `${rejected} rejected by the collector` : '',
    refused > 0 ? `${refused} that it never takes` : '',
  ].filter(Boolean);
  return `${signal}: ${[`${plural(sent, THINGS[signal])} sent to ${address}`, ...lost].join(', ')}`;
}

async function show({ options, output }, report) {
  const found = Object.entries(report.signals);
  if (options.json) await output.json(report);
  else await output.text(found.length === 0 ? 'Nothing was sent.' : found.map(lineOf).join('\n'));
  return found.some(([, { rejected, refused }]) => rejected + refused > 0) ? 1 : 0;
}

async function otlp(asked) {
  const { PATIENCE_MS, WANT } = require('../../export/otlp/exporter.js');
  const { follow } = asked.options;
  const exporter = exporterOf(asked, follow ? { want: WANT.once } : { want: WANT.once, patience: PATIENCE_MS });
  if (!exporter.isOn) {
    throw new Complaint('no signal is to be sent: see OTEL_SDK_DISABLED and OTEL_LOGS_EXPORTER, or name --signals');
  }
  if (!follow) return show(asked, await exporter.once());
  const stop = stopSignal();
  exporter.start();
  tell('obs: sending what is recorded (Ctrl-C ends)\n');
  try {
    while (!(await stop.within(FOREVER)));
  } finally {
    stop.release();
  }
  return show(asked, await exporter.stop());
}

module.exports = { otlp };
