// `require('@obs/native/metrics-dashboard')`: exactly the names of that documented module.
'use strict';

const { generateMetricsDashboard, saveDashboard, loadDashboard, formatDashboard, trackResourceUsage } =
  require('../face.js').shared()['metrics-dashboard'];

module.exports = { generateMetricsDashboard, saveDashboard, loadDashboard, formatDashboard, trackResourceUsage };
