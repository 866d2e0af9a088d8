#!/usr/bin/env node
// The structured-logger module: records skill invocations and answers questions about them. Run as a script, it is their command line.
import { createRequire } from 'node:module';

// `import` would first search the text of CommonJS files for names, which takes a third as long as answering a question.
const require = createRequire(import.meta.url);
export const { StructuredLogger, getLogger, logSkillInvocation } =
  require('../lib/face.js').shared()['structured-logger'];

require('../command/run-if-main.js').runIfMain(import.meta.url, 'structured-logger');
