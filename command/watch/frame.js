// The picture of `obs watch`: runs in progress as lines that fit the terminal, and those that ended as lines that scroll up.
'use strict';

const { cut, cutMiddle, fill, widthOf } = require('../terminal/width.js');
const words = require('./words.js');

const LEAST_BAR = 8;
const MOST_BAR = 40;
// From here on there is room for a column of the time left.
const WIDE = 100;
const PLAIN = /^[ -~]*$/;

const GLYPHS = {
  unicode: { running: '●', stalled: '!', completed: '✓', failed: '✗', full: '█', empty: '░', dot: '·', cut: '…' },
  ascii: { running: '*', stalled: '!', completed: '+', failed: 'x', full: '#', empty: '.', dot: '-', cut: '~' },
};
const COLOURS = { running: 'cyan', stalled: 'yellow', completed: 'green', failed: 'red' };

/** A locale that is named and is not UTF-8, and the console of Linux, have no such marks. */
function glyphsFor(env) {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || 'UTF-8';
  return /utf-?8/i.test(locale) && env.TERM !== 'linux' ? GLYPHS.unicode : GLYPHS.ascii;
}

/**
 * Lays out for one terminal. `style` paints (see `terminal/style.js`); sizes are given with each call because they change.
 *
 * @param {{ style: object, env?: object, about: string }} place what the picture is about is named in its first line
 */
function createFrame({ style, env = process.env, about }) {
  const glyphs = glyphsFor(env);
  const nameOf = (row, width) => cutMiddle(words.textOf(row.run_id) || '-', width, glyphs.cut);
  const paint = { style, glyphs, short: (text, width) => cut(text, width, glyphs.cut), name: nameOf };

  /**
   * What fills the screen: what ended, as much of it as there is room for, and below it what is in progress. No line is as
   * wide as the terminal has columns.
   */
  function picture(runs, { columns, rows, ended = [], fault = null }) {
    const width = widthFor(columns);
    const head = [header(paint, runs, about, width), ...(fault === null ? [] : [faultLine(paint, fault, width)])];
    const room = rows - head.length - Math.min(ended.length, Math.floor(rows / 4));
    const below = [...head, ...fitting(paint, runs, width, Math.max(1, room))].slice(0, rows);
    return [...results(ended, columns, rows - below.length), ...below];
  }

  /** The last `most` results, with a line between them and what follows when there is room for it. */
  function results(ended, columns, most) {
    const last = ended.slice(Math.max(0, ended.length - most)).map((row) => result(row, columns));
    return last.length > 0 && last.length < most ? [...last, ''] : last;
  }

  /** What stays on the terminal afterwards: all that ended, and where the others were. */
  function rest(runs, { columns, rows, ended }) {
    const width = widthFor(columns);
    const going = runs.length === 0 ? [] : ['', ...fitting(paint, runs, width, rows).filter((line) => line !== '')];
    return [...ended.map((row) => result(row, columns)), ...(ended.length > 0 ? going : going.slice(1))];
  }

  /** What is said once of a run that ended. */
  function result(row, columns) {
    const width = widthFor(columns);
    const name = paint.name(row, Math.max(12, Math.floor(width / 2)));
    const said = paint.short(words.endWords(row), width - 12 - widthOf(name));
    const mark = style[COLOURS[row.state]](glyphs[row.state]);
    return `${style.dim(words.clockWords(row.updated_at))} ${mark} ${style.bold(name)} ${said}`;
  }

  return { picture, rest };
}

const widthFor = (columns) => Math.max(20, columns - 1);

function header({ style, glyphs, short }, runs, about, width) {
  const stalled = runs.filter(({ state }) => state === 'stalled').length;
  const count = runs.length === 0 ? 'no run in progress' : `${words.many(runs.length, 'run')} in progress`;
  const more = stalled > 0 ? `, ${stalled} stalled` : '';
  const left = `${count}${more}`;
  const place = words.textOf(about);
  const end = 'q ends';
  const room = width - widthOf(left) - end.length - 6;
  const shown = room < 12 ? '' : ` ${glyphs.dot} ${short(place, room)}`;
  return beside(
    [style.bold(count) + style.yellow(more) + style.dim(shown), left + shown],
    [style.dim(end), end],
    width,
  );
}

function faultLine({ style, short }, fault, width) {
  return style.red(short(`cannot read: ${words.textOf(fault)}`, width));
}

/** As much of each run as there is room for: with space between them, without, one line each, and what is left out counted. */
function fitting(paint, runs, width, room) {
  if (runs.length === 0) return [];
  const blocks = runs.length * 2 > room ? null : runs.map((row) => block(paint, row, width));
  const spaced = blocks?.flatMap((lines) => ['', ...lines]);
  if (spaced && spaced.length <= room) return spaced;
  const dense = blocks?.flat();
  if (dense && dense.length <= room) return dense;
  const whole = runs.length <= room;
  const shown = runs.slice(0, whole ? room : room - 1).map((row) => single(paint, row, width));
  return whole ? shown : [...shown, leftOut(paint, runs.slice(room - 1))];
}

function leftOut({ style, glyphs }, hidden) {
  const stalled = hidden.filter(({ state }) => state === 'stalled').length;
  return style.dim(`${glyphs.cut} and ${hidden.length} more${stalled > 0 ? `, ${stalled} stalled` : ''}`);
}

/** A run in up to four lines. */
function block(paint, row, width) {
  const { style, short } = paint;
  const [message, work] = [words.textOf(row.message), words.workWords(row)];
  return [
    title(paint, row, width),
    progress(paint, row, width),
    ...(message === '' ? [] : [`  ${short(message, width - 2)}`]),
    ...(work === '' ? [] : [`  ${style.dim(short(work, width - 2))}`]),
  ];
}

function title(paint, row, width) {
  const { style, glyphs, short } = paint;
  const [elapsed, cuj] = [words.span(row.elapsed_ms), words.cujWords(row)];
  const stalled = row.state === 'stalled' ? 'stalled  ' : '';
  const room = width - 4 - stalled.length - elapsed.length;
  const name = paint.name(row, cuj === '' ? room : Math.max(12, room - 12));
  const about = short(cuj === '' ? '' : `  ${cuj}`, room - widthOf(name));
  const mark = style[COLOURS[row.state]](glyphs[row.state]);
  return beside(
    [`${mark} ${style.bold(name)}${style.dim(about)}`, `${glyphs[row.state]} ${name}${about}`],
    [style.yellow(stalled) + elapsed, stalled + elapsed],
    width,
  );
}

/**
 * Bar, percentage and step, and the longest words on time that fit. The bar has the same length for all runs and at any time,
 * or it would jump with each word that gets longer.
 */
function progress(paint, row, width) {
  const length = barLength(width);
  const isStalled = row.state === 'stalled';
  const said = isStalled ? words.silentWords(row) : words.leftWords(row);
  const step = paint.short(`${percentText(row)}  ${words.stepWords(row)}`.trimEnd(), width - length - 3);
  const room = width - length - 3 - widthOf(step) - 2;
  const text = said.find((each) => widthOf(each) <= room) ?? paint.short(said.at(-1), Math.max(0, room));
  const painted = isStalled ? paint.style.yellow(text) : text;
  return beside([`  ${bar(paint, row, length)} ${step}`, `  ${'-'.repeat(length)} ${step}`], [painted, text], width);
}

const barLength = (width) => Math.max(LEAST_BAR, Math.min(MOST_BAR, Math.floor(width * 0.22)));
const percentText = ({ percentage }) =>
  percentage === null ? '  ? ' : `${String(Math.floor(percentage)).padStart(3)}%`;

function bar({ style, glyphs }, { percentage, state }, length) {
  const full = Math.min(length, Math.max(0, Math.floor(((percentage ?? 0) / 100) * length)));
  return style[COLOURS[state]](glyphs.full.repeat(full)) + style.dim(glyphs.empty.repeat(length - full));
}

/** A run in one line: name, bar, steps, elapsed, where there is room the time left, and as much of its message as fits. */
function single(paint, row, width) {
  const { style, glyphs, short } = paint;
  const nameWidth = Math.max(14, Math.min(30, Math.floor(width * 0.34)));
  const name = paint.name(row, nameWidth);
  const step = words.stepWords(row).replace(/^step /, '').replace(' of ', '/'); // prettier-ignore
  const time = timeColumn(row, width);
  const middle = ` ${fill(short(step, 7), 7)} ${words.span(row.elapsed_ms).padStart(7)}  ${time}`;
  const room = width - (nameWidth + 3) - LEAST_BAR - widthOf(middle);
  const mark = style[COLOURS[row.state]](glyphs[row.state]);
  const left = filled([`${mark} ${style.bold(name)}`, `${glyphs[row.state]} ${name}`], nameWidth + 3);
  const silent = words.silentWords(row).at(-1);
  const mute = widthOf(silent) <= room ? silent : row.state;
  const said = row.state === 'stalled' && time === '' ? mute : words.textOf(row.message);
  const painted = row.state === 'stalled' ? style.yellow : String;
  return `${left}${bar(paint, row, LEAST_BAR)}${painted(`${middle}${short(said, Math.max(0, room))}`.trimEnd())}`;
}

function timeColumn(row, width) {
  if (width < WIDE) return '';
  const said = row.state === 'stalled' ? words.silentWords(row) : words.leftWords(row);
  return fill(said.at(-1), 24);
}

/** `right` at the end of the line. Both are `[painted, bare]`. */
function beside(left, [painted, bare], width) {
  return filled(left, width - widthOf(bare)) + painted;
}

/**
 * The text and what moves on to `column`, from 0. Terminals do not agree on the width of all characters, so behind others than
 * ASCII the column is named instead of counted.
 */
function filled([painted, bare], column) {
  const counted = PLAIN.test(bare.slice(1).replaceAll('…', '.').replace(/[█░·]/g, '.'));
  if (counted) return painted + ' '.repeat(Math.max(0, column - widthOf(bare)));
  return `${painted}\x1b[K\x1b[${column + 1}G`;
}

module.exports = { createFrame };
