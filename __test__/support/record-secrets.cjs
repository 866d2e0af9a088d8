// Puts secrets through every function of the package in a process of its own and prints all that comes back.
// Usage: node record-secrets.cjs ROOT FILE, where FILE holds the secrets as JSON and is outside of ROOT.
'use strict';

const fs = require('node:fs');
const { inspect } = require('node:util');
const { createFace } = require('../../lib/face.js');
const { SLOTS, WRAPS } = require('./secret-places.js');

const [, , root, file] = process.argv;
const secrets = JSON.parse(fs.readFileSync(file, 'utf8'));
const obs = createFace({ projectRoot: root, env: {} });
const print = (value) => process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

/** Prints what a wrong call says. */
function wrong(call) {
  try {
    call();
  } catch (error) {
    print(`${error.message}\n${error.stack}\n${inspect(error)}`);
    return;
  }
  throw new Error('a wrong call did not throw');
}

function record() {
  obs.subscribeToProgress(print);
  for (const wrap of Object.values(WRAPS)) {
    for (const slot of Object.values(SLOTS)) {
      for (const { text } of secrets) slot(obs, wrap(text));
    }
  }
}

function ask() {
  print(obs.getLogger().queryLogs());
  print(obs.getLogger().getStatistics());
  print(obs.getAllCujMetrics());
  print(obs.getFailureAnalysis('CUJ-1', null));
  print(obs.getProgressHistory());
  print(obs.getCurrentProgress('r'));
  print(obs.getGlobalHealthMonitor().getAllProviderHealth());
  print(obs.getGlobalHealthMonitor().getProviderComparison());
  const dashboard = obs.generateMetricsDashboard();
  print(obs.formatDashboard(dashboard));
  obs.saveDashboard({ ...dashboard, notes: secrets.map(({ text }) => text) });
  print(obs.loadDashboard());
}

function misuse() {
  for (const { text } of secrets) {
    wrong(() => obs.getCujSuccessRate('CUJ-1', text));
    wrong(() => obs.getLogger().queryLogs({ startDate: text }));
    wrong(() => obs.logSkillInvocation(text));
    wrong(() => obs.configure({ durability: text }));
    wrong(() => obs.configure({ [text]: 1 }));
    wrong(() => obs.configure({ redact: { replacement: `password=${text}` } }));
  }
}

/** What a listener or an `onError` throws is told on stderr, once for each face. */
function complaints() {
  for (const { text } of secrets) {
    const face = createFace({ projectRoot: root, env: { OBS_DURABILITY: text } });
    face.subscribeToProgress(() => {
      throw new Error(`a listener met ${text}`);
    });
    face.emitProgress({ runId: 'r' });
    face.configure({
      onError: () => {
        throw new Error(`onError met ${text}`);
      },
    });
    face.emitProgress({ runId: 'r' });
    face.close();
  }
}

record();
ask();
misuse();
complaints();
obs.close();
