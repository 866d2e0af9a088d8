// Types of the import from Claude Code, which only the main entry has.

/** What to import, and from where. */
export interface ClaudeImportOptions {
  /** A folder of transcripts, relative to the working directory; default: those of this workspace and its worktrees. */
  from?: string;
  /** Only this session: the path of its own file. */
  session?: string;
  /** The transcripts of every project of this user. */
  allProjects?: boolean;
  /** Nothing that began before it. */
  since?: Date | string | number;
  /** Nothing is written, and every transcript is read. */
  dryRun?: boolean;
  /** Finds the CUJ that a command of Bash runs, as its first group; default `run-cuj\S*\s+(CUJ-\d+)`, in any case. */
  cuj?: RegExp | string;
  /** Imports also what a program of this workspace recorded at the same time under the same name; default `false`. */
  duplicates?: boolean;
  /** Called after each session, or some of them that were read at once. */
  onProgress?: (progress: ClaudeImportProgress) => void;
}

/** How far an import is. */
export interface ClaudeImportProgress {
  sessions: number;
  of_sessions: number;
  bytes: number;
  of_bytes: number;
}

/** Responses of a model and their tokens. */
export interface ClaudeUsage {
  responses: number;
  input_tokens: number;
  output_tokens: number;
  cache_write_tokens: number;
  cache_read_tokens: number;
  /** What the API would have asked for those whose price is known, in US dollars; `null` when there are none. */
  cost_usd: number | null;
  /** Responses whose price is not known. */
  unpriced: number;
}

/** What an import found, in the transcripts that it read, and what it did. */
export interface ClaudeImportReport {
  schema: 1;
  dry_run: boolean;
  /** Absolute paths of the folders that were looked in. */
  folders: string[];
  /** Sessions in these folders. */
  sessions: number;
  /** Those of them that were not read, because nothing can be new in them. */
  unchanged: number;
  /** Files in these folders. */
  files: number;
  /** Lines read. */
  lines: number;
  /** Lines of types that are not known, by type. */
  unknown_types: Record<string, number>;
  /** How often members of lines were met that are not known, as `type.member`, in the types of which something is read out. */
  unknown_fields: Record<string, number>;
  /** Bytes read. */
  bytes: number;
  skills: number;
  /** Skill invocations with an episode: those that were loaded. */
  episodes: number;
  subagents: number;
  cujs: number;
  provider_calls: number;
  /** Records written; of a dry run, those that would have been. */
  imported: number;
  /** On record before: imported earlier, recorded by a hook or by this workspace itself, or a copy of the same session. */
  already_there: number;
  /** Lines that could not be read. */
  damaged: number;
  /** Tokens of the provider calls among `imported`, by model. */
  usage: Record<string, ClaudeUsage>;
  /** The day of the table of list prices that `cost_usd` rests on, `2026-11-30`; `null` without usage. */
  prices: string | null;
  /** Sessions in which something is not over yet. */
  waiting: number;
  /** When the first event began, ISO text; `null` when there is none. */
  first: string | null;
  /** When the last one began. */
  last: string | null;
}

/**
 * Records what transcripts of Claude Code tell: skill invocations, subagents, CUJ runs, provider calls, each at its own time
 * and once, however often this is called. Names, ids, times, counts and redacted error texts are read out, never prompts or
 * answers. The rules stand in `docs/claude-code.md`.
 *
 * @throws {TypeError | RangeError} An option cannot be used.
 * @throws {Error} `code` says why: `OBS_BUSY` (another import is running), `OBS_IO`, `OBS_DISABLED`, `OBS_BAD_PATTERN`.
 * @example
 * importClaudeTranscripts({ since: '2026-05-01' }).imported; // 3271
 */
export function importClaudeTranscripts(options?: ClaudeImportOptions): ClaudeImportReport;
