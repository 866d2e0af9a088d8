// Where a workspace's objectives stand, for those who only look whether there are any.
'use strict';

const path = require('node:path');

const FILE = path.join('.claude', 'context', 'config', 'objectives.json');

module.exports = { FILE };
