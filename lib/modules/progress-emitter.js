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
} = require('../../index.js');

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
