// Worker threads and several faces in one process: nothing crosses over, nothing is lost.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { createFace } = require('../lib/face.js');
const { PACKAGE, cleanEnvironment, runNode } = require('./support/child.js');
const { CUJS } = require('./support/files.js');
const { useWorkspace } = require('./support/use-workspace.js');

const workspace = useWorkspace();
const ENTRY = JSON.stringify(path.join(PACKAGE, 'index.js'));

/** Runs code in a worker; resolves with what it posted, once it has ended. */
function runWorker(code, workerData) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads'); const obs = require(${ENTRY}); ${code}`,
      { eval: true, workerData, env: cleanEnvironment() },
    );
    const messages = [];
    worker.on('message', (message) => messages.push(message));
    worker.on('error', reject);
    worker.on('exit', (exitCode) => resolve({ exitCode, messages }));
  });
}

test('two faces in one process do not know each other', () => {
  const roots = ['one', 'two'].map((name) => workspace().path(name));
  for (const root of roots) fs.mkdirSync(root);
  const [one, two] = roots.map((projectRoot) => createFace({ projectRoot, env: {} }));
  const heard = [];
  const errors = [];
  one.subscribeToProgress(() => heard.push('one'));
  two.subscribeToProgress(() => {
    throw new Error('two');
  });
  one.configure({ durability: 'batch', onError: () => errors.push('one') });
  two.configure({ onError: () => errors.push('two') });
  two.emitProgress({});
  one.recordCujExecution('A', true, 1);
  two.recordCujExecution('B', true, 1);
  expect(heard).toEqual([]);
  expect(errors).toEqual(['two']);
  expect(one.getStoreHealth()).toMatchObject({ durability: 'batch', attempted: 1, pending: 1, project_root: roots[0] });
  expect(two.getStoreHealth()).toMatchObject({ durability: 'write', attempted: 2, pending: 0, project_root: roots[1] });
  expect(Object.keys(one.getAllCujMetrics())).toEqual(['A']);
  expect(Object.keys(two.getAllCujMetrics())).toEqual(['B']);
  two.recordProviderCall('p', true, 1);
  one.getGlobalHealthMonitor().resetAll();
  expect(two.getProviderHealth('p').available).toBe(true);
  expect(one.progressEmitter).not.toBe(two.progressEmitter);
  expect(one.getLogger()).not.toBe(two.getLogger());
  one.close();
  two.close();
});

test('two faces on one root see the same records, each with its own counts', () => {
  const other = createFace({ projectRoot: workspace().root, env: {} });
  for (let index = 0; index < 50; index += 1) {
    workspace().recordCujExecution('A', true, index);
    other.recordCujExecution('A', false, index);
    expect(workspace().getCujSuccessRate('A').total).toBe(2 * (index + 1));
    expect(other.getCujSuccessRate('A').total).toBe(2 * (index + 1));
  }
  expect(other.getStoreHealth().accepted).toBe(50);
  other.close();
});

test('the instances that Jest loads anew are new faces', () => {
  const load = () => {
    let loaded;
    jest.isolateModules(() => {
      loaded = require('../index.js');
    });
    return loaded;
  };
  const [one, two] = [load(), load()];
  one.configure({ projectRoot: workspace().root, durability: 'batch' });
  two.configure({ projectRoot: workspace().root });
  one.recordCujExecution('A', true, 1);
  expect(one.getStoreHealth()).toMatchObject({ durability: 'batch', attempted: 1 });
  expect(two.getStoreHealth()).toMatchObject({ durability: 'write', attempted: 0 });
  one.close();
  two.close();
});

test('workers record at the same time; every line is whole', async () => {
  const code = `
    obs.configure({ projectRoot: workerData.root });
    for (let i = 0; i < 500; i++) obs.recordCujExecution('W' + workerData.id, true, i, null, { text: 'x'.repeat(i) });
    parentPort.postMessage(obs.getStoreHealth());`;
  const workers = [0, 1, 2, 3].map((id) => runWorker(code, { id, root: workspace().root }));
  for (const { exitCode, messages } of await Promise.all(workers)) {
    expect(exitCode).toBe(0);
    expect(messages[0]).toMatchObject({ attempted: 500, accepted: 500 });
  }
  expect(workspace().lines(CUJS)).toHaveLength(2000);
  for (const id of [0, 1, 2, 3]) expect(workspace().getCujSuccessRate(`W${id}`).total).toBe(500);
});

test("a worker's settings are its own", async () => {
  const code = `
    obs.configure({ projectRoot: workerData.root, durability: 'batch' });
    obs.recordCujExecution('A', true, 1);
    parentPort.postMessage(obs.getStoreHealth());`;
  const { messages } = await runWorker(code, { root: workspace().root });
  expect(messages[0]).toMatchObject({ durability: 'batch', pending: 1 });
  expect(workspace().getStoreHealth()).toMatchObject({ durability: 'write', attempted: 0 });
});

test('what a worker holds in batch mode is written when it ends', async () => {
  const code = `
    obs.configure({ projectRoot: workerData.root, durability: 'batch' });
    for (let i = 0; i < 3; i++) obs.recordCujExecution('A', true, i);`;
  await runWorker(code, { root: workspace().root });
  await runWorker(`${code} process.exit(0);`, { root: workspace().root });
  expect(workspace().lines(CUJS)).toHaveLength(6);
});

test('a worker that is terminated in the middle leaves whole lines', async () => {
  const worker = new Worker(
    `const obs = require(${ENTRY}); const { workerData, parentPort } = require('node:worker_threads');
     obs.configure({ projectRoot: workerData.root, durability: 'batch' });
     obs.recordCujExecution('A', true, 1); parentPort.postMessage('ready');
     for (let i = 0; ; i++) obs.recordCujExecution('B', true, i);`,
    { eval: true, workerData: { root: workspace().root } },
  );
  await new Promise((resolve) => worker.once('message', resolve));
  await worker.terminate();
  const lines = workspace().lines(CUJS); // throws at a line that is not whole
  expect(lines[0].cuj_id).toBe('A');
  expect(workspace().getCujSuccessRate('A').total).toBe(1);
});

test('several processes at once', async () => {
  const script = workspace().path('record.cjs');
  fs.writeFileSync(
    script,
    `const obs = require(${JSON.stringify(PACKAGE)});
     const { spawn } = require('node:child_process');
     if (process.argv[2]) {
       for (let i = 0; i < 1000; i++) obs.recordCujExecution('P' + process.argv[2], true, i);
     } else {
       for (const id of [1, 2, 3, 4]) spawn(process.execPath, [__filename, String(id)], { stdio: 'inherit' });
     }`,
  );
  expect(runNode([script], { env: { OBS_PROJECT_ROOT: workspace().root } })).toMatchObject({ status: 0, stderr: '' });
  expect(workspace().lines(CUJS)).toHaveLength(4000);
  expect(Object.values(workspace().getAllCujMetrics()).map((each) => each.total)).toEqual([1000, 1000, 1000, 1000]);
});
