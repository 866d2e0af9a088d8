// The page: reads the address, asks, draws; draws again when an answer comes or the address changes.
import './style.css';
import './parts/chart.mjs';
import { render } from 'lit-html';
import { setRoot } from './command.mjs';
import { frame } from './frame.mjs';
import { listenToKeys } from './keys.mjs';
import { onCopied } from './parts/number.mjs';
import { onChange, readState, setStandard } from './state.mjs';
import { drawn, onAnswer, outdate, outdateRecords, source } from './store.mjs';

const DRAW_MS = 10;
const REFRESH_MS = 1000;
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
  render(frame(state, page, { toggleHelp }), document.getElementById('page'));
  drawn();
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

const changed = new Set();
let refresh = null;

/** At most once a second, and not while nobody sees it. */
function noteChanged(names) {
  for (const name of names) changed.add(name);
  refresh ??= setTimeout(() => {
    refresh = null;
    if (document.hidden) return;
    outdateRecords([...changed]);
    changed.clear();
  }, REFRESH_MS);
}

function heard(type, data) {
  if (type === 'changed') noteChanged(data.changed);
  if (type === 'progress') noteChanged(['runs']);
  if (type === 'reset') outdate();
}

function goLive() {
  source.follow(heard, (up) => {
    page.up = up;
    drawSoon();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) noteChanged([]);
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
  setStandard({ view: 'cujs', w: undefined, from: source.about.from, to: source.about.to, ...source.about.standard });
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
