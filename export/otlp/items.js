// Logs and spans of OTLP, made of what records mean, as their JSON has them.
'use strict';

const { attributesOf, nanosOf } = require('./values.js');

const INTERNAL = 1;
const CLIENT = 3;
const ERROR = 2;
const MOST_METADATA = 32;
const SEVERITIES = { good: { severityNumber: 9, severityText: 'INFO' }, bad: { severityNumber: 17, severityText: 'ERROR' } }; // prettier-ignore
/** What of the metadata stands elsewhere already. */
const TAKEN = new Set(['run_id', 'cuj_id', 'usage', 'model', 'traceparent', 'TRACEPARENT', 'trace_parent']);

/** A record as a log: its body is the line as it was recorded, less its secrets. */
function logOf(meaning, now) {
  const { at, ok, body, uid, event, attributes, operation, traceId, spanId } = meaning;
  const { severityNumber, severityText } = ok === false ? SEVERITIES.bad : SEVERITIES.good;
  return {
    timeUnixNano: at === null ? undefined : nanosOf(at),
    severityNumber,
    severityText,
    body: { stringValue: body },
    attributes: attributesOf(attributes, operation?.attributes, { 'log.record.uid': uid }),
    traceId,
    spanId,
    observedTimeUnixNano: nanosOf(now),
    eventName: event,
  };
}

function metadataOf(metadata) {
  const kept = {};
  let room = MOST_METADATA;
  for (const key of Object.keys(metadata)) {
    if (room === 0) break;
    if (TAKEN.has(key) || typeof metadata[key] === 'object') continue;
    kept[`obs.metadata.${key}`] = metadata[key];
    room -= 1;
  }
  return kept;
}

/** A record as a span; `null` for progress, and for what has no time that can be read. */
function spanOf(meaning) {
  const { at, ms, ok, error, operation, imported } = meaning;
  if (operation === null || at === null) return null;
  // What is recorded by the program itself is recorded when it is over; an import has the time when it began.
  const [from, to] = imported ? [at, at + ms] : [at - ms, at];
  return {
    traceId: meaning.traceId,
    spanId: meaning.spanId,
    parentSpanId: meaning.parentSpanId,
    name: operation.name.toWellFormed(),
    kind: operation.client ? CLIENT : INTERNAL,
    startTimeUnixNano: nanosOf(from),
    endTimeUnixNano: nanosOf(to),
    attributes: attributesOf(meaning.attributes, operation.attributes, metadataOf(meaning.metadata)),
    links: meaning.link === null ? undefined : [meaning.link],
    status: ok === false ? { code: ERROR, message: error ?? undefined } : undefined,
  };
}

module.exports = { logOf, spanOf };
