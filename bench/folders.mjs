// Temporary folders for the topics.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Makes a fresh folder below `parent` for `use(folder)`, and removes it afterwards. */
export async function withFolder(parent, use) {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'obs-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
