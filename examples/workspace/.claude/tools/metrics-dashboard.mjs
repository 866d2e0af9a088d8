#!/usr/bin/env node
export * from '@obs/native/metrics-dashboard';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, 'metrics-dashboard');
