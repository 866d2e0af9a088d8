// The messages of OTLP that are sent, by the field numbers of opentelemetry-proto v1.9.0 (2026-08-18, commit ac2c4b5); the keys are
// those of OTLP's JSON.
'use strict';

const { message } = require('./protobuf.js');

const anyValue = message(() => ({
  stringValue: [1, 'string'],
  boolValue: [2, 'bool'],
  intValue: [3, 'int64'],
  doubleValue: [4, 'double'],
  arrayValue: [5, arrayValue],
  kvlistValue: [6, keyValueList],
}));
const arrayValue = message(() => ({ values: [1, [anyValue]] }));
const keyValueList = message(() => ({ values: [1, [keyValue]] }));
const keyValue = message(() => ({ key: [1, 'string'], value: [2, anyValue] }));
const resource = message(() => ({ attributes: [1, [keyValue]] }));
const scope = message(() => ({ name: [1, 'string'], version: [2, 'string'] }));

const logRecord = message(() => ({
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'enum'],
  severityText: [3, 'string'],
  body: [5, anyValue],
  attributes: [6, [keyValue]],
  flags: [8, 'fixed32'],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'string'],
}));

const link = message(() => ({
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  attributes: [4, [keyValue]],
  flags: [6, 'fixed32'],
}));
const status = message(() => ({ message: [2, 'string'], code: [3, 'enum'] }));
const span = message(() => ({
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  parentSpanId: [4, 'hex'],
  name: [5, 'string'],
  kind: [6, 'enum'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: [9, [keyValue]],
  links: [13, [link]],
  status: [15, status],
  flags: [16, 'fixed32'],
}));

const numberPoint = message(() => ({
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  asInt: [6, 'fixed64'],
  attributes: [7, [keyValue]],
}));
const histogramPoint = message(() => ({
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, ['fixed64']],
  explicitBounds: [7, ['double']],
  attributes: [9, [keyValue]],
}));
const gauge = message(() => ({ dataPoints: [1, [numberPoint]] }));
const sum = message(() => ({
  dataPoints: [1, [numberPoint]],
  aggregationTemporality: [2, 'enum'],
  isMonotonic: [3, 'bool'],
}));
const histogram = message(() => ({ dataPoints: [1, [histogramPoint]], aggregationTemporality: [2, 'enum'] }));
const metric = message(() => ({
  name: [1, 'string'],
  description: [2, 'string'],
  unit: [3, 'string'],
  gauge: [5, gauge],
  sum: [7, sum],
  histogram: [9, histogram],
}));

/** A request of one signal: things of one scope of one resource. */
function request([outer, inner, items], item) {
  const ofScope = message(() => ({ scope: [1, scope], [items]: [2, [item]], schemaUrl: [3, 'string'] }));
  const ofResource = message(() => ({ resource: [1, resource], [inner]: [2, [ofScope]], schemaUrl: [3, 'string'] }));
  return message(() => ({ [outer]: [1, [ofResource]] }));
}

/** By signal: the keys on the way to its items, the kind of its request, and the key of what an answer says was rejected. */
const SIGNALS = {
  logs: { keys: ['resourceLogs', 'scopeLogs', 'logRecords'], item: logRecord, rejected: 'rejectedLogRecords' },
  traces: { keys: ['resourceSpans', 'scopeSpans', 'spans'], item: span, rejected: 'rejectedSpans' },
  metrics: { keys: ['resourceMetrics', 'scopeMetrics', 'metrics'], item: metric, rejected: 'rejectedDataPoints' },
};
for (const signal of Object.values(SIGNALS)) signal.request = request(signal.keys, signal.item);

module.exports = { SIGNALS };
