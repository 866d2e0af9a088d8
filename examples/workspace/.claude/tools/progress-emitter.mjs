#!/usr/bin/env node
export * from '@obs/native/progress-emitter';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, 'progress-emitter');
