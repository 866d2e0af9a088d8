// CUJ executions: recording them, success rates, trends, failures and percentiles over time windows.
'use strict';

const { DAY, checkBuckets, readMembers, readWindow } = require('./arguments.js');
const { clock } = require('./clock.js');
const { invalidType } = require('./errors.js');
const { NONE, errorText, fieldsText, numberField, salvageText } = require('./fields.js');
const { pack, takeTexts } = require('./page.js');

const HOUR = 3_600_000;
const KEYS = ['cuj_id', 'success', 'duration_ms', 'error', 'metadata'];
const REPEATING = 0b1; // cuj_id

function checkCujId(cujId) {
  if (typeof cujId !== 'string' || cujId === '') throw invalidType('cujId', 'a non-empty string', cujId);
}

// The JSON text of an id that no execution has, and that does not ask for all of them as `null` does.
const NOBODY = 'false';

/** An id to ask for, as JSON: `null` and `""` ask for all CUJs. What has no JSON was never recorded. */
function idText(cujId) {
  if (typeof cujId === 'string') return JSON.stringify(cujId);
  return cujId === undefined || cujId === null ? 'null' : (salvageText(cujId) ?? NOBODY);
}

/** A CUJ or a skill, one of them. */
function readSubject(subject) {
  const wrong = () => invalidType('subject', 'an object with either cujId or skill', subject);
  if (typeof subject !== 'object' || subject === null) throw wrong();
  const { cujId, skill } = readMembers('subject', subject, ['cujId', 'skill']);
  if ((cujId === undefined) === (skill === undefined)) throw wrong();
  return { cujId, skill };
}

/** What was asked for stands in the answer as it was given; the addon knows all CUJs and all history as `null` only. */
function withAsked(answer, cujId, timeWindow) {
  if (typeof cujId !== 'string' && 'cuj_id' in answer) answer.cuj_id = cujId;
  return withWindow(answer, timeWindow);
}

function withWindow(answer, timeWindow) {
  const differs = timeWindow === 0 || typeof timeWindow === 'string';
  if (differs && 'time_window_ms' in answer) answer.time_window_ms = timeWindow;
  return answer;
}

/** What every question needs: its id and window, or its buckets, checked and put into the words of the addon. */
function createAsking(core) {
  function ask(method, cujId, timeWindow) {
    const now = clock();
    const answer = core.ask(method, idText(cujId), readWindow(timeWindow, now), now);
    return withAsked(answer, cujId, timeWindow);
  }

  function askBuckets(method, cujId, buckets, bucketSize) {
    const now = clock();
    checkBuckets(buckets, bucketSize, now);
    return core.ask(method, idText(cujId), buckets, bucketSize, now);
  }

  return { ask, askBuckets };
}

/** The questions, over `core`. */
function createQuestions(core) {
  const { ask, askBuckets } = createAsking(core);
  return {
    getCujSuccessRate(cujId, timeWindow = DAY) {
      return ask('successRate', cujId, timeWindow);
    },

    getAllCujMetrics(timeWindow = DAY) {
      const now = clock();
      const answer = core.ask('allMetrics', readWindow(timeWindow, now), now);
      for (const metrics of Object.values(answer)) withWindow(metrics, timeWindow);
      return answer;
    },

    getCujTrending(cujId, buckets = 24, bucketSize = HOUR) {
      return askBuckets('trending', cujId, buckets, bucketSize);
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
      return askBuckets('performanceTrend', cujId, buckets, bucketSize);
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
        const now = clock();
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
