#!/usr/bin/env node
// What Claude Code runs for its hooks and its status line where there is no program for them. It loads nothing of the `obs`
// command, because it runs often.
'use strict';

require('../claude/hook.js').runWith(process.argv.slice(2));
