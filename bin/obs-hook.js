#!/usr/bin/env node
// What Claude Code runs for its hooks. It loads nothing of the `obs` command, because it runs often.
'use strict';

require('../claude/hook.js').run();
