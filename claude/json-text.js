// Edits JSON as text: adds and removes members and items, and leaves every other byte as it is.
'use strict';

const SPACE = /\s/;

/**
 * The value in `text`, which has to be JSON, with where it stands: `{ start, end, items }`, an item being
 * `{ key, start, value }`; `items` is `null` of what is no container, `key` of an item of a list.
 */
function parseSpans(text) {
  return readValue(text, skip(text, 0));
}

function skip(text, at) {
  while (SPACE.test(text[at] ?? '')) at += 1;
  return at;
}

function readValue(text, start) {
  if (text[start] === '"') return { start, end: endOfString(text, start), items: null };
  if (text[start] === '{' || text[start] === '[') return readItems(text, start, text[start] === '{');
  const [scalar] = /^[^\s,\]}]+/.exec(text.slice(start, start + 400));
  return { start, end: start + scalar.length, items: null };
}

function endOfString(text, start) {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function readItems(text, start, isObject) {
  const items = [];
  let at = skip(text, start + 1);
  while (text[at] !== '}' && text[at] !== ']') {
    const keyEnd = isObject ? endOfString(text, at) : at;
    const key = isObject ? JSON.parse(text.slice(at, keyEnd)) : null;
    const value = readValue(text, isObject ? skip(text, skip(text, keyEnd) + 1) : at);
    items.push({ key, start: at, value });
    at = skip(text, value.end);
    if (text[at] === ',') at = skip(text, at + 1);
  }
  return { start, end: at + 1, items };
}

/** The last member of an object with this key, as JSON.parse takes it; `undefined` when there is none. */
function member(node, key) {
  return node?.items?.findLast((item) => item.key === key)?.value;
}

/** How a text is laid out: `{ unit, end }`, its indentation and its line ends. */
function layoutOf(text) {
  const [, unit = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return { unit, end: text.includes('\r\n') ? '\r\n' : '\n' };
}

/** `text` with one more item at the end of a container that stands `depth` levels deep; `key` is `null` in a list. */
function append(text, node, { key, value, depth }) {
  const { unit, end } = layoutOf(text);
  const inner = end + unit.repeat(depth + 1);
  const name = key === null ? '' : `${JSON.stringify(key)}: `;
  const added = inner + name + JSON.stringify(value, null, unit).replaceAll('\n', inner);
  const last = node.items.at(-1);
  if (last) return `${text.slice(0, last.value.end)},${added}${text.slice(last.value.end)}`;
  return `${text.slice(0, node.start + 1)}${added}${end}${unit.repeat(depth)}${text.slice(node.end - 1)}`;
}

/** `text` without the item at `index` of a container. */
function remove(text, node, index) {
  const { items } = node;
  const [before, item, behind] = [items[index - 1], items[index], items[index + 1]];
  if (before) return text.slice(0, before.value.end) + text.slice(item.value.end);
  if (behind) return text.slice(0, item.start) + text.slice(behind.start);
  return text.slice(0, node.start + 1) + text.slice(node.end - 1);
}

module.exports = { append, member, parseSpans, remove };
