// Types of `@obs/native/metrics-dashboard` for ES modules.

export * from './metrics-dashboard.js';
