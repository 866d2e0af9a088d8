// ARCHITECTURE.md against the code: the rooms it lists, who may know whom, and the files that the documents name.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE } = require('./support/command-line.js');
const { linesOf } = require('./support/readme.js');

const SOURCES = path.join(PACKAGE, 'src');
const DOCUMENTS = ['ARCHITECTURE.md', 'README.md', 'CHANGELOG.md', 'docs/guarantees.md'];

const rooms = fs.readdirSync(SOURCES).filter((name) => name !== 'lib.rs');
const nameOf = (room) => room.replace('.rs', '');

/** `room → other rooms` as the document allows it. */
function allowed() {
  const rows = linesOf('ARCHITECTURE.md').map((text) => /^(\w+) +→ {2}([\w, ]+)$/.exec(text));
  const none = /^([\w, ]+): none of the others$/m.exec(linesOf('ARCHITECTURE.md').join('\n'))[1].split(', ');
  return Object.fromEntries([
    ...rows.filter(Boolean).map(([, room, others]) => [room, others.split(', ')]),
    ...none.map((room) => [room, []]),
  ]);
}

/** The rooms that a room's Rust files name. */
function known(room) {
  const place = path.join(SOURCES, room);
  const files = fs.statSync(place).isDirectory()
    ? fs.readdirSync(place, { recursive: true }).map((name) => path.join(place, name))
    : [place];
  const found = files
    .filter((file) => file.endsWith('.rs'))
    .flatMap((file) => {
      const code = fs.readFileSync(file, 'utf8').replace(/\/\/[/!].*$/gm, '');
      const grouped = [...code.matchAll(/\bcrate::\{([^;]*)\};/g)].flatMap(([, list]) => list.match(/\b[a-z_]+\b/g));
      return [...grouped, ...[...code.matchAll(/\bcrate::(\w+)/g)].map(([, name]) => name)];
    });
  return [...new Set(found)].filter((name) => name !== nameOf(room) && rooms.map(nameOf).includes(name)).sort();
}

test('every room of src/ stands in the map, and in the list of who may know whom', () => {
  const map = linesOf('ARCHITECTURE.md')
    .map((text) => /^ {2}(\w+)(?:\/|\.rs) /.exec(text)?.[1])
    .filter((name) => rooms.map(nameOf).includes(name));
  expect(map.sort()).toEqual(rooms.map(nameOf).sort());
  expect(Object.keys(allowed()).sort()).toEqual(rooms.map(nameOf).sort());
});

test.each(rooms)('src/%s knows the rooms that it may know, and no other', (room) => {
  expect(known(room).filter((other) => !allowed()[nameOf(room)].includes(other))).toEqual([]);
});

test.each(DOCUMENTS)('the files that %s names are there', (name) => {
  const text = linesOf(name).join('\n');
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file]) => path.join(path.dirname(name), file));
  const quoted = [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:rs|js|mjs|d\.ts|md))`/g)].map(([, file]) => file);
  const generated = ['binding.js'];
  const somewhere = (file) =>
    ['', 'src', 'src/store', 'scripts', 'lib/obs'].some((folder) => fs.existsSync(path.join(PACKAGE, folder, file)));
  expect([...linked, ...quoted].filter((file) => !generated.includes(file) && !somewhere(file))).toEqual([]);
});

test('the tests that docs/guarantees.md quotes are there', () => {
  const text = linesOf('docs/guarantees.md').join(' ');
  const quotes = [...text.matchAll(/`([\w./-]+\.(?:js|rs))`((?:, "[^"]+")+)/g)].flatMap(([, file, list]) =>
    [...list.matchAll(/"([^"]+)"/g)].map(([, words]) => [file, words]),
  );
  expect(quotes.length).toBeGreaterThan(10);
  expect(quotes.filter(([file, words]) => !linesOf(file).join('\n').includes(words))).toEqual([]);
});
