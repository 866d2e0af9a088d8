#!/usr/bin/env node
// The structured-logger module: records skill invocations and answers questions about them. Run as a script, it is their command line.
import { runIfMain } from '../lib/cli/run-if-main.js';

export { StructuredLogger, getLogger, logSkillInvocation } from '../index.js';

runIfMain(import.meta.url, 'structured-logger');
