// Checks the alerts of the workspace in `OBS_PROJECT_ROOT` once, at the moment in `OBS_TEST_NOW`; prints how many changes it recorded.
'use strict';

const path = require('node:path');

const now = Number(process.env.OBS_TEST_NOW);
if (now) Date.now = () => now;
const { checkAlerts } = require(path.join(__dirname, '..', '..', 'index.js'));

checkAlerts().then(
  ({ changes }) => console.log(changes.length),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
