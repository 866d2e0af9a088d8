// Where the built page lies.
'use strict';

const path = require('node:path');

const BUILT = path.join(__dirname, '..', 'page', 'built');

module.exports = { BUILT };
