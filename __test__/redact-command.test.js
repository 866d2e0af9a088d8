// `obs redact scan` and `obs redact apply`: secrets in files that are there already are found, and taken out safely.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { rewrite, watch } = require('../command/redact/rewrite.js');
const { createFace } = require('../lib/face.js');
const { PACKAGE, makeFolder, removeFolder, run, start, until, writeFiles } = require('./support/command-line.js');
const { CUJS, DASHBOARD, LEGACY, PROGRESS, PROVIDERS } = require('./support/files.js');
const { makeSecrets, middle } = require('./support/secrets.js');

const SKILLS = '.claude/context/logs/skill-invocations-2026-05-05.jsonl';
const CACHE = '.claude/context/.obs';
const onLinux = process.platform === 'linux' ? test : test.skip;

const byKind = Object.fromEntries(makeSecrets(11).map((secret) => [secret.kind, secret]));
const github = byKind['GitHub ghp token'].text;
const anthropic = byKind['Anthropic API key'].text;
const pem = byKind['RSA PRIVATE KEY'];
const NEEDLES = [middle(github), middle(anthropic), 'hunter2', ...pem.needles];

let root;
const writers = [];
beforeEach(() => {
  root = makeFolder();
  fs.mkdirSync(path.join(root, '.claude'));
});
afterEach(async () => {
  jest.restoreAllMocks();
  for (const { child, done } of writers.splice(0)) {
    child.kill();
    await done;
  }
  removeFolder(root);
});

const inRoot = (file) => path.join(root, file);
const read = (file) => fs.readFileSync(inRoot(file), 'utf8');
const obs = (...args) => run([path.join(PACKAGE, 'bin', 'obs.js'), ...args], { cwd: root });
const put = (files) => writeFiles(root, files);
const line = (value) => `${JSON.stringify(value)}\n`;

/** The kinds and lines that a scan finds in each file, by its path from the root. */
async function scanned(...args) {
  const { code, stdout, stderr } = await obs('redact', 'scan', '--json', ...args);
  const report = JSON.parse(stdout);
  const files = report.files.map(({ file, kinds }) => [
    path.relative(root, path.resolve(root, file)).replaceAll(path.sep, '/'),
    Object.fromEntries(kinds.map(({ kind, lines }) => [kind, lines])),
  ]);
  return { code, stderr, lines: report.lines, files: Object.fromEntries(files), report };
}

/** Every byte below the root, and every name. */
function everything() {
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .map((file) => (fs.statSync(file).isFile() ? `${file}\n${fs.readFileSync(file, 'latin1')}` : file))
    .join('\n');
}

function snapshot(file) {
  const { ino, size, mtimeMs, ctimeMs, mode } = fs.statSync(inRoot(file));
  return { ino, size, mtimeMs, ctimeMs, mode, text: read(file) };
}

/** A process that runs this code until it is ended, at the latest after the test. */
function startWriter(code) {
  const writer = start(['-e', code]);
  writers.push(writer);
  return writer;
}

/** A workspace with something in each of its files. */
function putAll() {
  put({
    [SKILLS]: line({ skill: 'a' }) + line({ skill: 'b', params: JSON.stringify({ password: 'hunter2' }) }),
    [PROGRESS]: line({ message: 'fine' }) + line({ message: `see ${github}` }) + line({ message: `and ${github}` }),
    [`${PROGRESS}.1`]: line({ message: anthropic }),
    [CUJS]: line({ cuj_id: 'A', error: null }),
    [PROVIDERS]: line({ provider: 'p', error: pem.text }),
    [DASHBOARD]: `${JSON.stringify({ a: 1, notes: { deep: [anthropic] } }, null, 2)}\n`,
    [LEGACY]: JSON.stringify({ runs: [{ cuj_id: 'A', note: 'https://me:hunter2@host/' }] }, null, 2),
    '.claude/context/logs/notes.txt': github,
    [`${CACHE}/x.state`]: github,
  });
}

describe('scan', () => {
  test('finds them in every data file, by kind and line, and says none', async () => {
    putAll();
    const { code, stderr, lines, files } = await scanned();
    expect({ code, stderr, lines }).toEqual({ code: 1, stderr: '', lines: 7 });
    expect(files).toEqual({
      [SKILLS]: { 'named-key': [2] },
      [PROGRESS]: { 'github-token': [2, 3] },
      [`${PROGRESS}.1`]: { 'anthropic-key': [1], 'provider-key': [1] },
      [CUJS]: {},
      [PROVIDERS]: { 'private-key': [1] },
      [DASHBOARD]: { 'anthropic-key': [5], 'provider-key': [5] },
      [LEGACY]: { 'url-password': [5] },
    });
    const text = await obs('redact', 'scan');
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(`${path.normalize(PROGRESS)}: 2 lines with secrets\n  github-token  2  lines 2, 3\n`);
    expect(text.stdout).toContain('7 lines with secrets, in 6 of 7 files.');
    for (const needle of NEEDLES) {
      expect(text.stdout + text.stderr + JSON.stringify(files)).not.toContain(needle);
    }
  });

  test('without any the exit code is 0', async () => {
    put({ [PROGRESS]: line({ message: 'fine', metadata: { max_tokens: 5 } }) });
    expect(await obs('redact', 'scan')).toEqual({
      code: 0,
      signal: null,
      stdout: 'No secrets in 1 file.\n',
      stderr: '',
    });
    expect(await scanned()).toMatchObject({ code: 0, lines: 0 });
  });

  test('changes nothing', async () => {
    putAll();
    const before = everything();
    const stats = snapshot(PROGRESS);
    await obs('redact', 'scan');
    expect(everything()).toBe(before);
    expect(snapshot(PROGRESS)).toEqual(stats);
  });

  test('looks at the named files only, and tells of one that it cannot read', async () => {
    putAll();
    expect((await scanned('.claude/context/logs/notes.txt', CUJS)).files).toEqual({
      '.claude/context/logs/notes.txt': { 'github-token': [1] },
      [CUJS]: {},
    });
    const { code, stdout } = await obs('redact', 'scan', CUJS, 'missing.jsonl', '.claude');
    expect(code).toBe(1);
    expect(stdout).toContain('missing.jsonl: ENOENT: no such file or directory\n');
    expect(stdout).toContain('.claude: it is not a file\n');
    expect(stdout).toContain('No secrets in 1 file.');
  });

  test('lines of UTF-16 are looked into, counted and rewritten as UTF-16 (B5)', async () => {
    const secret = `ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2).slice(0, 36)}`;
    const lines = [`{"message":"${secret}"}`, '{"message":"schön"}'];
    const wide = Buffer.from(`${lines.join('\r\n')}\r\n`, 'utf16le');
    const latin = Buffer.from('{"message":"sch\xf6n"}\n', 'latin1');
    const file = inRoot(PROGRESS);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, Buffer.concat([Buffer.from('{"a":1}\n'), wide, Buffer.from('\n'), latin]));
    const { files, report } = await scanned();
    expect(files).toMatchObject({ [PROGRESS]: { 'github-token': [2] } });
    expect(report.unreadable).toBe(3);
    expect((await obs('redact', 'scan')).stdout).toContain('3 lines could not be read as UTF-8 text');
    await obs('redact', 'apply');
    const redacted = Buffer.from(wide.toString('utf16le').replace(secret, '[REDACTED]'), 'utf16le');
    expect(fs.readFileSync(file)).toEqual(
      Buffer.concat([Buffer.from('{"a":1}\n'), redacted, Buffer.from('\n'), latin]),
    );
  });

  test('a key over several lines counts on each of them', async () => {
    put({ 'notes.log': `before\n${pem.text}\nafter ${github}\n` });
    expect((await scanned('notes.log')).files).toEqual({
      'notes.log': { 'private-key': [2, 3, 4, 5, 6, 7], 'github-token': [8] },
    });
  });

  test('a file with very many keeps the report small', async () => {
    put({ [PROGRESS]: line({ message: github }).repeat(5000) });
    const { lines, report } = await scanned();
    const [kind] = report.files[0].kinds;
    expect({ lines, count: kind.count, listed: kind.lines.length, more: kind.more_lines }).toEqual({
      lines: 5000,
      count: 5000,
      listed: 1000,
      more: 4000,
    });
    expect((await obs('redact', 'scan')).stdout).toContain('lines 1, 2, 3, 4, 5, 6, 7, 8 and 4992 more\n');
  });
});

describe('words', () => {
  test.each([
    [['redact'], 'redact needs one more word: redact scan, redact apply'],
    [['redact', 'scna'], "unknown command 'redact scna' (did you mean 'redact scan'?)"],
    [['redcat', 'apply'], "unknown command 'redcat' (did you mean 'redact apply'?)"],
    [['redact', 'scan', '--dry-run'], "redact scan takes no option '--dry-run'"],
    [['redact', 'apply', '--dryrun'], "unknown option '--dryrun' (did you mean '--dry-run'?)"],
  ])('%j', async (args, complaint) => {
    expect(await obs(...args)).toMatchObject({ code: 2, stdout: '', stderr: `obs: ${complaint}\n` });
  });

  test('help shows both with examples', async () => {
    const { stdout } = await obs('redact', '--help');
    expect(stdout).toMatch(/^ {2}redact scan \[FILE …\] /m);
    expect(stdout).toMatch(/^ {2}npx @obs\/native redact apply --dry-run$/m);
  });

  test('outside of a workspace only named files are looked at', async () => {
    fs.rmdirSync(inRoot('.claude'));
    put({ 'a.jsonl': line({ message: github }) });
    expect(await obs('redact', 'scan')).toMatchObject({ code: 1, stdout: '' });
    expect((await scanned('a.jsonl')).lines).toBe(1);
  });
});

describe('apply', () => {
  test('leaves no byte of them anywhere, no file beside, and no cache; twice changes nothing', async () => {
    putAll();
    const names = fs.readdirSync(inRoot('.claude/context/logs'));
    const { code, stdout, stderr } = await obs('redact', 'apply');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('7 lines redacted.');
    fs.rmSync(inRoot('.claude/context/logs/notes.txt')); // it is no data file and was not meant
    const bytes = everything() + stdout;
    for (const needle of NEEDLES) expect(bytes).not.toContain(needle);
    expect(fs.existsSync(inRoot(CACHE))).toBe(false);
    expect(fs.readdirSync(inRoot('.claude/context/logs'))).toEqual(names.filter((name) => name !== 'notes.txt'));
    expect(read(PROGRESS)).toBe(
      line({ message: 'fine' }) + line({ message: 'see [REDACTED]' }) + line({ message: 'and [REDACTED]' }),
    );
    expect(JSON.parse(read(DASHBOARD))).toEqual({ a: 1, notes: { deep: ['[REDACTED]'] } });
    const after = snapshot(PROGRESS);
    expect(await scanned()).toMatchObject({ code: 0, lines: 0 });
    expect(await obs('redact', 'apply')).toMatchObject({ code: 0, stdout: '0 lines redacted.\n' });
    expect(snapshot(PROGRESS)).toEqual(after);
  });

  test('keeps lines without a secret byte for byte, the number and order of lines, and damaged lines as text', async () => {
    const whole = JSON.stringify({ run_id: 'r', message: `see ${github}` });
    const odd = [
      '{ "a" :  1.0e0,\t"\\u0061": "\\/" }',
      '',
      '  ',
      '{"torn":"x',
      'no json',
      '{"b":1}\r',
      '\ufeff{}',
      '[1]',
    ];
    const before = [...odd, whole, whole.slice(0, -2), `{"torn":"y${whole}`, `${whole}\r`, ...odd, `{"end":"${github}`];
    put({ [PROGRESS]: before.join('\n') });
    fs.appendFileSync(inRoot(PROGRESS), Buffer.from([0x0a, 0xff, 0xfe, 0x80])); // no UTF-8, and no line end
    await obs('redact', 'apply', PROGRESS);
    const after = fs.readFileSync(inRoot(PROGRESS));
    expect(after.subarray(-4)).toEqual(Buffer.from([0x0a, 0xff, 0xfe, 0x80]));
    const lines = after.subarray(0, -4).toString().split('\n');
    expect(lines).toEqual(before.map((text) => text.replaceAll(github, '[REDACTED]')));
  });

  test('keeps the mode', async () => {
    putAll();
    fs.chmodSync(inRoot(PROGRESS), 0o640);
    await obs('redact', 'apply');
    const { mode } = fs.statSync(inRoot(PROGRESS));
    expect(mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o640);
  });

  test('takes a file of JSON over many lines as one value', async () => {
    put({ [DASHBOARD]: `${JSON.stringify({ a: [1], credentials: { user: ['plain', 'words'] }, b: 2 }, null, 2)}\n` });
    expect((await scanned()).files).toEqual({ [DASHBOARD]: { 'named-key': [5] } });
    await obs('redact', 'apply');
    const wanted = JSON.stringify({ a: [1], credentials: '[REDACTED]', b: 2 }, null, 2);
    expect(read(DASHBOARD)).toBe(`${wanted}\n`);
  });

  test('--dry-run says the same and changes nothing', async () => {
    putAll();
    const before = everything();
    const stats = snapshot(PROGRESS);
    const { code, stdout } = await obs('redact', 'apply', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain('7 lines would be redacted.\nDry run: nothing was changed.');
    expect(everything()).toBe(before);
    expect(snapshot(PROGRESS)).toEqual(stats);
  });

  test('answers stay the same, and recording goes on in the new file', async () => {
    const face = createFace({ projectRoot: root, env: {} });
    for (let at = 0; at < 50; at += 1) face.recordCujExecution('A', at % 3 > 0, at);
    fs.appendFileSync(inRoot(CUJS), line({ timestamp: new Date().toISOString(), cuj_id: 'A', error: github }));
    const ask = () => ({ ...face.getCujSuccessRate('A', null), window_start: 0, window_end: 0 });
    const before = ask();
    face.close();
    expect(await obs('redact', 'apply')).toMatchObject({ code: 0 });
    expect(ask()).toEqual(before);
    face.recordCujExecution('A', true, 1);
    expect(face.getCujSuccessRate('A', null).total).toBe(before.total + 1);
    expect(face.getFailureAnalysis('A', null).recent_failures.at(-1).error).toBe('[REDACTED]');
    face.close();
  });

  test('a symbolic link stays one: the file behind it is rewritten', async () => {
    put({ 'real.jsonl': line({ message: github }) });
    fs.symlinkSync(inRoot('real.jsonl'), inRoot('link.jsonl'));
    expect(await obs('redact', 'apply', 'link.jsonl')).toMatchObject({ code: 0 });
    expect(fs.lstatSync(inRoot('link.jsonl')).isSymbolicLink()).toBe(true);
    expect(read('real.jsonl')).toBe(line({ message: '[REDACTED]' }));
  });

  test('a large file, in memory that does not grow with it', async () => {
    const piece = line({ message: 'x'.repeat(200), metadata: { a: [1, 2, 3] } }).repeat(4000);
    fs.mkdirSync(path.dirname(inRoot(PROGRESS)), { recursive: true });
    const fd = fs.openSync(inRoot(PROGRESS), 'w');
    for (let at = 0; at < 200; at += 1) fs.writeSync(fd, piece + line({ message: github }));
    fs.closeSync(fd);
    const { size } = fs.statSync(inRoot(PROGRESS));
    const report = 'process.on("exit", () => console.error(process.resourceUsage().maxRSS * 1024))';
    const args = [`--import=data:text/javascript,${encodeURIComponent(report)}`, path.join(PACKAGE, 'bin', 'obs.js')];
    for (const action of ['scan', 'apply']) {
      const { stdout, stderr } = await run([...args, 'redact', action, '--json'], { cwd: root });
      expect(JSON.parse(stdout).lines).toBe(200);
      expect(Number(stderr)).toBeLessThan(size);
    }
    const shorter = 200 * (github.length - '[REDACTED]'.length);
    expect(fs.statSync(inRoot(PROGRESS)).size).toBe(size - shorter);
  });
});

describe('apply leaves a file as it is', () => {
  /** Applies and expects that it refused for this reason and changed nothing of the file. */
  async function refused(file, reason) {
    const before = snapshot(file);
    const { code, stdout, stderr } = await obs('redact', 'apply');
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(new RegExp(reason));
    expect(stdout).toContain('1 file left as it is.');
    expect(snapshot(file)).toEqual(before);
    expect(fs.readdirSync(path.dirname(inRoot(file)))).toEqual([path.basename(file)]);
  }

  onLinux('while another process has it open for writing, and does the others', async () => {
    put({ [PROGRESS]: line({ message: github }), [CUJS]: line({ cuj_id: 'A', error: github }) });
    const script = `require('fs').openSync(${JSON.stringify(inRoot(PROGRESS))}, 'a'); console.log('open'); setInterval(() => {}, 1000);`;
    const writer = startWriter(script);
    await until(() => writer.stdout.includes('open'), 'the writer');
    await refused(PROGRESS, `process ${writer.child.pid} \\(.+\\) has it open for writing: end it first`);
    expect(read(CUJS)).toBe(line({ cuj_id: 'A', error: '[REDACTED]' }));
    writer.child.kill();
    await writer.done;
    expect(await obs('redact', 'apply')).toMatchObject({ code: 0 });
  });

  onLinux('while a monitor of this package holds it, but not when somebody only reads', async () => {
    put({ [CUJS]: line({ cuj_id: 'A', error: github }) });
    const fd = fs.openSync(inRoot(CUJS), 'r');
    const face = createFace({ projectRoot: root, env: {} });
    face.recordCujExecution('A', true, 1);
    const { code, stdout } = await obs('redact', 'apply');
    expect(code).toBe(1);
    expect(stdout).toContain(`process ${process.pid} (`);
    face.close();
    expect(await obs('redact', 'apply')).toMatchObject({ code: 0 });
    fs.closeSync(fd);
  });

  test('while a process appends to it that opens it anew for each line, and loses none of its lines', async () => {
    put({ [PROGRESS]: line({ message: github }) });
    const script = `const fs = require('fs'); let n = 0;
      setInterval(() => { fs.appendFileSync(${JSON.stringify(inRoot(PROGRESS))}, '{"n":' + n++ + '}\\n'); if (n === 1) console.log('on'); }, 20);
      process.on('SIGTERM', () => { console.log('last ' + n); process.exit(); });`;
    const writer = startWriter(script);
    await until(() => writer.stdout.includes('on'), 'the writer');
    const { code, stdout } = await obs('redact', 'apply');
    writer.child.kill('SIGTERM');
    const count = Number(/last (\d+)/.exec((await writer.done).stdout)?.[1]);
    expect(stdout).toMatch(/changed meanwhile|open for writing/);
    expect(code).toBe(1);
    const numbers = read(PROGRESS)
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).n);
    expect(numbers).toEqual([undefined, ...Array.from({ length: count }, (_, n) => n)]);
  });

  test('that has a second name, which would keep them', async () => {
    put({ [PROGRESS]: line({ message: github }) });
    fs.linkSync(inRoot(PROGRESS), inRoot('other.jsonl'));
    await refused(PROGRESS, /it has 2 names \(hard links\): remove the others first/);
  });

  test('that has a line too long for the memory', async () => {
    put({ [PROGRESS]: line({ message: github }) });
    fs.appendFileSync(inRoot(PROGRESS), Buffer.alloc(65 * 1024 * 1024, 'x'));
    await refused(PROGRESS, /it has a line longer than 64 MiB/);
  });

  test('and any file while OBS_DISABLED is set', async () => {
    put({ [PROGRESS]: line({ message: github }) });
    const before = snapshot(PROGRESS);
    const script = path.join(PACKAGE, 'bin', 'obs.js');
    const found = await run([script, 'redact', 'apply'], { cwd: root, env: { OBS_DISABLED: '1' } });
    expect(found).toMatchObject({ code: 1, stdout: '' });
    expect(found.stderr).toContain('OBS_DISABLED');
    expect(snapshot(PROGRESS)).toEqual(before);
  });
});

describe('the moment of the change', () => {
  const file = () => inRoot(PROGRESS);
  beforeEach(() => put({ [PROGRESS]: line({ message: github }) + line({ n: 1 }) }));

  test('the new file is on the disk before it takes the place of the old, and the folder after', async () => {
    const calls = [];
    for (const name of ['fsyncSync', 'renameSync']) {
      const real = fs[name];
      jest.spyOn(fs, name).mockImplementation((...args) => {
        const what = name === 'fsyncSync' && fs.fstatSync(args[0]).isDirectory() ? 'folder' : 'file';
        calls.push(`${name} ${what}`);
        return real(...args);
      });
    }
    await rewrite(watch(file()), { dryRun: false });
    const folder = process.platform === 'win32' ? [] : ['fsyncSync folder'];
    expect(calls).toEqual(['fsyncSync file', 'renameSync file', ...folder]);
  });

  test.each(['fsyncSync', 'writeFileSync', 'renameSync'])('when %s fails, all is as before', async (name) => {
    const before = snapshot(PROGRESS);
    jest.spyOn(fs, name).mockImplementation(() => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    });
    await expect(rewrite(watch(file()), { dryRun: false })).rejects.toThrow('no space');
    jest.restoreAllMocks();
    expect(snapshot(PROGRESS)).toEqual(before);
    expect(fs.readdirSync(path.dirname(file()))).toEqual([path.basename(file())]);
  });

  test('a line that comes between the last look and the rename follows, redacted', async () => {
    const real = fs.renameSync;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      if (process.platform !== 'win32') fs.appendFileSync(to, line({ late: github }));
      real(from, to);
    });
    await rewrite(watch(file()), { dryRun: false });
    const late = process.platform === 'win32' ? '' : line({ late: '[REDACTED]' });
    expect(read(PROGRESS)).toBe(line({ message: '[REDACTED]' }) + line({ n: 1 }) + late);
  });

  test('a line that comes within a quarter of a second is seen, however small the file', async () => {
    setTimeout(() => fs.appendFileSync(file(), line({ n: 2 })), 100);
    await expect(rewrite(watch(file()), { dryRun: false })).rejects.toThrow('changed meanwhile');
    expect(read(PROGRESS)).toBe(line({ message: github }) + line({ n: 1 }) + line({ n: 2 }));
  });

  test.each([
    ['a line more', () => fs.appendFileSync(file(), line({ n: 2 }))],
    [
      'another file in its place',
      () => fs.renameSync(file(), `${file()}.1`) ?? put({ [PROGRESS]: line({ a: github }) }),
    ],
    ['other bytes of the same length', () => fs.writeFileSync(file(), read(PROGRESS).replace('"n":1', '"n":2'))],
    ['fewer bytes', () => fs.truncateSync(file(), 5)],
  ])('after the first look came %s: refused', async (_title, change) => {
    const watched = watch(file());
    change();
    const before = snapshot(PROGRESS);
    const outcome = rewrite(watched, { dryRun: false });
    if (before.text.includes(github)) await expect(outcome).rejects.toThrow('changed meanwhile');
    else expect((await outcome).lines).toBe(0);
    expect(snapshot(PROGRESS)).toEqual(before);
  });
});
