// The rows of `obs` about automatic retention; what does them is loaded when one is asked for.
'use strict';

const retention = (name) => (asked) => require('./commands.js')[name](asked);

const commands = {
  'retention run': {
    options: ['json', 'root'],
    about: 'drops and compacts what retention.json says, if it is due and no process did; for timers, safe at any time',
    run: retention('run'),
  },
  'retention show': {
    options: ['json', 'root'],
    about: 'what retention.json says, and what the last runs did',
    run: retention('show'),
  },
};

const examples = ['retention run', 'retention show --json'];

module.exports = { commands, examples };
