// Types of `@obs/native/provider-health` for ES modules.

export * from './provider-health.js';
