// Which files are made, with which modes, and what is refused in their place; nothing is ever written anywhere else.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { testWith } = require('./support/box.js');
const files = require('./support/files.js');
const { STREAMS } = require('./support/numbered.js');
const { createRandom, seedOfTest } = require('./support/random.js');
const { useFolder, valueOf } = require('./support/script.js');

const LONG = process.env.OBS_LONG === '1';
const folder = useFolder();

/** Everything below a folder: path → mode and kind, for files also the content. */
function tree(top, contents = true) {
  const found = {};
  const visit = (at) => {
    const stat = fs.lstatSync(at);
    const name = path.relative(top, at) || '.';
    const mode = (stat.mode & 0o777).toString(8);
    if (stat.isDirectory()) {
      found[name] = `folder ${mode}`;
      for (const child of fs.readdirSync(at).sort()) visit(path.join(at, child));
    } else if (stat.isFile()) found[name] = `file ${mode}${contents ? ` ${fs.readFileSync(at, 'utf8')}` : ''}`;
    else if (stat.isSymbolicLink()) found[name] = `link to ${fs.readlinkSync(at)}`;
    else found[name] = stat.isFIFO() ? 'fifo' : 'other';
  };
  visit(top);
  return found;
}

test('W18 under umask 0 every file is 0600 and every folder 0700, and a looser one of the user stays as it is', () => {
  const root = path.join(folder(), 'project');
  fs.mkdirSync(path.join(root, '.claude', 'context', 'logs'), { recursive: true });
  fs.writeFileSync(path.join(root, files.PROGRESS), '', { mode: 0o644 });
  for (const name of ['.claude', '.claude/context', '.claude/context/logs']) fs.chmodSync(path.join(root, name), 0o755);
  const streams = Object.keys(STREAMS);
  valueOf(
    ({ obs, record }, { streams: all, logs }) => {
      process.umask(0);
      for (const stream of all) record(stream);
      obs.saveDashboard();
      new obs.StructuredLogger(logs).logSkillInvocation({ skill: 'elsewhere' });
      obs.getLogger().queryLogs();
      obs.generateMetricsDashboard();
      obs.close();
    },
    { root, streams, logs: 'own/logs' },
  );
  const day = path.basename(files.skills());
  expect(tree(root, false)).toEqual({
    '.': expect.stringContaining('folder'),
    '.claude': 'folder 755',
    '.claude/context': 'folder 755',
    '.claude/context/logs': 'folder 755',
    '.claude/context/logs/progress.jsonl': 'file 644',
    [files.skills()]: 'file 600',
    '.claude/context/analytics': 'folder 700',
    [files.CUJS]: 'file 600',
    [files.PROVIDERS]: 'file 600',
    [files.DASHBOARD]: 'file 600',
    own: 'folder 700',
    'own/logs': 'folder 700',
    [`own/logs/${day}`]: 'file 600',
  });
});

/** What may stand where a data file belongs: how it is planted, and the reason with which it is refused. */
const PLANTS = {
  'a symlink to a file': [(at, out) => fs.symlinkSync(path.join(out, 'secret'), at), 'symlink'],
  'a dangling symlink': [(at, out) => fs.symlinkSync(path.join(out, 'nothing'), at), 'symlink'],
  'a symlink to a folder': [(at, out) => fs.symlinkSync(out, at), 'symlink'],
  'a symlink to a device': [(at) => fs.symlinkSync('/dev/null', at), 'symlink'],
  'a hard link': [(at, out) => fs.linkSync(path.join(out, 'secret'), at), 'hard_link'],
  'a folder': [(at) => fs.mkdirSync(at), 'not_a_file'],
  'a FIFO': [(at) => run('mkfifo', at), 'not_a_file'],
  'a device': [(at) => run('mknod', at, 'c', '1', '3'), 'not_a_file', 'root'],
  'a socket': [
    (at) =>
      run(
        process.execPath,
        '-e',
        'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, 9))',
        at,
      ),
    'not_a_file',
  ],
};

function run(command, ...args) {
  require('node:child_process').spawnSync(command, args, { stdio: 'ignore' });
}

describe.each(Object.keys(STREAMS))('W14 W15 W16 in place of the file of the %s', (stream) => {
  for (const [what, [plant, reason, need = 'linux']] of Object.entries(PLANTS)) {
    testWith(
      [need],
      `${reason === 'symlink' ? 'W14' : reason === 'hard_link' ? 'W15' : 'W16'} ${what} is refused and told`,
      () => {
        const root = path.join(folder(), 'project');
        const out = path.join(folder(), 'out');
        const target = path.join(root, STREAMS[stream].file());
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.mkdirSync(out);
        fs.writeFileSync(path.join(out, 'secret'), 'not yours\n');
        plant(target, out);
        const before = tree(folder());
        const value = valueOf(
          ({ obs, record, numbers, hear, heard, fs: disk }, { stream: name, target: at }) => {
            hear();
            record(name, 3);
            obs.flush();
            const { attempted, accepted, pending, dropped } = obs.getStoreHealth();
            const told = [...heard];
            disk.rmSync(at, { recursive: true });
            record(name, 2);
            return {
              attempted,
              accepted,
              pending,
              dropped,
              told,
              numbers: numbers(name),
              end: obs.getStoreHealth().accepted,
            };
          },
          { root, stream, target },
        );
        expect(value).toMatchObject({
          attempted: 3,
          accepted: 0,
          pending: 0,
          dropped: { total: 3, by_reason: { [reason]: 3 } },
        });
        expect(value.told).toEqual([{ code: 'OBS_WRITE', reason, path: target }]);
        // Once it is out of the way, writing goes on; and what it led to is as it was.
        expect([value.numbers, value.end]).toEqual([[3, 4], 2]);
        const name = path.relative(folder(), target);
        expect({ ...tree(folder()), [name]: before[name] }).toEqual(before);
      },
    );
  }
});

testWith(['linux'], 'W14 a link swapped in at any moment never leads a record outside', () => {
  const out = path.join(folder(), 'out');
  fs.mkdirSync(out);
  fs.writeFileSync(path.join(out, 'secret'), 'not yours\n');
  const swaps = LONG ? 100_000 : 10_000;
  const value = valueOf(
    async ({ obs, record, file, require: load }, { secret, swaps: count }) => {
      const { Worker } = load('node:worker_threads');
      record('executions');
      const target = file('executions');
      const code = `const fs = require('node:fs');
        const { target, secret, count } = require('node:worker_threads').workerData;
        for (let n = 0; n < count; n += 1) {
          fs.symlinkSync(secret, target + '.link');
          fs.renameSync(target + '.link', target);
          fs.writeFileSync(target + '.new', '');
          fs.renameSync(target + '.new', target);
        }`;
      const worker = new Worker(code, { eval: true, workerData: { target, secret, count } });
      let over = false;
      worker.on('exit', () => (over = true));
      let rounds = 0;
      while (!over) {
        record('executions', 20);
        rounds += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      const { attempted, accepted, pending, dropped } = obs.getStoreHealth();
      return { rounds, sum: attempted - accepted - pending - dropped.total, refused: dropped.by_reason.symlink > 0 };
    },
    { root: path.join(folder(), 'project'), secret: path.join(out, 'secret'), swaps },
  );
  expect(value.rounds).toBeGreaterThan(1);
  expect([value.sum, value.refused]).toEqual([0, true]);
  expect(fs.readdirSync(out)).toEqual(['secret']);
  expect(fs.readFileSync(path.join(out, 'secret'), 'utf8')).toBe('not yours\n');
});

const NASTY = [
  '../../../../escaped',
  '..\\..\\escaped',
  '/tmp/escaped',
  'a/b/c',
  'nul\0byte',
  '\0',
  '.',
  '..',
  'CON',
  'NUL.jsonl',
  'trailing.',
  'trailing ',
  '~/escaped',
  '$(touch escaped)',
  'x'.repeat(300),
  '\u202eevil',
  '%2e%2e%2fescaped',
  '__proto__',
  'file:///tmp/escaped',
  'line\nbreak',
];

test('W17 ids never become parts of a path, and nothing is written outside the data folders', () => {
  const root = path.join(folder(), 'project');
  fs.mkdirSync(path.join(root, '.claude'), { recursive: true });
  const seed = seedOfTest();
  console.log(`seed ${seed}`);
  const random = createRandom(seed);
  const joined = () =>
    Array.from({ length: 1 + random.below(3) }, () => random.pick(NASTY)).join(random.pick(['', '/', '\0', '..']));
  const ids = [...NASTY, ...Array.from({ length: 200 }, joined)];
  const value = valueOf(
    ({ obs }, { ids: all }) => {
      for (const id of all) {
        obs.logSkillInvocation({
          skill: id,
          agent: id,
          runId: id,
          cujId: id,
          result: id,
          params: { [id]: id },
          error: id,
        });
        obs.recordCujExecution(id, true, 1, id, { [id]: id });
        obs.emitProgress({ runId: id, step: id, message: id, status: id });
        obs.createProgressTracker(id, 2).start();
        obs.getGlobalHealthMonitor().recordProviderCall(id, false, 1, id, { [id]: id });
        obs.getCujSuccessRate(id, 0);
        obs.getCurrentProgress(id);
        obs.getProviderHealth(id);
        obs.getLogger().queryLogs({ skill: id, agent: id, runId: id, cujId: id, limit: 1 });
        obs.trackResourceUsage(id).end();
      }
      obs.saveDashboard();
      obs.getGlobalHealthMonitor().resetProvider(all[0]);
      const { attempted, accepted } = obs.getStoreHealth();
      return [attempted, accepted];
    },
    { root, ids },
  );
  expect(value).toEqual([5 * ids.length, 5 * ids.length]);
  const found = Object.keys(tree(folder(), false));
  const data = [files.skills(), files.CUJS, files.PROGRESS, files.PROVIDERS, files.DASHBOARD];
  const folders = ['.claude', '.claude/context', '.claude/context/analytics', '.claude/context/logs'];
  const expected = ['.', 'project', ...[...folders, ...data].map((name) => path.join('project', name))];
  expect(found.filter((name) => !name.includes('.obs')).sort()).toEqual(expected.sort());
  expect(fs.existsSync('/tmp/escaped')).toBe(false);
});

/** Closes our descriptor, lets another file have its number, and looks into that file after some more records. */
async function recordAfterTheft(
  { obs, record, file, fs: disk, path: paths, numbers, descriptorsOf, balance, sleep, until },
  given,
) {
  const { root, inItsPlace, own, pause, resume } = given;
  record('executions', 2);
  obs.flush(); // in batch mode the file is opened here
  const [ours] = descriptorsOf(file('executions'));
  disk.closeSync(ours);
  const other = own ? file('executions') : paths.join(root, 'other');
  // Node opens files on other threads too and may be given the number for a moment.
  const opened = [];
  while (inItsPlace && opened.at(-1) !== ours && opened.length < 1000) {
    opened.push(disk.openSync(other, own ? 'r+' : 'w+'));
  }
  const theirs = opened.at(-1);
  for (const spare of opened.slice(0, -1)) disk.closeSync(spare);
  await sleep(pause);
  record('executions', 3);
  obs.flush();
  await until(() => obs.getStoreHealth().pending === 0, resume);
  const found = { numbers: numbers('executions'), exact: balance().exact };
  if (!inItsPlace || own) return found;
  disk.writeSync(theirs, 'theirs');
  return { ...found, same: theirs === ours, content: disk.readFileSync(other, 'utf8') };
}

describe.each(['write', 'batch', 'sync'])('W19 a descriptor of ours that the user closes (%s)', (durability) => {
  test.each([
    ['and nothing else has its number', false, 0],
    ['and another file has its number', true, 0],
    ['and another file has its number for longer than the path is trusted', true, 80],
  ])('W19 %s: nothing is lost, and never written into a file that is not ours', (_, inItsPlace, pause) => {
    const given = { root: folder(), durability, inItsPlace, pause, resume: 10_000 };
    const value = valueOf(recordAfterTheft, given);
    expect(value).toMatchObject({ numbers: [0, 1, 2, 3, 4], exact: true });
    if (inItsPlace) expect(value).toMatchObject({ same: true, content: 'theirs' });
  });

  test.each([0, 80])(
    'W19 and the same file, opened to write at its beginning, has its number (after %d ms)',
    (pause) => {
      const given = { root: folder(), durability, inItsPlace: true, own: true, pause, resume: 10_000 };
      expect(valueOf(recordAfterTheft, given)).toEqual({ numbers: [0, 1, 2, 3, 4], exact: true });
    },
  );
});
