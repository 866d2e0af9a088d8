// A process that exports a workspace until it is killed, in small batches and with short pauses.
'use strict';

const { createFace } = require('../../lib/face.js');
const { Exporter } = require('../../export/otlp/exporter.js');

const { root, options, want } = JSON.parse(process.argv[2]);
const pauses = { first: 5, most: 50, refused: 50 };
new Exporter(createFace({ projectRoot: root, env: {} }).core(), options, { tell: () => {}, pauses, want, poll: 20, env: {} }).start(); // prettier-ignore
process.stdout.write('ready\n');
setInterval(() => {}, 60_000);
