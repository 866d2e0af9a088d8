// The rows of `obs` that print what other systems read; what does them is loaded when one is asked for.
'use strict';

const { readCount } = require('../options.js');

const exported = (name) => (asked) => require('./commands.js')[name](asked);

const options = {
  out: {
    value: 'FILE',
    about:
      'report: where it goes; export: replaces this file at once instead of printing, as the textfile collector needs',
  },
  openmetrics: { flag: true, about: 'export prometheus: OpenMetrics 1.0 instead of the text format 0.0.4' },
  'max-values': {
    value: 'N',
    read: readCount,
    about: 'export prometheus, serve: so many CUJs, skills, agents and providers each have series of their own (100)',
  },
  endpoint: {
    value: 'URL',
    about: 'export otlp: the collector, to which /v1/logs and so on is added (http://localhost:4318)',
  },
  protocol: { value: 'NAME', about: 'export otlp: http/protobuf or http/json' },
  compression: { value: 'NAME', about: 'export otlp: none or gzip' },
  signals: { value: 'LIST', about: 'export otlp: of logs, traces and metrics those with commas between' },
  'from-now': { flag: true, about: 'export otlp: the first time, what is on record already is not sent' },
};

const commands = {
  'export prometheus': {
    options: ['root', 'out', 'openmetrics', 'max-values'],
    about: 'counters and histograms of all that is on record, as Prometheus reads them',
    run: exported('prometheus'),
  },
  'export clickhouse': {
    options: ['out'],
    about: 'tables that take the data files as they are, and views that answer as this package does, as SQL',
    run: exported('clickhouse'),
  },
  'export grafana': {
    options: ['out'],
    about: 'a dashboard for Grafana over these metrics, JSON to be imported',
    run: exported('grafana'),
  },
  'export otlp': {
    options: ['root', 'follow', 'endpoint', 'protocol', 'compression', 'signals', 'from-now', 'json'],
    about: 'sends what was not sent yet to an OpenTelemetry collector: records as logs, runs as spans, metrics',
    run: (asked) => require('./otlp.js').otlp(asked),
  },
};

const examples = [
  'export prometheus --out obs.prom',
  'export grafana --out obs.json',
  'export otlp --endpoint http://localhost:4318',
  'export otlp --follow --compression gzip',
];

module.exports = { commands, examples, options };
