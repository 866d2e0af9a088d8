// The options that most commands of `obs` have.
'use strict';

const COMMON = {
  root: { value: 'DIR', about: 'the workspace (otherwise found as the tools find it)' },
  json: { flag: true, about: 'the answer as JSON' },
};

module.exports = { COMMON };
