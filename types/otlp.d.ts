// Types of the export to an OpenTelemetry collector, which only the main entry has.

/** What is exported: records as logs, runs of CUJs with their skills and provider calls as spans, and metrics. */
export type OtlpSignal = 'logs' | 'traces' | 'metrics';

/** What the environment does not say, or says otherwise: options win over `OBS_…` variables, and these over `OTEL_…`. */
export interface OtlpExportOptions {
  /** The collector's address, to which `/v1/logs` and so on is added. Default `http://localhost:4318`. */
  endpoint?: string;
  /** Default `http/protobuf`. */
  protocol?: 'http/protobuf' | 'http/json';
  /** Default `none`. */
  compression?: 'none' | 'gzip';
  /** Headers of each request, such as a token; never told. */
  headers?: Record<string, string>;
  /** How long an answer may take, milliseconds; default 10,000. */
  timeout?: number;
  /** Default all. */
  signals?: OtlpSignal[];
  /** Default `obs`. */
  serviceName?: string;
  /** More attributes of the resource. */
  attributes?: Record<string, string | number | boolean>;
  /** How often metrics are sent, milliseconds; default 60,000. */
  metricInterval?: number;
  /** The first time in a workspace, what is on record already counts as sent; default `false`. */
  fromNow?: boolean;
}

/** What became of one signal since this export was started. */
export interface OtlpSignalReport {
  /** Where it is sent, without credentials. */
  address: string;
  requests: number;
  /** Log records, spans or data points that the collector took. */
  sent: number;
  /** Those that it said it rejected (partial success); they are not sent again. */
  rejected: number;
  /** Those that it will never take, by themselves (400, 413, 422), while it takes others; they are given up. */
  refused: number;
  /** How often something was sent again. */
  retries: number;
  /** Why the collector takes nothing at the moment, or `null`. */
  fault: string | null;
}

/** What an export does, and has done. */
export interface OtlpReport {
  schema: 1;
  /**
   * `off`: nothing is to be sent, or `OBS_DISABLED` is set. `standby`: another process exports from this workspace; this one takes
   * over when it ends. `exporting`. `stopped`.
   */
  state: 'off' | 'standby' | 'exporting' | 'stopped';
  /** Empty until it exports. */
  signals: Partial<Record<OtlpSignal, OtlpSignalReport>>;
}

/** An export that goes on beside the program's own work. */
export interface OtlpExport {
  report(): OtlpReport;
  /** Sends at once; resolves when all that was recorded before is sent, or after `timeout` milliseconds (default 10,000). */
  flush(options?: { timeout?: number }): Promise<OtlpReport>;
  /** Ends it; a batch that is under way has five seconds to be acknowledged. What is not acknowledged is sent the next time. */
  stop(): Promise<OtlpReport>;
}

/**
 * Sends what is recorded in this workspace, by whichever process, to an OpenTelemetry collector: what was not sent yet, then what comes.
 * Where it is, it remembers in `.claude/context/.obs/`, so that each record is sent at least once, and not again once the collector
 * acknowledged it. One of all processes exports; timers and connections keep no process from its end. What goes wrong goes
 * to `configure({ onError })` (`code` is `OBS_OTLP`).
 *
 * @throws {TypeError | RangeError} An option or a variable of the environment cannot be used; the message names it.
 * @example
 * const otlp = startOtlpExport({ endpoint: 'http://collector:4318', signals: ['logs', 'traces'] });
 * const { signals } = await otlp.flush();
 * signals.logs?.sent; // 3271
 */
export function startOtlpExport(options?: OtlpExportOptions): OtlpExport;
