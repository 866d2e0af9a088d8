#!/usr/bin/env node
// The provider-health module: records calls of model providers and tells how well they answer. Run as a script, it is their command line.
import { createRequire } from 'node:module';

// `import` would first search the text of CommonJS files for names, which takes a third as long as answering a question.
const require = createRequire(import.meta.url);
export const { ProviderHealthMonitor, getGlobalHealthMonitor, recordProviderCall, getProviderHealth } =
  require('../lib/face.js').shared()['provider-health'];

require('../command/run-if-main.js').runIfMain(import.meta.url, 'provider-health');
