// Tells which versions of the C library a Linux binary asks for: one that is newer than the oldest system we serve must not ship.
import { run } from './run.mjs';

/** Debian 10, RHEL 8 and Ubuntu 18.10 have it. */
export const OLDEST_GLIBC = '2.28';

const compare = (a, b) => a.localeCompare(b, 'en', { numeric: true });

/** The versions in what `readelf -V` printed, oldest first. */
export function versionsIn(text) {
  return [...new Set([...text.matchAll(/\bGLIBC_(\d[\d.]*)/g)].map(([, version]) => version))].sort(compare);
}

/** `{ skipped }` with the reason, or `{ newest, tooNew }`: the newest version that `binary` asks for, and those too new. */
export async function askedOfGlibc(binary) {
  const { code, output } = await run('readelf', ['-V', binary], { show: false });
  if (code !== 0) return { skipped: `readelf says: ${output.trim().split('\n')[0]}` };
  const versions = versionsIn(output);
  return { newest: versions.at(-1) ?? null, tooNew: versions.filter((each) => compare(each, OLDEST_GLIBC) > 0) };
}
