// Starts a dashboard schedule every second in the workspace of `OBS_PROJECT_ROOT`; prints each moment that this process ran.
'use strict';

const path = require('node:path');

const { startDashboardSchedule } = require(path.join(__dirname, '..', '..', 'index.js'));

const onDashboard = (_, { scheduled_for: slot }) => console.log(slot);
startDashboardSchedule({ every: '1s', onDashboard });
// The schedule keeps no process alive; this does, for a few moments.
if (process.env.OBS_TEST_STAY) setTimeout(() => {}, Number(process.env.OBS_TEST_STAY));
