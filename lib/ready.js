// Loads what functions need later: a process may give up its rights, or its root folder, once it has the package.
'use strict';

// From this folder and by these words, because Node finds without looking only what was asked for in the same way before. A
// command line asks for these when it needs them.
require('./configure.js');
require('./faults.js');
require('./findings.js');
require('./flush-timer.js');
require('./format-dashboard.js');
require('./page.js');
require('./resource-usage.js');
require('./salvage.js');
