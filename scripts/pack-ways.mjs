// The ways to install the packages that `npm run pack -- --check` tries: what each writes into a workspace and runs there.
import { platformPackages } from './packages.mjs';
import { packageRoot } from './run.mjs';

const QUIET = ['--no-audit', '--no-fund', '--ignore-scripts'];
const npm = (...args) => ['npm', 'install', ...QUIET, ...args];
const fetched = (name, command) => ['npm', 'exec', '--yes', `--package=${name}`, '--', command];
const manifest = (more) => ({
  'package.json': JSON.stringify({ name: 'workspace', version: '1.0.0', private: true, ...more }),
});

/**
 * Where each platform's package is found. From a registry all of them would be; yarn and bun refuse what they cannot
 * find, even an optional package of another system, so those are links to their folders, without a binary.
 */
function places(platform) {
  const linked = platformPackages().map((each) => [each.manifest.name, `link:${each.folder}`]);
  return { ...Object.fromEntries(linked), [platform.name]: `file:${platform.file}` };
}

function npmWays(main, platform) {
  return [
    { name: 'npm, both tarballs', commands: [npm(main.file, platform.file)] },
    { name: 'npm, the checkout as a link', commands: [npm(packageRoot)] },
    { name: 'npm --install-links', commands: [npm('--install-links', packageRoot)] },
    {
      name: 'npm --omit=optional: its clear error',
      commands: [npm('--omit=optional', main.file)],
      wanted: `npm install ${platform.name}@${platform.version}`,
    },
  ];
}

function yarnWays(main, platform) {
  const both = { [main.name]: `file:${main.file}`, [platform.name]: `file:${platform.file}` };
  const files = manifest({ dependencies: both, resolutions: places(platform) });
  const alone = manifest({ dependencies: { [main.name]: both[main.name] }, resolutions: places(platform) });
  const yarn1 = fetched('yarn@1', 'yarn');
  const yarn4 = fetched('@yarnpkg/cli-dist@4', 'yarn');
  const pnp = { 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: pnp\nenableTelemetry: false\n' };
  const inPnp = { needs: yarn4, commands: [[...yarn4, 'install']], node: [...yarn4, 'node'], obs: [...yarn4, 'obs'] };
  return [
    { name: 'yarn 1, both tarballs', files, needs: yarn1, commands: [[...yarn1, 'install', '--ignore-scripts']] },
    { name: 'yarn 4 with PnP, both tarballs', files: { ...files, ...pnp }, ...inPnp },
    { name: 'yarn 4 with PnP, only the main package named', files: { ...alone, ...pnp }, ...inPnp },
  ];
}

/** Every way: a name, `files` and `commands` that install in an empty workspace, and how `node` and `obs` run there. */
export function waysToInstall([main, platform]) {
  const pnpm = fetched('pnpm@9', 'pnpm');
  const bun = fetched('bun@1', 'bun');
  const dependencies = { [main.name]: `file:${main.file}` };
  const forBun = manifest({ dependencies, overrides: places(platform) });
  const usual = { files: manifest(), node: ['node'], obs: ['node_modules/.bin/obs'] };
  return [
    ...npmWays(main, platform),
    { name: 'pnpm, both tarballs', needs: pnpm, commands: [[...pnpm, 'add', main.file, platform.file]] },
    ...yarnWays(main, platform),
    { name: 'bun, both tarballs', files: forBun, needs: bun, commands: [[...bun, 'install', '--ignore-scripts']] },
  ].map((way) => ({ ...usual, ...way }));
}
