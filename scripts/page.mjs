// Builds the page: its scripts and styles as one file each, into page/built/, for the server and for reports alike.
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from './run.mjs';

const SOURCES = path.join(packageRoot, 'page');
const BUILT = path.join(SOURCES, 'built');
const RESULTS = ['index.html', 'page.js', 'page.css'];

const newest = (files) => Math.max(0, ...files.map((file) => statSync(file).mtimeMs));

function sourceFiles(folder = SOURCES) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'built')
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? sourceFiles(file) : [file];
    });
}

/** Why the page has to be built, or `null`: it is not there, or a source is newer. */
export function whyBuildPage() {
  if (!existsSync(SOURCES)) return null; // not a checkout
  const results = RESULTS.map((name) => path.join(BUILT, name));
  if (results.some((file) => !existsSync(file))) return 'it is not there yet';
  const built = Math.min(...results.map((file) => statSync(file).mtimeMs));
  return newest(sourceFiles()) > built ? 'page has changed since it was built' : null;
}

/** Builds it; gives the size of each file. */
export async function buildPage() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: packageRoot,
    entryPoints: { page: 'page/main.mjs' },
    bundle: true,
    format: 'iife',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    outdir: 'page/built',
    write: false,
    logLevel: 'warning',
  });
  mkdirSync(BUILT, { recursive: true });
  for (const { path: file, contents } of outputFiles) writeFileSync(file, contents);
  copyFileSync(path.join(SOURCES, 'index.html'), path.join(BUILT, 'index.html'));
  return RESULTS.map((name) => [name, statSync(path.join(BUILT, name)).size]);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const sizes = await buildPage();
  console.log(`[page] ${sizes.map(([name, bytes]) => `${name} ${(bytes / 1024).toFixed(0)} KiB`).join(', ')}`);
}
