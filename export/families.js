// The text for Prometheus, read back: what is written in other forms is the same counts.
'use strict';

const SAMPLE = /^(\w+?)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;
const PARTS = /_(bucket|sum|count)$/;

const unescape = (text) => text.replace(/\\(.)/g, (_, mark) => (mark === 'n' ? '\n' : mark));

function readSample(line) {
  const [, name, labels = '', value] = SAMPLE.exec(line);
  const pairs = [...labels.matchAll(LABEL)].map(([, key, text]) => [key, unescape(text)]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace(/^\+Inf$/, 'Infinity')) };
}

/** `{ name, type, help, samples }` of each family of the text. */
function readFamilies(text) {
  const families = [];
  for (const line of text.split('\n')) {
    const [, word, name, rest] = /^# (HELP|TYPE) (\w+) (.*)$/.exec(line) ?? [];
    if (word === 'HELP') families.push({ name, help: unescape(rest), type: null, samples: [] });
    else if (word === 'TYPE') families.at(-1).type = rest;
    else if (line !== '' && !line.startsWith('#')) families.at(-1).samples.push(readSample(line));
  }
  return families;
}

/** The samples of a histogram by their labels without `le`: `{ labels, buckets: [[bound, count up to it]], sum, count }`. */
function histogramsOf({ samples }) {
  const found = new Map();
  for (const { name, labels, value } of samples) {
    const { le, ...own } = labels;
    const key = JSON.stringify(own);
    if (!found.has(key)) found.set(key, { labels: own, buckets: [], sum: 0, count: 0 });
    const [, part] = PARTS.exec(name);
    if (part === 'bucket') found.get(key).buckets.push([Number(le.replace('+Inf', 'Infinity')), value]);
    else found.get(key)[part] = value;
  }
  return [...found.values()];
}

module.exports = { histogramsOf, readFamilies };
