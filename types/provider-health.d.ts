// Types of provider health, `@obs/native/provider-health`. Latencies are in milliseconds, rates from 0 to 1.

/** A provider with calls on record. */
export interface AvailableProvider {
  /** As asked for. */
  provider: string;
  available: true;
  success_rate: number;
  total_calls: number;
  successful_calls: number;
  failed_calls: number;
  /** Over all calls, rounded. */
  avg_latency_ms: number;
  /** Exact nearest rank over the last 100 calls. */
  latency_p50: number;
  latency_p95: number;
  latency_p99: number;
  /** Epoch ms. */
  last_success: number | null;
  /** Epoch ms. */
  last_failure: number | null;
  /** The last 10 failed calls that have an error, oldest first; `timestamp` as it stands in the file, epoch ms. */
  recent_errors: { timestamp: number; error: string }[];
}

/** A provider without calls on record. */
export interface UnavailableProvider {
  provider: string;
  available: false;
  reason: string;
}

/** Tell the two apart by `available`. */
export type ProviderHealth = AvailableProvider | UnavailableProvider;

/** All providers together. */
export interface OverallHealth {
  /** By the overall success rate: `unhealthy` under 0.7, `degraded` under 0.9; `unknown` without data. */
  status: 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
  /** Providers with a success rate over 0.95. */
  healthy_providers: number;
  total_providers: number;
  overall_success_rate: number;
  /** Weighted by calls, rounded. */
  overall_avg_latency_ms: number;
  /** Absent without data. */
  providers?: Record<string, AvailableProvider>;
}

/** One provider beside the others. */
export interface ProviderComparison {
  provider: string;
  success_rate: number;
  avg_latency_ms: number;
  total_calls: number;
  /** `success_rate · (1 - min(avg_latency_ms / 10000, 1))`. */
  score: number;
}

/**
 * Records calls to AI providers and tells how healthy each looks. All monitors share the calls on record; a reset hides
 * earlier calls from one monitor only and deletes nothing.
 *
 * @example
 * const monitor = new ProviderHealthMonitor();
 * monitor.recordProviderCall('anthropic', true, 1234);
 */
export class ProviderHealthMonitor {
  constructor();

  /**
   * Records one call.
   *
   * @param provider Stored in lower case.
   * @param success Stored as a boolean.
   * @param latencyMs Milliseconds; what is not a finite number is stored as `null`.
   * @param error An `Error`, any object with a `message`, or text; redacted, cut at 200 units.
   * @param metadata Anything more; redacted.
   * @throws {TypeError} `provider` is not a string.
   * @example
   * monitor.recordProviderCall('openai', false, 30000, new Error('Timeout'), { model: 'x' });
   */
  recordProviderCall(
    provider: string,
    success: boolean,
    latencyMs?: number | null,
    error?: unknown,
    metadata?: unknown,
  ): void;

  /**
   * The health of one provider, in any case of letters.
   *
   * @throws {TypeError} `provider` is not a string.
   * @example
   * const health = monitor.getProviderHealth('anthropic');
   * if (health.available) console.log(health.success_rate);
   */
  getProviderHealth(provider: string): ProviderHealth;

  /**
   * Every provider's health by name, in order of first appearance.
   *
   * @example
   * Object.keys(monitor.getAllProviderHealth()); // ['anthropic', 'openai']
   */
  getAllProviderHealth(): Record<string, AvailableProvider>;

  /**
   * All providers together.
   *
   * @example
   * monitor.getOverallHealth().status; // 'healthy'
   */
  getOverallHealth(): OverallHealth;

  /**
   * The providers by score, best first.
   *
   * @example
   * monitor.getProviderComparison()[0]?.provider; // 'anthropic'
   */
  getProviderComparison(): ProviderComparison[];

  /**
   * Hides the provider's calls so far from this monitor.
   *
   * @throws {TypeError} `provider` is not a string.
   * @example
   * monitor.resetProvider('openai');
   */
  resetProvider(provider: string): void;

  /**
   * Hides all calls so far from this monitor.
   *
   * @example
   * monitor.resetAll();
   */
  resetAll(): void;
}

/**
 * The shared monitor.
 *
 * @example
 * getGlobalHealthMonitor().getOverallHealth().status;
 */
export function getGlobalHealthMonitor(): ProviderHealthMonitor;

/**
 * Records one call with the shared monitor; see {@link ProviderHealthMonitor.recordProviderCall}.
 *
 * @throws {TypeError} `provider` is not a string.
 * @example
 * recordProviderCall('anthropic', true, 1234);
 */
export function recordProviderCall(
  provider: string,
  success: boolean,
  latencyMs?: number | null,
  error?: unknown,
): void;

/**
 * The health of one provider from the shared monitor; see {@link ProviderHealthMonitor.getProviderHealth}.
 *
 * @throws {TypeError} `provider` is not a string.
 * @example
 * getProviderHealth('anthropic').available; // true
 */
export function getProviderHealth(provider: string): ProviderHealth;
