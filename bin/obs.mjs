#!/usr/bin/env node
// The `obs` command; everything it does is in lib/obs/.
import { main } from '../lib/obs/main.js';

await main(process.argv.slice(2));
