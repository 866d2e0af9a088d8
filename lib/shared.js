// The face that everything in one module registry shares: the main entry, the subpaths and the command lines.
'use strict';

const { createFace } = require('./face.js');

module.exports = createFace();
