// `require('@obs/native/metrics-dashboard')`: exactly the names of that documented module.
'use strict';

const {
  generateMetricsDashboard,
  saveDashboard,
  loadDashboard,
  formatDashboard,
  trackResourceUsage,
} = require('../../index.js');

module.exports = { generateMetricsDashboard, saveDashboard, loadDashboard, formatDashboard, trackResourceUsage };
