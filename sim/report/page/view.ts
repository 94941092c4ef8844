/** Part of the page's script: what is shown, and where on the screen. */

export const VIEW = `
// ---- What is shown, and where ----

const byId = (id) => document.getElementById(id);
const run = JSON.parse(byId('run').textContent);
const shelves = shelvesOf(run.steps);
const canvas = byId('diagram');
const MARGIN = 76;
const HEAD = 46;
const LEAST_LANE = 72;
const MOST_LANE = 190;

/** \`top\` and \`left\` are of the run, at zoom 1; \`lane\` is the width of a lane in px. */
const view = { top: 0, left: 0, zoom: 1, lane: LEAST_LANE, width: 0, height: 0 };
const shown = {
  current: -1,
  past: new Set(),
  /** The steps that are not hidden; null: all of them. */
  only: null,
  query: '',
  /** Whose past is all there is to see; -1: nobody's. */
  pinned: -1,
};

const xOf = (actor) => MARGIN + (actor + 0.5) * view.lane - view.left;
const yOf = (at) => HEAD + (at - view.top) * view.zoom;
const isShown = (index) => shown.only === null || shown.only.has(index);

/** Where a message is seen: from its sending to its arrival; a lost one ends half way. */
function lineOf(step) {
  const [x1, x2] = [xOf(step.from), xOf(step.to)];
  const [sent, y2] = [yOf(step.otherEnd), yOf(step.at)];
  const isSelf = step.from === step.to;
  const y1 = isSelf ? Math.min(sent, y2 - 9 * Math.min(1, view.zoom)) : sent;
  if (step.received !== null) return { x1, y1, x2, y2 };
  return { x1, y1, x2: isSelf ? x1 + 12 : (x1 + x2) / 2, y2 };
}

/** The step nearest to a point of the screen, if one is near. */
function stepAt(x, y) {
  const height = view.top + (y - HEAD) / view.zoom;
  const reach = 8 / view.zoom;
  let nearest = -1;
  let least = 8;
  for (const index of stepsBetween(shelves, height - reach, height + reach)) {
    const distance = isShown(index) ? distanceTo(run.steps[index], x, y) : Infinity;
    if (distance < least) [nearest, least] = [index, distance];
  }
  return nearest;
}

function distanceTo(step, x, y) {
  if (step.type === 'fault') return Math.abs(yOf(step.at) - y) < 8 ? 7 : Infinity;
  if (step.type === 'event') return Math.hypot(xOf(step.actor) - x, yOf(step.at) - y) - 3;
  const { x1, y1, x2, y2 } = lineOf(step);
  const bulge = step.from === step.to ? 8 : 0;
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = ((x - x1 - bulge) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.max(0, Math.min(1, along));
  return Math.hypot(x1 + bulge + share * dx - x, y1 + share * dy - y);
}

/** Keeps some of the run on the screen. */
function settle() {
  const seen = (view.height - HEAD) / view.zoom;
  const wide = run.actors.length * view.lane + MARGIN;
  view.top = Math.max(-20, Math.min(view.top, run.height - seen));
  if (seen > run.height) view.top = 0;
  view.left = Math.max(0, Math.min(view.left, wide - view.width));
  redraw();
}

/** Zooms so that a height of the screen stays where it is: the current step's if it is seen, else the middle. */
function zoomBy(factor, y = heldHeight()) {
  const held = view.top + (y - HEAD) / view.zoom;
  const least = Math.min(1, (view.height - HEAD) / run.height);
  view.zoom = Math.max(least, Math.min(6, view.zoom * factor));
  view.top = held - (y - HEAD) / view.zoom;
  settle();
}

function heldHeight() {
  const y = shown.current < 0 ? -1 : yOf(run.steps[shown.current].at);
  return y > HEAD && y < view.height ? y : (HEAD + view.height) / 2;
}

/** Moves as little as brings a step onto the screen; a message from its sending on, if it is not longer than that. */
function reveal(index) {
  const step = run.steps[index];
  const room = (view.height - HEAD) / view.zoom;
  const edge = Math.min(60 / view.zoom, room / 4);
  const start = step.type === 'message' ? Math.max(step.otherEnd, step.at - room + 2 * edge) : step.at;
  if (start < view.top + edge) view.top = start - edge;
  if (step.at > view.top + room - edge) view.top = step.at - room + edge;
  for (const actor of actorsOf(step)) {
    const x = xOf(actor);
    if (x < MARGIN) view.left -= MARGIN + view.lane - x;
    if (x > view.width - view.lane / 2) view.left += x - view.width + view.lane;
  }
  settle();
}
`;
