// The rows of `obs` about objectives, alerts and schedules; what does them is loaded when one is asked for.
'use strict';

const { readDuration, readSpan } = require('../options.js');

const alerts = (name) => (asked) => require('./commands.js')[name](asked);
const schedule = (name) => (asked) => require('./schedule.js')[name](asked);

const options = {
  'no-notify': { flag: true, about: 'alerts check: tell nobody' },
  why: { value: 'TEXT', about: 'alerts silence: words for the log' },
  every: { value: 'SPAN', read: readSpan, about: 'schedule: how far apart, such as 1h (the default of print)' },
  when: { value: 'CRON', about: 'schedule: a cron expression instead, such as "0 6 * * 1-5"' },
  timezone: { value: 'ZONE', about: 'schedule: the zone of --when, such as Europe/Berlin' },
  systemd: { flag: true, about: 'schedule print: a service and a timer for systemd' },
  cron: { flag: true, about: 'schedule print: a line for a crontab' },
  prometheus: { flag: true, about: 'alerts export: as rules for Prometheus' },
};

const commands = {
  'alerts check': {
    options: ['json', 'root', 'no-notify', 'dry-run'],
    about: 'judges objectives and rules, records and tells changes; exit code 0 quiet, 1 firing, 2 cannot tell',
    run: alerts('check'),
  },
  'alerts list': { options: ['json', 'root'], about: 'every alert and its state on record', run: alerts('list') },
  'alerts show': {
    args: [{ name: 'NAME', required: true }],
    options: ['json', 'root'],
    about: 'one alert: what it says now, and its last changes',
    run: alerts('show'),
  },
  'alerts silence': {
    args: [
      { name: 'NAME', required: true },
      { name: 'SPAN', required: true, read: readDuration },
    ],
    options: ['json', 'root', 'why'],
    about: 'tells nobody of an alert (* stands for anything) for a time such as 2h; 0 ends that',
    run: alerts('silence'),
  },
  'alerts test': {
    options: ['json', 'root', 'since'],
    about: 'replays the past: how often, when and for how long each objective would have fired',
    run: alerts('test'),
  },
  'alerts export': {
    options: ['root', 'prometheus'],
    about: 'the objectives as rules for Prometheus, on stdout',
    run: alerts('exported'),
  },
  'objectives init': {
    options: ['root', 'force', 'dry-run'],
    about: 'writes objectives.json from what this workspace has recorded',
    run: alerts('init'),
  },
  'objectives list': {
    options: ['json', 'root'],
    about: 'each objective: runs, what may still fail, state',
    run: alerts('objectives'),
  },
  'schedule run': {
    options: ['json', 'root', 'every', 'when', 'timezone'],
    about: 'saves a dashboard if one is due and no process did; without a schedule it always does',
    run: schedule('run'),
  },
  'schedule print': {
    options: ['root', 'every', 'when', 'timezone', 'systemd', 'cron'],
    about: 'what calls schedule run, alerts check and retention run again and again, to be installed by hand',
    run: schedule('print'),
  },
};

const examples = [
  'objectives init',
  'alerts test --since 30d',
  'alerts check --json',
  'alerts silence "cuj/CUJ-005/*" 2h',
  'alerts export --prometheus',
  'schedule run --every 1h',
  'schedule print --systemd',
];

module.exports = { commands, examples, options };
