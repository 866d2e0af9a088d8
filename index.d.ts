// Types of `@obs/native`: every documented name. The words and examples stand with each module in `types/`.

export * from './types/structured-logger.js';
export * from './types/metrics-tracker.js';
export * from './types/progress-emitter.js';
export * from './types/provider-health.js';
export * from './types/metrics-dashboard.js';
export * from './types/questions.js';
export * from './types/tables.js';
export * from './types/store.js';
export * from './types/alerts.js';
export * from './types/claude.js';
export * from './types/otlp.js';
