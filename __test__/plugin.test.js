// The package as a plugin of Claude Code: its files have the documented shapes, name what is there, and the real program takes them.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

const manifest = require('../package.json');
const { EVENTS, withHooks } = require('../claude/hook-settings.js');
const { TOOLS } = require('../command/mcp/tools.js');
const { CLAUDE, testWith } = require('./support/box.js');
const { PACKAGE, cleanEnvironment, runNode } = require('./support/child.js');
const { makeFolder, removeFolder, writeFiles } = require('./support/command-line.js');
const { converse, recordedIn, request } = require('./support/mcp.js');

const read = (name) => fs.readFileSync(path.join(PACKAGE, name), 'utf8');
const json = (name) => JSON.parse(read(name));
const ROOT = '${CLAUDE_PLUGIN_ROOT}/';

/** The file of the package that a command of the plugin names. */
function fileOf(word) {
  expect(word.startsWith(ROOT)).toBe(true);
  return word.slice(ROOT.length);
}

test('plugin and marketplace name this package and this version', () => {
  const plugin = json('.claude-plugin/plugin.json');
  expect(plugin).toMatchObject({ name: 'obs', version: manifest.version, license: manifest.license });
  const { name, owner, plugins } = json('.claude-plugin/marketplace.json');
  expect([typeof name, typeof owner.name, plugins.length]).toEqual(['string', 'string', 1]);
  expect(plugins[0]).toMatchObject({ name: plugin.name, source: { source: 'npm', package: manifest.name } });
  // A caret takes what has the same first number that is not 0.
  const stem = (version) => /^(0\.[1-9]\d*|[1-9]\d*)\./.exec(version)[1];
  expect(plugins[0].source.version).toMatch(/^\^/);
  expect(stem(plugins[0].source.version.slice(1))).toBe(stem(manifest.version));
});

test('everything of the plugin is published', () => {
  for (const name of ['.claude-plugin', '.mcp.json', 'hooks', 'skills', 'bin']) expect(manifest.files).toContain(name);
});

test('the hooks are those that the installer writes, and call a program of the package', () => {
  const { hooks } = json('hooks/hooks.json');
  expect(Object.keys(hooks)).toEqual(EVENTS);
  const [[{ hooks: handlers }]] = Object.values(hooks);
  const program = [handlers[0].command, ...(handlers[0].args ?? [])].find((word) => word.startsWith(ROOT));
  expect(manifest.files).toContain(fileOf(program).split('/')[0]);
  expect(fs.existsSync(path.join(PACKAGE, fileOf(program)))).toBe(true);
  expect(hooks).toEqual(JSON.parse(withHooks('{}', { command: handlers[0].command, args: handlers[0].args })).hooks);
});

test('the server of .mcp.json starts and answers', () => {
  const { mcpServers } = json('.mcp.json');
  expect(Object.keys(mcpServers)).toEqual(['obs']);
  const { command, args } = mcpServers.obs;
  expect(command).toBe('node');
  const { stdout } = spawnSync(process.execPath, [path.join(PACKAGE, fileOf(args[0])), ...args.slice(1)], {
    input: `${request(1, 'tools/list')}\n`,
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout).result.tools).toHaveLength(Object.keys(TOOLS).length);
});

test('the skill has a name, says when to use it, and speaks of tools that there are', () => {
  const names = fs.readdirSync(path.join(PACKAGE, 'skills'));
  expect(names).toEqual(['history']);
  const [, head, body] = /^---\n([^]*?)\n---\n([^]*)$/.exec(read('skills/history/SKILL.md'));
  const fields = Object.fromEntries(head.split('\n').map((line) => /^(\w+): (.+)$/.exec(line).slice(1)));
  expect(fields.name).toBe('history');
  expect(fields.description.length).toBeLessThan(1024);
  const named = new Set(body.match(/\bobs_\w+/g));
  expect([...named].filter((name) => !Object.hasOwn(TOOLS, name))).toEqual([]);
  const known = new Set(Object.values(TOOLS).flatMap(({ inputSchema }) => Object.keys(inputSchema.properties)));
  const told = [...body.matchAll(/with ((?:`\w+`(?:, | or )?)+)/g)].flatMap(([, list]) => list.match(/\w+(?=`)/g));
  expect(told.length).toBeGreaterThan(4);
  expect(told.filter((name) => !known.has(name) && !Object.hasOwn(TOOLS, name))).toEqual([]);
});

describe('the addon of a plugin, which is a copy without its dependencies', () => {
  let folder;
  beforeEach(() => (folder = makeFolder()));
  afterEach(() => removeFolder(folder));

  const home = (...parts) => path.join(folder, ...parts, 'cache', 'market', 'obs', manifest.version);
  const platform = (place, version, says) =>
    writeFiles(path.join(folder, place, 'node_modules', '@obs', 'native-here'), {
      'package.json': JSON.stringify({ version, main: 'it.js' }),
      'it.js': `module.exports = '${says}';`,
    });

  test('is found where npm put the original, only of this version, and never in a project', () => {
    // Jest remembers which files are not there.
    const file = JSON.stringify(require.resolve('../lib/plugin-addon.js'));
    const env = { CLAUDE_PROJECT_DIR: path.join(folder, 'project') };
    const find = (place = home('plugins')) => {
      const asked = JSON.stringify([['other', 'here'], place]).slice(1, -1);
      const { stdout } = runNode(['-p', `JSON.stringify(require(${file}).addonOfPlugin(${asked}))`], { env });
      return JSON.parse(stdout);
    };
    expect(find()).toBe(null);
    platform('project', manifest.version, 'of the project');
    platform('plugins/npm-cache', '9.9.9', 'of another version');
    expect(find()).toBe(null);
    platform('plugins/npm-cache', manifest.version, 'of the plugin');
    expect(find()).toBe('of the plugin');
    // A package that is no plugin looks nowhere else.
    expect([find(home('elsewhere')), find(path.join(folder, 'plugins', 'node_modules', '@obs', 'native'))]).toEqual([null, null]); // prettier-ignore
  });
});

describe('Claude Code itself', () => {
  let folder;
  beforeEach(() => (folder = makeFolder()));
  afterEach(() => removeFolder(folder));

  function claude(args, env = {}) {
    const quiet = { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
    const { status, stdout, stderr } = spawnSync(CLAUDE, args, {
      cwd: folder,
      env: cleanEnvironment({ HOME: folder, CLAUDE_CONFIG_DIR: path.join(folder, 'config'), ...quiet, ...env }),
      encoding: 'utf8',
      timeout: 50_000,
    });
    return { status, said: stdout + stderr };
  }

  testWith(['claude'], 'finds nothing wrong with plugin and marketplace, warnings included', () => {
    for (const name of ['plugin.json', 'marketplace.json']) {
      const { status, said } = claude(['plugin', 'validate', '--strict', path.join(PACKAGE, '.claude-plugin', name)]);
      expect([name, status, said]).toEqual([name, 0, expect.stringContaining('Validation passed')]);
    }
  });

  testWith(
    ['claude'],
    'installs it from a registry by the marketplace, and its server answers there',
    async () => {
      const dist = path.join(folder, 'dist');
      expect(runNode([path.join(PACKAGE, 'scripts', 'pack.mjs'), '--out', dist]).status).toBe(0);
      writeFiles(folder, { 'market/.claude-plugin/marketplace.json': read('.claude-plugin/marketplace.json') });
      const registry = spawn(process.execPath, [path.join(__dirname, 'support', 'registry.mjs'), dist]);
      try {
        const [url] = await new Promise((resolve) => registry.stdout.once('data', (text) => resolve(String(text).split('\n')))); // prettier-ignore
        const env = { npm_config_registry: url, npm_config_cache: path.join(folder, 'npm') };
        const steps = [
          ['marketplace', 'add', path.join(folder, 'market')],
          ['install', 'obs@obs-native'],
        ];
        for (const step of steps) {
          const { status, said } = claude(['plugin', ...step], env);
          expect([step, status, said]).toEqual([step, 0, expect.stringContaining('Successfully')]);
        }
        expect(claude(['mcp', 'list'], env).said).toMatch(/plugin:obs:obs: .* Connected/);
      } finally {
        registry.stdin.end();
      }
      const home = path.join(folder, 'config', 'plugins', 'cache', 'obs-native', 'obs', manifest.version);
      fs.mkdirSync(path.join(folder, '.claude'));
      const { stdout } = spawnSync(process.execPath, [path.join(home, 'bin', 'obs.js'), 'mcp', '--root', folder], {
        input: `${request(1, 'tools/call', { name: 'obs_skills' })}\n`,
        encoding: 'utf8',
      });
      expect(recordedIn(JSON.parse(stdout).result.content[0].text).rows).toEqual([]);
      const event = {
        hook_event_name: 'TaskCreated',
        session_id: 's1',
        cwd: folder,
        task_id: 1,
        task_subject: 'Build',
      };
      const [[{ hooks: handlers }]] = Object.values(json('hooks/hooks.json').hooks);
      const words = [handlers[0].command, ...(handlers[0].args ?? [])].map((word) => word.replace(ROOT, `${home}/`));
      spawnSync(words[0], words.slice(1), { input: JSON.stringify(event), env: cleanEnvironment() });
      const progress = fs.readFileSync(path.join(folder, '.claude/context/logs/progress.jsonl'), 'utf8');
      expect(JSON.parse(progress)).toMatchObject({ run_id: 's1', message: 'Task: Build' });
    },
    120_000,
  );
});

test('the words of the server about its tools are those of the plugin', () => {
  const [{ result }] = converse([request(1, 'initialize', { protocolVersion: '2025-11-25' })]).replies;
  expect(result.instructions).toContain('<recorded>');
  expect(read('skills/history/SKILL.md')).toContain('<recorded>');
});
