#!/usr/bin/env node
export * from '@obs/native/provider-health';
import { runIfMain } from '@obs/native/cli';
runIfMain(import.meta.url, 'provider-health');
