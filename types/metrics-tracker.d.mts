// Types of `@obs/native/metrics-tracker` for ES modules.

export * from './metrics-tracker.js';
