// CUJ executions: recording them, success rates, trends, failures and percentiles over time windows.
'use strict';

const { DAY, checkBuckets, readWindow } = require('./arguments.js');
const { invalidType } = require('./errors.js');
const { NONE, errorText, fieldsText, numberField, salvageText } = require('./fields.js');
const { pack, takeTexts } = require('./page.js');

const HOUR = 3_600_000;
const KEYS = ['cuj_id', 'success', 'duration_ms', 'error', 'metadata'];
const REPEATING = 0b1; // cuj_id

function checkCujId(cujId) {
  if (typeof cujId !== 'string' || cujId === '') throw invalidType('cujId', 'a non-empty string', cujId);
}

/** An id to ask for, as JSON. What has no JSON was never recorded. */
function idText(cujId) {
  return typeof cujId === 'string' ? JSON.stringify(cujId) : (salvageText(cujId) ?? 'null');
}

/** A CUJ or a skill, one of them. */
function readSubject(subject) {
  const isObject = typeof subject === 'object' && subject !== null;
  if (!isObject || (subject.cujId === undefined) === (subject.skill === undefined)) {
    throw invalidType('subject', 'an object with either cujId or skill', subject);
  }
  return subject;
}

/** The addon knows all history as `null`; who asked for `0` is answered with `0`. */
function withAskedWindow(answer, timeWindow) {
  if (timeWindow === 0) answer.time_window_ms = 0;
  return answer;
}

/** The questions, over `core`. */
function createQuestions(core) {
  function ask(method, cujId, timeWindow) {
    const now = Date.now();
    return core.ask(method, idText(cujId), readWindow(timeWindow, now), now);
  }

  return {
    getCujSuccessRate(cujId, timeWindow = DAY) {
      return withAskedWindow(ask('successRate', cujId, timeWindow), timeWindow);
    },

    getAllCujMetrics(timeWindow = DAY) {
      const now = Date.now();
      const answer = core.ask('allMetrics', readWindow(timeWindow, now), now);
      for (const metrics of Object.values(answer)) withAskedWindow(metrics, timeWindow);
      return answer;
    },

    getCujTrending(cujId, buckets = 24, bucketSize = HOUR) {
      const now = Date.now();
      checkBuckets(buckets, bucketSize, now);
      return core.ask('trending', idText(cujId), buckets, bucketSize, now);
    },

    getFailureAnalysis(cujId, timeWindow = DAY) {
      return ask('failures', cujId, timeWindow);
    },

    getPerformancePercentiles(cujId, timeWindow = DAY) {
      return ask('percentiles', cujId, timeWindow);
    },

    getCujStability(cujId, timeWindow = DAY) {
      return ask('stability', cujId, timeWindow);
    },

    getCujPerformanceTrend(cujId, buckets = 24, bucketSize = HOUR) {
      const now = Date.now();
      checkBuckets(buckets, bucketSize, now);
      return core.ask('performanceTrend', idText(cujId), buckets, bucketSize, now);
    },

    getResourceTrend(subject, timeWindow = DAY) {
      const { cujId, skill } = readSubject(subject);
      return skill === undefined ? ask('cujResources', cujId, timeWindow) : ask('skillResources', skill, timeWindow);
    },
  };
}

/** The documented names of this module, over `core`. */
function createMetricsTracker(core) {
  return {
    recordCujExecution(cujId, success, duration, error = null, metadata = NONE) {
      checkCujId(cujId);
      try {
        const native = core.native ?? core.open();
        const text = error === null ? null : errorText(error);
        const values = [cujId, Boolean(success), numberField(duration), text, metadata];
        const now = Date.now();
        const end = pack(values, REPEATING);
        core.settle(
          end > 0
            ? native.recordExecution(end, takeTexts(), now)
            : native.recordExecutionFields(fieldsText(KEYS, values), now),
        );
      } catch (failure) {
        core.broken(failure);
      }
    },

    ...createQuestions(core),
  };
}

module.exports = { createMetricsTracker };
