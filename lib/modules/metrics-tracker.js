// `require('@obs/native/metrics-tracker')`: exactly the names of that documented module.
'use strict';

const {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
} = require('../../index.js');

module.exports = {
  recordCujExecution,
  getCujSuccessRate,
  getAllCujMetrics,
  getCujTrending,
  getFailureAnalysis,
  getPerformancePercentiles,
};
