// The dashboard of everything on record, as it is now.
'use strict';

const { part, show } = require('./ask.js');

async function dashboard(asked) {
  const api = part(asked.options, 'metrics-dashboard');
  const made = api.generateMetricsDashboard();
  const { visibleLines } = require('../../lib/visible.js');
  return show(asked, { schema: 1, ...made }, { text: () => [visibleLines(api.formatDashboard(made)).trimEnd()] });
}

module.exports = { dashboard };
