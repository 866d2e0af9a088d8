// Answers what the page asks first (`Now`) about the workspace that is named, in a process of its own.
'use strict';

const { createFace } = require('../../lib/face.js');
const { answer } = require('../../server/answers.js');

const NOW = [
  ['alerts', {}],
  ['providers', { span: '24h' }],
  ['runs', { span: '24h', limit: '200' }],
];

async function main() {
  const face = createFace({ projectRoot: process.argv[2], env: {} });
  for (const [name, parameters] of NOW) await answer([face], name, parameters);
  face.close();
}

main();
