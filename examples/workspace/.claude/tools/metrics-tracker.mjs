#!/usr/bin/env node
export * from '@obs/native/metrics-tracker';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, 'metrics-tracker');
