// Objectives, alerts and schedules: each of these functions loads the room `alerts/` when it is first called.
'use strict';

/** The documented functions, over `core`. */
function createAlerts(core) {
  let made = null;
  const alerts = () => (made ??= require('../alerts/main.js').createAlerts(core));
  return {
    checkAlerts: (options) => alerts().checkAlerts(options),
    onAlert: (listener, options) => alerts().onAlert(listener, options),
    getObjectives: () => require('../alerts/objectives.js').getObjectives(core),
    startDashboardSchedule: (options) => require('../alerts/schedule.js').startDashboardSchedule(core, options),
  };
}

module.exports = { createAlerts };
