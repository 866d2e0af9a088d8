// Types of the functions about the store itself: settings, flushing, health, import.

/** How sure a record is when the recording function returns. */
export type Durability = 'write' | 'batch' | 'sync';

/** What must not be written, beyond the built-in rules. */
export interface RedactOptions {
  /** Names of more keys whose values are secrets; case, `-`, `_`, `.` and spaces make no difference. */
  keys?: string[];
  /**
   * More secrets; every match inside a text is redacted. At most 100, such as can be matched in linear time (no
   * look-around, no back-references), without classes of Unicode properties (`\p`).
   */
  patterns?: RegExp[];
  /** What looks like a secret, or like the name of one, and is none; text stands for exactly itself. */
  allow?: (RegExp | string)[];
  /** Stands in place of a secret; default `[REDACTED]`. */
  replacement?: string;
}

/**
 * A fault met while recording, as given to `onError`: of the disk once for each file and reason, until writing there
 * succeeds again. Records lost to it are counted in {@link StoreHealth}.
 */
export interface RecordingError extends Error {
  /** `OBS_WRITE` for a fault of the disk. */
  code: string;
  /** The key of `dropped.by_reason`, such as `full`, `quota`, `denied`, `read_only`. */
  reason?: string;
  /** The data file. */
  path?: string;
  /** `true`: records for the file are given up; `false`: they wait in memory and are tried again. */
  dropped?: boolean;
}

/** What `configure` takes. What is left out stays as it is. */
export interface ConfigureOptions {
  /** The folder that holds `.claude/`; a relative path counts from the working directory. */
  projectRoot?: string;
  /**
   * The folder that holds `logs/` and `analytics/`, absolute or relative to the project root; default `.claude/context`, or
   * `.claude/context/runtime` where only that holds data files. The environment variable `OBS_DATA_DIR` says the same.
   */
  dataDir?: string;
  /**
   * `'write'` (default): in the file when the function returns. `'batch'`: within 50 ms, at `flush()` and at exit.
   * `'sync'`: on the disk when the function returns. Wins over `OBS_DURABILITY`.
   */
  durability?: Durability;
  /** Gets every fault of the disk, and whatever a listener of `'progress'` threw; `null` takes it away. */
  onError?: ((error: RecordingError) => void) | null;
  /** Rules left out stay as they are; an empty list takes them away. */
  redact?: RedactOptions;
  /** Bytes, default 262,144. Longer records are cut, with a marker in place of what is missing. */
  maxRecordBytes?: number;
}

/**
 * What became of every record of this process (of this Jest file, of this worker). `attempted` is always
 * `accepted + pending + dropped.total`.
 */
export interface StoreHealth {
  /** Record calls that did not throw. */
  attempted: number;
  /** Whole in their file. */
  accepted: number;
  /** Held in memory: batch mode, or the disk refuses for a reason that may pass. */
  pending: number;
  /** Given up, also by reason: `disabled`, `denied`, `read_only`, `symlink`, `overflow` and the like; `internal` is a fault of
   * the package itself, which is given to `onError` with the code `OBS_INTERNAL`. */
  dropped: { total: number; by_reason: Record<string, number> };
  /** Damaged lines in the files read so far. */
  skipped_lines: number;
  durability: Durability;
  /** Absolute path. */
  project_root: string;
}

/**
 * Changes settings of this process (of this Jest file, of this worker).
 *
 * @throws {TypeError | RangeError} An option is unknown or cannot be used; then nothing was changed. `code` is
 *   `OBS_INVALID_ARGUMENT`, or `OBS_BAD_PATTERN` for an expression, a key or a replacement that redaction cannot use.
 * @example
 * configure({ projectRoot: '/home/me/app', durability: 'batch', onError: (error) => console.warn(error.message) });
 */
export function configure(options: ConfigureOptions): void;

/**
 * Tries to write everything pending. Never throws for a fault of the disk: what it does not take stays pending, or is
 * dropped and counted.
 *
 * @example
 * flush().pending; // 0
 */
export function flush(): StoreHealth;

/**
 * Flushes and gives back descriptors and memory. The next call opens again.
 *
 * @example
 * close();
 */
export function close(): void;

/**
 * What became of every record so far.
 *
 * @example
 * getStoreHealth().dropped.by_reason; // { full: 3 }
 */
export function getStoreHealth(): StoreHealth;

/**
 * Appends the runs of a legacy `cuj-performance.json` that are not on record yet; running it twice changes nothing.
 *
 * @param file Relative to the project root; default `.claude/context/analytics/cuj-performance.json`. A missing file
 *   holds no runs.
 * @returns How many runs were appended, and how many were on record already or have no id or readable time.
 * @throws {TypeError} `file` is not the path of a file.
 * @throws {Error} The file cannot be read or is no such file; `code` says why: `OBS_IO`, `OBS_MALFORMED`,
 *   `OBS_DISABLED`.
 * @example
 * importLegacyPerformance(); // { imported: 41, skipped: 0 }
 */
export function importLegacyPerformance(file?: string | null): { imported: number; skipped: number };
