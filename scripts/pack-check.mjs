// Installs what `npm run pack` made into fresh workspaces, with every package manager that can be had, and records and asks.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { platformPackages } from './packages.mjs';
import { serveRegistry } from './registry.mjs';
import { packageRoot, run } from './run.mjs';

const ASK = `const obs = require('@obs/native');
obs.logSkillInvocation({ skill: 'check', result: 'success' });
obs.recordCujExecution('CUJ-001', true, 5);
const found = [obs.getLogger().queryLogs().length, obs.getCujSuccessRate('CUJ-001').total];
if (found.join() !== '1,1') throw new Error('asked back: ' + found);
`;

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts'];
const NPM = ['npm', 'install', ...QUIET];
const fetched = (name, ...words) => ['npm', 'exec', '--yes', `--package=${name}`, '--', ...words];
const PNPM = fetched('pnpm@9', 'pnpm');
const YARN_1 = fetched('yarn@1', 'yarn');
const YARN_4 = fetched('@yarnpkg/cli-dist@4', 'yarn');
const BUN = fetched('bun@1', 'bun');

/** From the files themselves, as somebody with a checkout installs them. */
function fromFiles([main, platform]) {
  const missing = `npm install ${platform.name}@${platform.version}`;
  return [
    { name: 'npm, both tarballs', install: [...NPM, main.file, platform.file] },
    { name: 'npm, the checkout as a link', install: [...NPM, packageRoot] },
    { name: 'npm --install-links', install: [...NPM, '--install-links', packageRoot] },
    { name: 'npm --omit=optional: its clear error', install: [...NPM, '--omit=optional', main.file], wanted: missing },
    { name: 'pnpm, both tarballs', manager: PNPM, install: [...PNPM, 'add', main.file, platform.file] },
  ];
}

/** From a registry that has every package, as everybody else does. `obs` is how that manager runs a bin. */
function fromRegistry([{ name }]) {
  const bin = ['obs', 'doctor', '--json'];
  return [
    { name: 'npm', install: [...NPM, name], obs: ['npm', 'exec', '--', ...bin] },
    { name: 'pnpm', manager: PNPM, install: [...PNPM, 'add', name], obs: [...PNPM, 'exec', ...bin] },
    { name: 'yarn 1', manager: YARN_1, install: [...YARN_1, 'add', name], obs: [...YARN_1, '-s', ...bin] },
    {
      name: 'yarn 4 with PnP',
      manager: YARN_4,
      install: [...YARN_4, 'add', name],
      node: [...YARN_4, 'node'],
      obs: [...YARN_4, ...bin],
    },
    { name: 'bun', manager: BUN, install: [...BUN, 'add', name], obs: [...BUN, 'x', ...bin] },
    { name: 'bun, running the script too', manager: BUN, install: [...BUN, 'add', name], node: BUN },
  ].map((way) => ({ ...way, name: `${way.name}, from a registry` }));
}

function makeWorkspace(folder, url) {
  const files = {
    'package.json': '{ "name": "workspace", "private": true }\n',
    'ask.js': ASK,
    '.npmrc': `@obs:registry=${url}\n`,
    'bunfig.toml': `[install.scopes]\n"@obs" = "${url}"\n`,
    '.yarnrc.yml': `nodeLinker: pnp
enableTelemetry: false
enableGlobalCache: false
enableImmutableInstalls: false
unsafeHttpWhitelist: ['127.0.0.1']
npmScopes: { obs: { npmRegistryServer: '${url}' } }
`,
    'yarn.lock': '',
  };
  mkdirSync(path.join(folder, '.claude'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
}

/** `{ result: 'works' | 'skipped' | 'FAILED', why }` of one way to install. */
async function tryWay({ install, manager, node = ['node'], obs, wanted }, folder) {
  const here = ([command, ...args]) => run(command, args, { show: false, cwd: folder, env: { CI: '1' } });
  if (manager && (await here([...manager, '--version'])).code !== 0) {
    return { result: 'skipped', why: `${manager.join(' ')} cannot be had` };
  }
  for (const command of [install, [...node, 'ask.js'], ...(obs ? [obs] : [])]) {
    const { code, output } = await here(command);
    if (wanted !== undefined && code !== 0 && output.includes(wanted)) return { result: 'works' };
    if (code !== 0) return { result: 'FAILED', why: `${command.join(' ')}\n${output.trimEnd()}` };
  }
  return wanted === undefined ? { result: 'works' } : { result: 'FAILED', why: `nobody said "${wanted}"` };
}

/** Tries every way with the packages that were made, and tells of each; whether none failed. */
export async function checkPackages(packages) {
  // No manager takes a package for another system, so any tarball does for those.
  const others = platformPackages().filter(({ manifest }) => manifest.name !== packages[1].name);
  const registry = await serveRegistry([
    ...packages,
    ...others.map(({ manifest }) => ({ manifest, file: packages[1].file })),
  ]);
  const shop = mkdtempSync(path.join(os.tmpdir(), 'obs-pack-check-'));
  let failed = 0;
  try {
    for (const [index, way] of [...fromFiles(packages), ...fromRegistry(packages)].entries()) {
      const folder = path.join(shop, String(index));
      makeWorkspace(folder, registry.url);
      const { result, why } = await tryWay(way, folder);
      console.log(`[check] ${result.padEnd(7)}  ${way.name}${why ? `: ${why}` : ''}`);
      failed += result === 'FAILED' ? 1 : 0;
    }
  } finally {
    await registry.close();
    rmSync(shop, { recursive: true, force: true });
  }
  return failed === 0;
}
