// ARCHITECTURE.md against the code: the rooms it lists, who may know whom, and the files that the documents name.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { PACKAGE } = require('./support/command-line.js');
const { linesOf } = require('./support/readme.js');

const SOURCES = path.join(PACKAGE, 'src');
const DOCUMENTS = [
  'docs/claude-code.md',
  'ARCHITECTURE.md',
  'README.md',
  'CHANGELOG.md',
  'docs/guarantees.md',
  'docs/alerts.md',
  'docs/fleet.md',
];

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
  expect([...new Set(map)].sort()).toEqual(rooms.map(nameOf).sort());
  expect(Object.keys(allowed()).sort()).toEqual(rooms.map(nameOf).sort());
});

test.each(rooms)('src/%s knows the rooms that it may know, and no other', (room) => {
  expect(known(room).filter((other) => !allowed()[nameOf(room)].includes(other))).toEqual([]);
});

const SCRIPT = /\.(js|mjs|cjs)$/;

/** The JavaScript rooms of the table, `⇒`, with what each may import beside itself. */
const scriptRooms = Object.fromEntries(
  linesOf('ARCHITECTURE.md')
    .map((text) => /^([\w.]+) +⇒ {2}(.+)$/.exec(text))
    .filter(Boolean)
    .map(([, room, others]) => [room, others.split(', ')]),
);

function scriptsOf(room) {
  const place = path.join(PACKAGE, room);
  if (!fs.statSync(place).isDirectory()) return [room];
  return fs
    .readdirSync(place, { recursive: true })
    .filter((name) => SCRIPT.test(name))
    .map((name) => path.join(room, name));
}

/** The files below the package that a script names in `require` or `import`, relative to the package; comments do not count. */
function imports(file) {
  const code = fs
    .readFileSync(path.join(PACKAGE, file), 'utf8')
    .replace(/^\s*(\/\/|\*|\/\*\*).*$/gm, '')
    .replace(/`[^`]*`/g, '``');
  return [...code.matchAll(/(?:require\(|from |import\(|import )'(\.{1,2}\/[^']+)'/g)].map(([, name]) =>
    path.join(path.dirname(file), name),
  );
}

test('every folder of hand-written JavaScript that is published stands in the table of rooms', () => {
  const published = require('../package.json').files.filter(
    (name) =>
      !/^(binding|index\.d\.ts|types|schemas|page\/built|hooks|skills|\.claude-plugin)|\.(md|node|json)$/.test(name),
  );
  expect(Object.keys(scriptRooms).sort()).toEqual(published.sort());
});

test.each(Object.keys(scriptRooms))('%s imports from the rooms that it may know, and from no other', (room) => {
  const mayKnow = [room, ...scriptRooms[room]];
  const allowedIn = (target) => mayKnow.includes(target.split(path.sep)[0]) || target === 'package.json';
  const native = (target) => target.startsWith('obs-native.');
  const wrong = scriptsOf(room).flatMap((file) =>
    imports(file)
      .filter((target) => !allowedIn(target) && !native(target))
      .map((target) => `${file} → ${target}`),
  );
  expect(wrong).toEqual([]);
});

/** Ways through a graph, `Map(node → nodes)`, that come back to where they were. */
function circlesIn(graph) {
  const circles = [];
  const state = new Map();
  const visit = (file, way) => {
    if (state.get(file) === 'done' || !graph.has(file)) return;
    if (way.includes(file)) {
      circles.push([...way.slice(way.indexOf(file)), file].join(' → '));
      return;
    }
    for (const next of graph.get(file)) visit(next, [...way, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

test('no files of JavaScript import each other in a circle', () => {
  const files = Object.keys(scriptRooms).flatMap(scriptsOf);
  expect(circlesIn(new Map(files.map((file) => [file, imports(file)])))).toEqual([]);
});

/** The files of its own folder that a Rust file names, its tests left out. */
function siblings(folder, name) {
  const code = fs.readFileSync(path.join(folder, `${name}.rs`), 'utf8');
  const [shipped] = code.split(/^#\[cfg\(test\)\]\n(?:pub\S* )?mod tests/m);
  const named = [...shipped.replace(/\/\/.*$/gm, '').matchAll(/\bsuper::(\{[^;]*?\};|\w+)/g)];
  const words = named.flatMap(([, list]) => list.match(/\b[a-z_]+\b/g) ?? []);
  return [...new Set(words)].filter((word) => word !== name && fs.existsSync(path.join(folder, `${word}.rs`)));
}

test('no files of src/redact import each other in a circle', () => {
  const folder = path.join(SOURCES, 'redact');
  const names = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.rs') && name !== 'mod.rs' && name !== 'tests.rs');
  const graph = new Map(names.map((name) => [nameOf(name), siblings(folder, nameOf(name))]));
  expect(graph.get('scan')).toEqual(expect.arrayContaining(['formats', 'prefixes', 'state', 'words']));
  expect(circlesIn(graph)).toEqual([]);
});

test.each(DOCUMENTS)('the files that %s names are there', (name) => {
  const text = linesOf(name).join('\n');
  const linked = [...text.matchAll(/\]\(([^)#:]+)\)/g)].map(([, file]) => path.join(path.dirname(name), file));
  const quoted = [...text.matchAll(/`((?:[\w.-]+\/)*[\w.-]+\.(?:rs|js|mjs|d\.ts|md))`/g)].map(([, file]) => file);
  const generated = ['binding.js'];
  const somewhere = (file) =>
    ['', 'src', 'src/store', 'scripts', 'command'].some((folder) => fs.existsSync(path.join(PACKAGE, folder, file)));
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
