// The dashboard: everything on record in one object, saved, loaded and printed.
'use strict';

const { clock } = require('./clock.js');
const { invalidType } = require('./errors.js');
const { salvageText } = require('./fields.js');

const VERSION = '1.0.0';

/** Two-space JSON, also of a dashboard that `JSON.stringify` alone cannot write; of what is no object in JSON, nothing. */
function dashboardText(dashboard) {
  const text = typeof dashboard === 'object' && dashboard !== null ? jsonText(dashboard) : undefined;
  if (text === undefined || !/^[{[]/.test(text)) throw invalidType('dashboard', 'an object', dashboard);
  return text;
}

function jsonText(dashboard) {
  try {
    return JSON.stringify(dashboard, null, 2);
  } catch {
    return JSON.stringify(JSON.parse(salvageText(dashboard) ?? 'null'), null, 2);
  }
}

/** The documented names of this module, over `core`. */
function createMetricsDashboard(core) {
  function generateMetricsDashboard() {
    const { withCommands } = require('./findings.js');
    const { currentResources } = require('./resource-usage.js');
    const { generated_at, cujs, skills, providers, highlights, findings } = core.ask('dashboard', clock());
    return {
      generated_at,
      summary: { cujs, skills, providers, resources: currentResources() },
      highlights,
      metadata: { dashboard_version: VERSION, monitoring_enabled: true },
      findings: withCommands(findings),
    };
  }

  return {
    generateMetricsDashboard,

    saveDashboard(dashboard = generateMetricsDashboard()) {
      const text = dashboardText(dashboard);
      core.open();
      return core.call('saveDashboard', text);
    },

    loadDashboard() {
      core.open();
      const text = core.call('loadDashboard');
      try {
        return text === null ? null : JSON.parse(text);
      } catch {
        return null; // what stands there is no dashboard; the next save replaces it
      }
    },

    formatDashboard(dashboard) {
      return require('./format-dashboard.js').formatDashboard(dashboard);
    },

    trackResourceUsage(stepName) {
      return require('./resource-usage.js').trackResourceUsage(stepName);
    },
  };
}

module.exports = { createMetricsDashboard };
