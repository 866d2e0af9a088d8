#!/usr/bin/env node
// The `obs` command; everything it does is in command/.
import { main } from '../command/main.js';

await main(process.argv.slice(2));
