// The row of `obs prune`; what does it is loaded when it is asked for.
'use strict';

const { readCount, readSpan } = require('../options.js');

const options = {
  'older-than': {
    value: 'SPAN',
    read: readSpan,
    about: 'prune: what is older than this, such as 90d, in whole UTC days; compact: days that ended so long ago (1d)',
  },
  'max-bytes': {
    value: 'N',
    read: readCount,
    about: 'prune: the oldest days, until the data files have no more bytes',
  },
  apply: { flag: true, about: 'prune, compact: does it; otherwise it only says what would go' },
};

const commands = {
  prune: {
    options: ['json', 'root', 'older-than', 'max-bytes', 'apply'],
    about: 'drops old records from the data files, beside those who write to them; says first what would go',
    run: (asked) => require('./commands.js').prune(asked),
  },
};

const examples = ['prune --older-than 90d', 'prune --older-than 90d --apply'];

module.exports = { commands, examples, options };
