// Reads the file of objectives as the alerts do: what stands there, or why it cannot be used.
'use strict';

const { loadObjectives } = require('../../alerts/file.js');
const { finding } = require('./finding.js');

const SECTION = 'Alerts';
const NAME = 'objectives.json';

const plural = (count, word) => `${count} ${word}${count === 1 ? '' : 's'}`;

function objectives(root) {
  try {
    const { exists, objectives: goals, rules, notify } = loadObjectives(root);
    const counts = { objectives: goals.length, rules: rules.length, notifiers: notify.length };
    const value = [plural(goals.length, 'objective'), plural(rules.length, 'rule'), plural(notify.length, 'notifier')];
    const shown = exists ? value.join(', ') : `there is none: the ${plural(rules.length, 'usual rule')} hold`;
    const advice = exists ? undefined : '`npx @obs/native objectives init` writes one from what is on record';
    return [finding(SECTION, NAME, 'ok', shown, { advice, data: { exists, ...counts } })];
  } catch (error) {
    const advice = 'until it is mended, `alerts check` ends with 2 and nobody is told of anything';
    return [finding(SECTION, NAME, 'fail', error.message, { advice })];
  }
}

module.exports = { objectives };
