// `require('@obs/native/structured-logger')`: exactly the names of that documented module.
'use strict';

const { StructuredLogger, getLogger, logSkillInvocation } = require('../face.js').shared()['structured-logger'];

module.exports = { StructuredLogger, getLogger, logSkillInvocation };
