// Shows the progress of all lanes while they run: a compact view on a terminal, a line for each run that ended elsewhere.
import { getProgressHistory } from '@obs/native';

const TICK_MS = 120;
const MARKS = new Map([
  [true, '✓'],
  [false, '✗'],
  [null, '!'],
]);

// Texts come from records that anybody may have written: none of them gets to move the cursor.
const CONTROLS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const escapeControls = (text) => String(text).replace(CONTROLS, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);

// The records of every process are in one file, so what is new is what comes after the events that were seen.
function makeReader() {
  let seen = 0;
  return () => {
    const fresh = getProgressHistory().slice(seen);
    seen += fresh.length;
    return fresh;
  };
}

const WIDTH = 80;

const hasEnded = ({ status, percentage }) => status === 'failed' || (status === 'completed' && percentage === 100);

function plainLine({ iso_timestamp: time, run_id: run, status, message }) {
  return shortened(`${time.slice(11, 19)}  ${String(run).padEnd(14)} ${status.padEnd(9)}  ${escapeControls(message)}`);
}

/** The line as far as it fits into 80 columns. */
export function shortened(line) {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

function openPlainView(read) {
  const print = () => {
    for (const event of read().filter(hasEnded)) console.log(plainLine(event));
  };
  return { draw: print, end: print };
}

function paint(text, code) {
  return process.env.NO_COLOR ? text : `\u001b[${code}m${text}\u001b[0m`;
}

function marksOf({ results, attempts }) {
  const done = results.map((ok) => paint(MARKS.get(ok), ok ? 32 : 31)).join('');
  return `${done}${'·'.repeat(attempts - results.length)}${' '.repeat(8 - attempts)}`;
}

function wordsOf(lane, event) {
  if (lane.results.length === lane.attempts) return 'done';
  if (!event) return 'starting';
  return event.status === 'failed' ? `failed: ${event.message}` : event.message;
}

function laneLine(lane, event, columns) {
  const share = lane.results.length === lane.attempts ? 100 : (event?.percentage ?? 0);
  const length = columns < 100 ? 10 : 20;
  const filled = Math.round((share / 100) * length);
  const bar = `[${'#'.repeat(filled)}${'-'.repeat(length - filled)}] ${String(Math.round(share)).padStart(3)} %`;
  const start = `${lane.id}  ${lane.name.padEnd(26)} `;
  const room = columns - start.length - 8 - bar.length - 4;
  const words = escapeControls(wordsOf(lane, event)).slice(0, Math.max(0, room));
  return `${start}${marksOf(lane)} ${bar}  ${words}`;
}

function openTerminalView(lanes, read) {
  const latest = new Map();
  let drawn = false;
  const draw = () => {
    for (const event of read()) latest.set(event.run_id, event);
    const lines = lanes.map((lane) => laneLine(lane, latest.get(lane.runId), process.stdout.columns));
    // Up to the first line, then each line anew: clearing the whole screen would flicker and lose what stood above.
    const up = drawn ? `\u001b[${lines.length}A` : '\u001b[?25l';
    process.stdout.write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}`);
    drawn = true;
  };
  const end = () => {
    draw();
    process.stdout.write('\u001b[?25h');
  };
  return { draw, end };
}

// A line that wraps or scrolls cannot be drawn over.
function hasRoom(lanes) {
  const { isTTY, columns, rows } = process.stdout;
  return isTTY && process.env.TERM !== 'dumb' && columns >= 80 && rows > lanes.length + 1;
}

/** Starts showing the lanes; `close()` shows the last state and gives the terminal back. */
export function openView(lanes) {
  const read = makeReader();
  const view = hasRoom(lanes) ? openTerminalView(lanes, read) : openPlainView(read);
  view.draw();
  const timer = setInterval(view.draw, TICK_MS);
  return {
    close() {
      clearInterval(timer);
      view.end();
    },
  };
}
