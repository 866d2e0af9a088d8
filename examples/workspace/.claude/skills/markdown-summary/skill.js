// The markdown-summary skill: outline, size and lead sentence of a Markdown file.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const WORDS_PER_MINUTE = 220;

function inputs({ file }, root) {
  return [path.join(root, file)];
}

// A fence hides what is inside it: `# comment` in a shell block is not a heading.
function splitFences(text) {
  const prose = [];
  let blocks = 0;
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(```|~~~)/.test(line)) {
      blocks += inside ? 0 : 1;
      inside = !inside;
    } else if (!inside) prose.push(line);
  }
  return { prose, blocks };
}

function headingsOf(lines) {
  return lines
    .map((line) => /^(#{1,6})\s+(.*?)\s*#*$/.exec(line))
    .filter(Boolean)
    .map(([, marks, text]) => ({ level: marks.length, text }));
}

function leadOf(lines) {
  const paragraphs = lines.join('\n').split(/\n\s*\n/);
  const first = paragraphs.find((paragraph) => /^[A-Za-z]/.test(paragraph.trim())) ?? '';
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(first.trim())?.[0].replace(/\s+/g, ' ') ?? '';
}

function run({ file, depth = 2 }, root) {
  const { prose, blocks } = splitFences(fs.readFileSync(path.join(root, file), 'utf8'));
  const headings = headingsOf(prose);
  if (headings.length === 0) throw new Error(`${path.basename(file)} has no heading`);
  const words = prose.join(' ').match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
  return {
    summary: `${headings[0].text}: ${words} words, ${headings.length} headings`,
    warnings: words < 60 ? [`${path.basename(file)} is very short`] : [],
    title: headings[0].text,
    lead: leadOf(prose),
    words,
    minutes: Math.max(1, Math.round(words / WORDS_PER_MINUTE)),
    code_blocks: blocks,
    outline: headings.filter((heading) => heading.level <= depth),
  };
}

module.exports = { inputs, run };
