// Lays the doctor's findings out for people: a table by section, then what to do.
'use strict';

const { visible } = require('../../lib/visible.js');

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red' };

/** The report as text, ending in a newline; `style` colours it or not. */
function reportText(findings, style) {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const sections = [...new Set(findings.map(({ section }) => section))];
  const parts = sections.map((section) => {
    const rows = findings.filter((found) => found.section === section).map((found) => row(found, width, style));
    return `${style.bold(section)}\n${rows.join('\n')}\n`;
  });
  return `${parts.join('\n')}\n${verdict(findings, style)}\n`;
}

function row({ name, level, value, advice }, width, style) {
  const lines = advice === null ? [] : advice.split('\n').map((line) => `${style.dim('->')} ${visible(line)}`);
  const found = `  ${style[COLOURS[level]](level.padEnd(4))}  ${name.padEnd(width)}  ${visible(value)}`;
  return [found, ...lines.map((line) => ' '.repeat(width + 10) + line)].join('\n');
}

function verdict(findings, style) {
  const count = (level) => findings.filter((found) => found.level === level).length;
  const warnings = count('warn') > 0 ? `, ${plural(count('warn'), 'warning')}` : '';
  if (count('fail') === 0) return `${style.green('Everything works')}${warnings}.`;
  return `${style.red(plural(count('fail'), 'problem'))}${warnings}: see the arrows above.`;
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

module.exports = { reportText };
