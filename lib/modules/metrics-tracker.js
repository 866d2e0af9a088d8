// `require('@obs/native/metrics-tracker')`: exactly the names of that documented module.
'use strict';

const {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
} = require('../face.js').shared()['metrics-tracker'];

module.exports = {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
};
