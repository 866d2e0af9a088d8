// The columns that executions of CUJs and calls of providers have alike: rate, interval, change, durations.
'use strict';

const { change, changeColour, duration, rate } = require('./words.js');

const interval = ({ low, high, total }) => (total === 0 ? '' : `${Math.floor(low * 100)}–${Math.ceil(high * 100)} %`);

const OUTCOMES = [
  () => ({ title: 'success', text: ({ successful, total }) => rate(successful, total), right: true }),
  () => ({ title: '95 % between', text: interval, right: true, rank: 6 }),
  () => ({ title: 'change', text: change, colour: changeColour, rank: 3 }),
  () => ({ title: 'p50', text: ({ p50_ms: ms }) => duration(ms), right: true, rank: 5 }),
  () => ({ title: 'p95', text: ({ p95_ms: ms }) => duration(ms), right: true, rank: 2 }),
];

module.exports = { OUTCOMES };
