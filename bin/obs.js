#!/usr/bin/env node
// The `obs` command; everything it does is in command/. CommonJS, because Yarn's PnP resolves nothing for a bin that is a module.
'use strict';

const { main } = require('../command/main.js');

void main(process.argv.slice(2));
