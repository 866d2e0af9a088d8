// Types of `@obs/native/testing`.

import type * as api from '../index.js';

/** A temporary project root with every documented function working inside it, and nothing shared with any other. */
export type TestWorkspace = typeof api & {
  /** Absolute path of the temporary project root; it holds an empty `.claude` folder. */
  root: string;
  /** Absolute path of something under the root. */
  path(...parts: string[]): string;
  /** Text of a file under the root, `''` when it does not exist. */
  read(file: string): string;
  /** The parsed lines of a JSONL file under the root; throws at a line that is not JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into lines of their own choice
  lines(file: string): any[];
  /** Writes what is pending, gives everything back and removes the folder. */
  cleanup(): void;
};

/**
 * A workspace for one test. Environment variables such as `OBS_DISABLED` do not reach it.
 *
 * @example
 * const workspace = createTestWorkspace();
 * workspace.recordCujExecution('CUJ-001', true, 12);
 * expect(workspace.getCujSuccessRate('CUJ-001').total).toBe(1);
 * workspace.cleanup();
 */
export function createTestWorkspace(): TestWorkspace;
