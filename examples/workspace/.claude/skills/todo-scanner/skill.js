// The todo-scanner skill: finds TODO, FIXME and HACK comments in a source folder.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

// Only inside a comment: a string that says "TODO" is not a promise.
const COMMENT = /(?:\/\/|\/?\*|#).*?\b(TODO|FIXME|HACK)\b(?:\(([^)]*)\))?:?\s*(.*)$/;

function inputs({ path: folder, extensions = ['.js'] }, root) {
  return fs
    .readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.includes(path.extname(entry.name)))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function scanFile(file, root) {
  const found = [];
  const lines = fs.readFileSync(file, 'utf8').split(/\r?\n/);
  for (const [index, text] of lines.entries()) {
    const match = COMMENT.exec(text);
    if (!match) continue;
    const [, tag, owner = null, note] = match;
    const name = path.relative(root, file).split(path.sep).join('/');
    found.push({ file: name, line: index + 1, tag, owner, text: note.replace(/\s*\*\/$/, '') });
  }
  return found;
}

function run(params, root) {
  const files = inputs(params, root);
  const items = files.flatMap((file) => scanFile(file, root));
  const warnings = items.filter((item) => item.owner === null).map((item) => `${item.tag} without an owner`);
  if (items.length > (params.limit ?? 10)) warnings.push(`${items.length} open comments`);
  return { summary: `${items.length} open comments in ${files.length} files`, warnings, items };
}

module.exports = { inputs, run };
