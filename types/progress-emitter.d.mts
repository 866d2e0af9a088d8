// Types of `@obs/native/progress-emitter` for ES modules.

export * from './progress-emitter.js';
