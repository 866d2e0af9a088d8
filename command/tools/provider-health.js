// The command line of provider-health: how well the model providers answer, and a call recorded by hand.
'use strict';

const { Complaint } = require('../terminal/output.js');
const { readNumber, readTruth } = require('../options.js');

function status({ api, values: [provider] }) {
  return { json: provider ? api.getProviderHealth(provider) : api.getGlobalHealthMonitor().getAllProviderHealth() };
}

const table = () => ({ view: 'providers', options: { since: 'all' } });

function record({ api, values: [provider, success, latency, error] }) {
  api.recordProviderCall(provider, success, latency, error ?? null);
  const { pending, dropped } = require('../../lib/face.js').shared().store.flush();
  // Recording never throws for the disk's sake, but a person who typed the call must not be told that it was kept.
  if (pending + dropped.total > 0) {
    const reasons = Object.keys(dropped.by_reason).join(', ') || 'the disk does not take it';
    throw new Complaint(`the call was not recorded: ${reasons}`);
  }
  const { redacted } = require('../../lib/errors.js');
  return {
    text: `Recorded call for ${redacted(provider) ?? '[REDACTED:error]'}: success=${success}, latency=${latency}ms`,
  };
}

module.exports = {
  about:
    'Calls of model providers on record. Answers are JSON on standard output; exit code 0 when answered, 1 when not.',
  options: {
    table: { flag: true, about: 'a table instead of JSON, as obs shows it' },
  },
  commands: {
    status: {
      args: [{ name: 'provider' }],
      about: 'success rate and latencies, of one provider or all',
      run: status,
      table,
    },
    overall: {
      about: 'one status over all providers',
      run: ({ api }) => ({ json: api.getGlobalHealthMonitor().getOverallHealth() }),
      table,
    },
    compare: {
      about: 'the providers, best first',
      run: ({ api }) => ({ json: api.getGlobalHealthMonitor().getProviderComparison() }),
      table,
    },
    record: {
      args: [
        { name: 'PROVIDER', required: true },
        { name: 'true|false', required: true, read: readTruth },
        { name: 'LATENCY', required: true, read: readNumber },
        { name: 'error' },
      ],
      about: 'records one call; the latency is in milliseconds',
      run: record,
    },
  },
  examples: ['status', 'status --table', 'status anthropic', 'compare', 'record openai false 5000 "API timeout"'],
};
