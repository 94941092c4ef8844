/** Part of the page's script: buttons, search and keys. */

export const INPUT = `
// ---- Buttons, search, keys ----

function select(index) {
  if (index < 0 || index >= run.steps.length) return;
  shown.current = index;
  shown.past = pastOf(run.steps, index);
  showStep();
  showStates();
  reveal(index);
}

/** To the next step that is shown, in a direction; beyond the last one, nowhere. */
function walk(from, direction) {
  let index = from + direction;
  while (index >= 0 && index < run.steps.length && !isShown(index)) index += direction;
  select(index);
}

/** Hides what is not asked for. */
function filterSteps() {
  const pinned = shown.pinned < 0 ? null : pastOf(run.steps, shown.pinned);
  const isAsked = (step, index) =>
    (pinned === null || pinned.has(index) || step.type === 'fault') && matches(run, step, shown.query);
  shown.only = null;
  if (pinned !== null || shown.query !== '')
    shown.only = new Set(run.steps.flatMap((step, index) => (isAsked(step, index) ? [index] : [])));
  const all = run.steps.length.toLocaleString('en-US');
  byId('count').textContent =
    shown.only === null ? all + ' steps' : shown.only.size.toLocaleString('en-US') + ' of ' + all + ' steps';
  byId('past').setAttribute('aria-pressed', String(shown.pinned >= 0));
  redraw();
}

function pinPast() {
  shown.pinned = shown.pinned < 0 ? shown.current : -1;
  filterSteps();
}

function showAll() {
  shown.pinned = -1;
  shown.query = byId('search').value = '';
  filterSteps();
  canvas.focus();
}

const fitAll = () => zoomBy(0);
const toFirst = () => walk(-1, 1);
const toLast = () => walk(run.steps.length, -1);
const back = () => walk(shown.current, -1);
const forward = () => walk(shown.current, 1);
const scroll = (px) => {
  view.top += px / view.zoom;
  settle();
};

const KEYS = {
  ArrowLeft: back,
  ArrowRight: forward,
  ArrowUp: () => scroll(-60),
  ArrowDown: () => scroll(60),
  PageUp: () => scroll(HEAD - view.height),
  PageDown: () => scroll(view.height - HEAD),
  Home: toFirst,
  End: toLast,
  '+': () => zoomBy(1.3),
  '=': () => zoomBy(1.3),
  '-': () => zoomBy(1 / 1.3),
  '−': () => zoomBy(1 / 1.3),
  0: fitAll,
  p: pinPast,
  P: pinPast,
  '/': () => byId('search').focus(),
  Escape: showAll,
};

/** Keys that scroll the panel while it has the focus. */
const SCROLLING = ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];

addEventListener('keydown', (event) => {
  const act = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
  if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  const isTyping = event.target === byId('search');
  if (isTyping && event.key !== 'Escape') return;
  if (SCROLLING.includes(event.key) && event.target.closest?.('aside, header')) return;
  event.preventDefault();
  act();
});

const BUTTONS = {
  first: toFirst,
  back,
  forward,
  last: toLast,
  out: () => zoomBy(1 / 1.3),
  in: () => zoomBy(1.3),
  fit: fitAll,
  past: pinPast,
  copy: () => navigator.clipboard?.writeText(run.replay),
};
for (const [id, act] of Object.entries(BUTTONS)) byId(id).addEventListener('click', act);

byId('search').addEventListener('input', (event) => {
  shown.query = event.target.value.trim();
  filterSteps();
});
`;
