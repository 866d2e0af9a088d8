// The command line of metrics-dashboard: makes, shows and prints the summary of everything on record.
'use strict';

const { Complaint } = require('../terminal/output.js');

function generate({ api }) {
  const dashboard = api.generateMetricsDashboard();
  const file = api.saveDashboard(dashboard);
  return { text: `Dashboard saved to: ${file}\n\n${api.formatDashboard(dashboard)}` };
}

function view({ api }) {
  const saved = api.loadDashboard();
  if (saved === null) throw new Complaint("no dashboard is saved yet: run 'generate' first");
  return { text: api.formatDashboard(saved) };
}

module.exports = {
  about: 'The dashboard of CUJs, skills, providers and resources. Exit code 0 when answered, 1 when not.',
  commands: {
    generate: { about: 'makes a new one, saves it and shows it as text', run: generate },
    view: { about: 'shows the saved one as text', run: view },
    json: {
      about: 'prints the saved one as JSON, or a fresh one when none is saved',
      run: ({ api }) => ({ json: api.loadDashboard() ?? api.generateMetricsDashboard() }),
    },
  },
  examples: ['generate', 'view', 'json'],
};
