// Types of `@obs/native/structured-logger` for ES modules.

export * from './structured-logger.js';
