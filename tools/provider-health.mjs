#!/usr/bin/env node
// The provider-health module: records calls of model providers and tells how well they answer. Run as a script, it is their command line.
import { runIfMain } from '../lib/cli/run-if-main.js';

export { ProviderHealthMonitor, getGlobalHealthMonitor, recordProviderCall, getProviderHealth } from '../index.js';

runIfMain(import.meta.url, 'provider-health');
