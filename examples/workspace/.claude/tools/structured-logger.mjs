#!/usr/bin/env node
export * from '@obs/native/structured-logger';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, 'structured-logger');
