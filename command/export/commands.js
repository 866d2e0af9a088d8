// The commands `obs export …`: asks the room `export`, and prints or replaces a file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { Complaint } = require('../terminal/output.js');
const { findWorkspace } = require('../workspace/workspace.js');
const { tell } = require('../../lib/faults.js');
const { visible } = require('../../lib/visible.js');

async function put({ options, output }, text) {
  if (options.out === undefined) {
    await output.write(text);
    return;
  }
  const { replaceFile } = require('../../export/replace.js');
  try {
    replaceFile(options.out, text);
  } catch (error) {
    throw new Complaint(`--out ${visible(options.out)} could not be written: ${error.message}`);
  }
}

async function prometheus(asked) {
  const { createFace } = require('../../lib/face.js');
  const render = require('../../export/prometheus.js');
  const { root, openmetrics, 'max-values': maxValues } = asked.options;
  const face = createFace({ projectRoot: findWorkspace(root).root });
  const { text, folded, fault } = render.prometheus(face.core(), { openmetrics, maxValues });
  if (fault !== null) tell(`obs: no bounds of objectives: ${visible(fault)}\n`);
  for (const [label, names] of Object.entries(folded).filter(([, count]) => count > 0)) {
    tell(`obs: ${names} ${label} ${names === 1 ? 'name is' : 'names are'} counted as __other__ (--max-values)\n`);
  }
  await put(asked, text);
  return 0;
}

/** What is the same for every workspace stands in a file. */
const fixed = (name) => async (asked) => {
  await put(asked, fs.readFileSync(path.join(__dirname, '..', '..', 'export', name), 'utf8'));
  return 0;
};

module.exports = { clickhouse: fixed('clickhouse.sql'), grafana: fixed('grafana.json'), prometheus };
