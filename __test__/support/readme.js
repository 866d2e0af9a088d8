// Reads README.md: its code blocks and the rows of its function tables, as scripts and commands that can be run.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE } = require('./command-line.js');

const CHECKED = /^(\s*)(\S.*?);? \/\/ => (.+)$/;
const ROW = /^\| `(.+?)` \| (?:`(.+?)`|([^`|]*)) \| .+ \|$/;

/** The lines of a file of the package; line N stands at index N - 1. */
function linesOf(name) {
  return fs.readFileSync(path.join(PACKAGE, name), 'utf8').split('\n');
}

/** The fenced code blocks: `{ language, line, lines }`, where `line` is the number of the first line inside. */
function blocksOf(lines) {
  const blocks = [];
  let open = null;
  lines.forEach((text, index) => {
    const fence = /^\s*```(\w*)$/.exec(text);
    if (fence && open) open = null;
    else if (fence) blocks.push((open = { language: fence[1], line: index + 2, lines: [] }));
    else if (open) open.lines.push(text);
  });
  return blocks;
}

/** The rows of the tables that begin with `| call |`: `{ line, call, gives }`; `gives` is `null` where it is only words. */
function rowsOf(lines) {
  const rows = [];
  let inside = false;
  lines.forEach((text, index) => {
    if (text.startsWith('| call |')) inside = true;
    else if (!text.startsWith('|')) inside = false;
    if (!inside || /^\| (call|---) \|/.test(text)) return;
    const [, call, gives = null] = ROW.exec(text) ?? [];
    if (call === undefined) throw new Error(`README.md:${index + 1} is not a row of a call, what it gives, and words`);
    rows.push({ line: index + 1, call, gives });
  });
  return rows;
}

/**
 * The JavaScript as scripts `{ name, kind, source, checks }`, `kind` being 'module', 'commonjs' or 'jest'. A block that
 * imports or requires begins one; table rows, and blocks that do neither, go on with it. `// => VALUE` behind an expression
 * and the second cell of a row become checks. Lines keep their numbers, so that a stack trace names a line of README.md.
 */
function scriptsOf(lines, names) {
  const blocks = blocksOf(lines).filter(({ language }) => language === 'js');
  const rows = rowsOf(lines).map((row) => ({ line: row.line, lines: [rowCode(row, names)] }));
  const scripts = [];
  for (const piece of [...blocks, ...rows].sort((a, b) => a.line - b.line)) {
    if (piece.lines.some((text) => /^import |require\(/.test(text))) scripts.push([]);
    if (scripts.length === 0) throw new Error(`README.md:${piece.line}: nothing is imported yet`);
    scripts.at(-1).push(piece);
  }
  return scripts.map(scriptOf);
}

function scriptOf(pieces) {
  const source = [];
  for (const { line, lines } of pieces) {
    lines.forEach((text, index) => (source[line - 1 + index] = text.replace(CHECKED, checkCode(line + index))));
  }
  const text = source.join('\n');
  const kind = /^test\(/m.test(text) ? 'jest' : /^import /m.test(text) ? 'module' : 'commonjs';
  return {
    name: `README.md:${pieces[0].line}`,
    kind,
    source: text,
    checks: text.split('globalThis.check(').length - 1,
  };
}

function checkCode(line) {
  return (_, indent, code, wanted) => {
    const declared = /^(?:const|let) (\w+) = /.exec(code)?.[1];
    const check = `globalThis.check(${line}, ${declared ?? code}, (${wanted}));`;
    return indent + (declared ? `${code}; ${check}` : check);
  };
}

/** A row runs with the names it uses in scope, whatever the script calls the package. */
function rowCode({ call, gives, line }, names) {
  const used = names.filter((name) => new RegExp(`\\b${name}\\b`).test(call));
  const code = gives === null ? `${call};` : `globalThis.check(${line}, ${call}, (${gives}));`;
  return `{ const { ${used.join(', ')} } = globalThis.api; ${code} }`;
}

/** The commands of the shell blocks: `{ line, command }`, without comments. */
function commandsOf(lines) {
  return blocksOf(lines)
    .filter(({ language }) => language === 'sh')
    .flatMap(({ line, lines: own }) => own.map((text, index) => ({ line: line + index, command: uncommented(text) })))
    .filter(({ command }) => command !== '');
}

function uncommented(text) {
  return text.replace(/\s+# .*$/, '').trim();
}

module.exports = { blocksOf, commandsOf, linesOf, rowsOf, scriptsOf };
