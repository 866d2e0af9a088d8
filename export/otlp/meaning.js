// What a record means to OpenTelemetry: when it was, what became of it, to which trace it belongs. Logs and spans are made of this.
'use strict';

const { operationOf } = require('./genai.js');
const { digest, textOf, timeOf } = require('./values.js');

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const NOTHING = /^0+$/;

const EVENTS = {
  executions: 'obs.cuj_execution',
  skills: 'obs.skill_invocation',
  providers: 'obs.provider_call',
  progress: 'obs.progress',
};

const asName = (value) => (value === undefined || value === null ? undefined : textOf(value));

/** By stream: our own names for what a record says, which stay when conventions change. */
const OWN = {
  executions: (record, run) => ({
    'obs.cuj.id': asName(record.cuj_id),
    'obs.success': record.success === true,
    'obs.duration_ms': record.duration_ms,
    'obs.run.id': run,
  }),
  skills: (record, run) => ({
    'obs.skill.name': asName(record.skill),
    'obs.skill.result': asName(record.result),
    'obs.skill.cache_hit': record.cache_hit === true,
    'obs.agent.name': asName(record.agent),
    'obs.cuj.id': asName(record.cuj_id),
    'obs.duration_ms': record.duration_ms,
    'obs.run.id': run,
  }),
  providers: (record, run) => ({
    'obs.provider.name': asName(record.provider),
    'obs.success': record.success === true,
    'obs.duration_ms': record.latency_ms,
    'obs.run.id': run,
  }),
  progress: (record, run) => ({
    'obs.progress.step': asName(record.step),
    'obs.progress.status': asName(record.status),
    'obs.progress.percentage': record.percentage,
    'obs.run.id': run,
  }),
};

/** `true`, `false`, or `null` where a record does not say. */
const OUTCOMES = {
  executions: ({ success }) => success === true,
  providers: ({ success }) => success === true,
  skills: ({ result }) => ({ success: true, failure: false })[result] ?? null,
  progress: ({ status }) => (status === 'failed' ? false : null),
};

/** The span that a record of another program names as the one it ran in. */
function linkOf({ traceparent, TRACEPARENT: upper, trace_parent: other }) {
  const text = [traceparent, upper, other].find((each) => typeof each === 'string');
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text ?? '') ?? [];
  if (traceId === undefined || NOTHING.test(traceId) || NOTHING.test(spanId)) return null;
  return { traceId, spanId, flags: parseInt(flags, 16) };
}

/**
 * The ids of a record's place. What names a run is in the run's trace; the span of the run of a CUJ has an id that its skills and
 * provider calls can tell without having seen it. In what was imported a session has many runs of a CUJ, so there no span
 * is the others' parent.
 */
function placeOf(stream, { instance, uid, runId, cujId, imported }) {
  const own = uid.slice(0, SPAN_DIGITS);
  if (runId === undefined) return { traceId: uid, spanId: own, parentSpanId: undefined };
  const traceId = digest([instance, 'run', runId], TRACE_DIGITS);
  const ofCuj = cujId === undefined || imported ? undefined : digest([traceId, 'cuj', cujId], SPAN_DIGITS);
  if (stream === 'executions') return { traceId, spanId: ofCuj ?? own, parentSpanId: undefined };
  if (stream === 'progress') return { traceId, spanId: ofCuj, parentSpanId: undefined };
  return { traceId, spanId: own, parentSpanId: ofCuj };
}

const NONE = Object.freeze({});

/** The positive one of a record's durations, milliseconds; 0 when it has none. */
function durationOf({ duration_ms: duration, latency_ms: latency }) {
  if (typeof duration === 'number' && duration > 0) return duration;
  return typeof latency === 'number' && latency > 0 ? latency : 0;
}

/**
 * `instance` tells machine and workspace, `where` the place of a record in its file: the same record has the same ids whenever and
 * by whichever process it is sent.
 */
function meaningOf(stream, given, { instance, where }) {
  const record = typeof given === 'object' && given !== null ? given : NONE;
  const metadata = typeof record.metadata === 'object' && record.metadata !== null ? record.metadata : NONE;
  const body = textOf(given);
  const uid = digest([instance, where, body], TRACE_DIGITS);
  const runId = asName(record.run_id ?? metadata.run_id);
  const cujId = asName(record.cuj_id ?? metadata.cuj_id);
  const imported = metadata.origin === 'transcript';
  const ok = OUTCOMES[stream](record);
  const named = { cuj: cujId, skill: asName(record.skill) ?? 'unknown', provider: asName(record.provider), metadata };
  const { traceId, spanId, parentSpanId } = placeOf(stream, { instance, uid, runId, cujId, imported });
  return {
    body,
    uid,
    ok,
    metadata,
    imported,
    event: EVENTS[stream],
    operation: operationOf(stream, named, ok === false),
    at: timeOf(record.timestamp),
    ms: durationOf(record),
    error: record.error === null || record.error === undefined ? null : textOf(record.error),
    attributes: OWN[stream](record, runId),
    traceId,
    spanId,
    parentSpanId,
    link: linkOf(metadata),
  };
}

module.exports = { meaningOf };
