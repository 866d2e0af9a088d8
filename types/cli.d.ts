// Types of `@obs/native/cli`, for the small files in a workspace's `.claude/tools/`.

/** The documented command lines. */
export type Tool =
  'structured-logger' | 'metrics-tracker' | 'progress-emitter' | 'metrics-dashboard' | 'provider-health';

/**
 * Answers the command line of a documented tool when the module is the script that Node was started with, also through links;
 * does nothing when it was imported.
 *
 * @param importMetaUrl The caller's `import.meta.url`.
 * @example
 * runIfMain(import.meta.url, 'structured-logger');
 */
export function runIfMain(importMetaUrl: string, tool: Tool): void;
