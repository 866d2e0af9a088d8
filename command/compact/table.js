// The row of `obs compact`; what does it is loaded when it is asked for.
'use strict';

const commands = {
  compact: {
    options: ['json', 'root', 'older-than', 'apply'],
    about: 'packs the files of closed days (gzip); all that reads them goes on; says first what it would pack',
    run: (asked) => require('./commands.js').compact(asked),
  },
};

const examples = ['compact', 'compact --older-than 7d --apply'];

module.exports = { commands, examples };
