// `require('@obs/native/progress-emitter')`: exactly the names of that documented module.
'use strict';

const {
  progressEmitter,
  emitProgress,
  subscribeToProgress,
  subscribeToRun,
  getProgressHistory,
  getCurrentProgress,
  ProgressTracker,
  createProgressTracker,
} = require('../face.js').shared()['progress-emitter'];

module.exports = {
  progressEmitter,
  emitProgress,
  subscribeToProgress,
  subscribeToRun,
  getProgressHistory,
  getCurrentProgress,
  ProgressTracker,
  createProgressTracker,
};
