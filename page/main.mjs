// The page: reads the address, asks, draws; draws again when an answer comes or the address changes.
import './style.css';
import './parts/chart.mjs';
import { render } from 'lit-html';
import { setRoot } from './command.mjs';
import { frame } from './frame.mjs';
import { listenToKeys } from './keys.mjs';
import { onCopied } from './parts/number.mjs';
import { hold, onChange, readState, setStandard } from './state.mjs';
import { onAnswer, outdate, outdateRecords, settle, source } from './store.mjs';

const DRAW_MS = 10;
const PATIENCE_MS = 600;
const RUNS_MS = 700;
const TABLES_MS = 2500;
const SLIDE_MS = 30_000;
const SAID_MS = 4000;

const file = source.kind === 'file';
const page = { up: file ? null : false, said: '', help: false, roots: [] };
let waiting = false;

function draw() {
  waiting = false;
  const state = readState();
  if (state.theme) document.documentElement.dataset.theme = state.theme;
  else delete document.documentElement.dataset.theme;
  const view = frame(state, page, { toggleHelp });
  if (settle() && isNew(state)) return;
  render(view, document.getElementById('page'));
}

let place = null;
let arrived = 0;

/** Whether a view has just been come to: until its first answers are there the one before stays, so that nothing jumps. */
function isNew({ view, id }) {
  const here = `${view} ${id}`;
  if (here !== place) {
    place = here;
    arrived = performance.now();
    setTimeout(drawSoon, PATIENCE_MS);
  }
  return performance.now() - arrived < PATIENCE_MS - 50;
}

/** Once for all that changes together. Not by the next frame, which a page in the background does not get. */
function drawSoon() {
  if (waiting) return;
  waiting = true;
  setTimeout(draw, DRAW_MS);
}

function toggleHelp(open = !page.help) {
  page.help = open;
  drawSoon();
}

let saying;

function say(words) {
  page.said = words;
  clearTimeout(saying);
  saying = setTimeout(() => say(''), SAID_MS);
  drawSoon();
}

/** What changed and is to be asked for in a moment. */
const changed = new Map();

/** Runs once a second at most, tables more seldom, and nothing while nobody sees it. */
function noteChanged(name) {
  if (changed.has(name)) return;
  changed.set(
    name,
    setTimeout(() => refresh(name), name === 'runs' ? RUNS_MS : TABLES_MS),
  );
}

function refresh(name) {
  if (document.hidden) return; // until it is looked at again
  changed.delete(name);
  outdateRecords(name);
}

function refreshAll() {
  for (const [name, timer] of changed) {
    clearTimeout(timer);
    refresh(name);
  }
}

function heard(type, data) {
  if (type === 'changed') data.changed.forEach(noteChanged);
  if (type === 'progress') noteChanged('runs');
  if (type === 'reset') outdate();
}

function goLive() {
  source.follow(heard, (up) => {
    page.up = up;
    drawSoon();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) refreshAll();
  });
  // A window that ends now goes on although nothing is recorded.
  setInterval(() => {
    if (!document.hidden && !readState().to) outdate();
  }, SLIDE_MS);
  source.ask('workspaces', {}).then(({ roots }) => {
    page.roots = roots;
    chooseRoot();
    drawSoon();
  }, drawSoon);
}

function chooseRoot() {
  if (page.roots.length > 0) setRoot(page.roots[Number(readState().root ?? 0)] ?? page.roots[0]);
}

if (file) {
  const { from, to, windows, standard } = source.about;
  hold(windows);
  setStandard({ view: 'cujs', ...(from === null ? { w: 'all' } : { w: undefined, from, to }), ...standard });
}
onChange(() => {
  chooseRoot();
  drawSoon();
});
onAnswer(drawSoon);
onCopied(say);
listenToKeys(
  {
    help: () => toggleHelp(true),
    closeHelp() {
      const open = page.help;
      if (open) toggleHelp(false);
      return open;
    },
  },
  file,
);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawSoon);
if (!file) goLive();
draw();
