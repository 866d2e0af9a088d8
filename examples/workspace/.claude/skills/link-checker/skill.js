// The link-checker skill: follows the relative links and anchors of Markdown files on disk.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const LINK = /\[[^\]]*\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g;

function inputs({ files }, root) {
  return files.map((file) => path.join(root, file));
}

// The anchor that common renderers give a heading.
function slug(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

function anchorsOf(file) {
  const headings = fs.readFileSync(file, 'utf8').match(/^#{1,6}\s+.*$/gm) ?? [];
  return new Set(headings.map((line) => slug(line.replace(/^#+\s+/, ''))));
}

// Why a link leads nowhere, or null when it is sound.
function faultOf(file, target) {
  if (/^[a-z][a-z+.-]*:/i.test(target)) return null;
  const [place, anchor] = target.split('#');
  const other = place === '' ? file : path.resolve(path.dirname(file), decodeURIComponent(place));
  if (!fs.existsSync(other)) return 'no such file';
  if (anchor && other.endsWith('.md') && !anchorsOf(other).has(anchor)) return 'no such heading';
  return null;
}

function linksOf(file) {
  const lines = fs.readFileSync(file, 'utf8').split(/\r?\n/);
  return lines.flatMap((text, index) =>
    [...text.matchAll(LINK)].map(([, target]) => ({ file: path.basename(file), line: index + 1, target })),
  );
}

function run({ files, strict = false }, root) {
  const links = inputs({ files }, root).flatMap((file) =>
    linksOf(file).map((link) => ({ ...link, why: faultOf(file, link.target) })),
  );
  const broken = links.filter((link) => link.why !== null);
  const words = broken.map(({ file, line, target, why }) => `${file}:${line}: "${target}": ${why}`);
  if (strict && broken.length > 0) throw new Error(`${broken.length} broken link(s): ${words.join('; ')}`);
  return {
    summary: `${links.length} links checked, ${broken.length} broken`,
    warnings: words,
    checked: links.length,
    broken,
  };
}

module.exports = { inputs, run };
