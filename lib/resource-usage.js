// Measures what a step used: time, memory, processor time.
'use strict';

const NS_PER_MS = 1_000_000;
const BYTES_PER_MB = 1_048_576;

/** Numbers of this process now, as the dashboard shows them. */
function currentResources() {
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const megabytes = (bytes) => (bytes / BYTES_PER_MB).toFixed(2);
  return {
    current_process: {
      heap_used_mb: megabytes(memory.heapUsed),
      heap_total_mb: megabytes(memory.heapTotal),
      external_mb: megabytes(memory.external),
      rss_mb: megabytes(memory.rss),
      cpu_user_ms: cpu.user / 1000,
      cpu_system_ms: cpu.system / 1000,
    },
    system_info: {
      platform: process.platform,
      arch: process.arch,
      node_version: process.version,
      uptime_seconds: process.uptime(),
    },
  };
}

/**
 * Starts measuring; `end()` gives what was used since: `{ step, duration_ns, duration_ms, memory_delta_mb,
 * heap_used_mb, cpu_user_ms, cpu_system_ms }`, all but `step` numbers.
 */
function trackResourceUsage(stepName) {
  const startHeap = process.memoryUsage().heapUsed;
  const startCpu = process.cpuUsage();
  const startTime = process.hrtime.bigint();

  return {
    end() {
      const duration = Number(process.hrtime.bigint() - startTime);
      const cpu = process.cpuUsage(startCpu);
      const heap = process.memoryUsage().heapUsed;
      return {
        step: stepName,
        duration_ns: duration,
        duration_ms: duration / NS_PER_MS,
        memory_delta_mb: (heap - startHeap) / BYTES_PER_MB,
        heap_used_mb: heap / BYTES_PER_MB,
        cpu_user_ms: cpu.user / 1000,
        cpu_system_ms: cpu.system / 1000,
      };
    },
  };
}

module.exports = { currentResources, trackResourceUsage };
