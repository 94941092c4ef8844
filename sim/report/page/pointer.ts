/** Part of the page's script: mouse, pen and fingers on the diagram. */

export const POINTER = `
// ---- Mouse, pen, fingers ----

/** Where each pointer is that is down. */
const pointers = new Map();
/** How far they have gone since the first went down: a click goes nowhere. */
let travelled = 0;

const placeIn = (event) => {
  const box = canvas.getBoundingClientRect();
  return { x: event.clientX - box.left, y: event.clientY - box.top };
};

canvas.addEventListener('pointerdown', (event) => {
  canvas.setPointerCapture(event.pointerId);
  if (pointers.size === 0) travelled = 0;
  pointers.set(event.pointerId, placeIn(event));
});

canvas.addEventListener('pointermove', (event) => {
  const place = placeIn(event);
  if (!pointers.has(event.pointerId)) {
    hint(place);
    return;
  }
  const before = pointers.get(event.pointerId);
  travelled += Math.abs(place.x - before.x) + Math.abs(place.y - before.y);
  if (pointers.size === 2) pinch(event.pointerId, before, place);
  view.left -= (place.x - before.x) / pointers.size;
  view.top -= (place.y - before.y) / view.zoom / pointers.size;
  pointers.set(event.pointerId, place);
  settle();
});

/** Two fingers: what their distance grows by, the run does. */
function pinch(id, before, after) {
  const [, other] = [...pointers].find(([each]) => each !== id);
  const distance = (place) => Math.hypot(place.x - other.x, place.y - other.y) || 1;
  zoomBy(distance(after) / distance(before), (after.y + other.y) / 2);
}

canvas.addEventListener('pointerup', (event) => {
  const { x, y } = placeIn(event);
  if (pointers.size === 1 && travelled < 5) select(stepAt(x, y));
  pointers.delete(event.pointerId);
});
canvas.addEventListener('pointercancel', (event) => pointers.delete(event.pointerId));

canvas.addEventListener(
  'wheel',
  (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      view.left += (event.deltaX || event.deltaY) * lines;
      settle();
    } else zoomBy(Math.exp((-event.deltaY * lines) / (event.ctrlKey ? 100 : 400)), placeIn(event).y);
  },
  { passive: false },
);

/** What is under the pointer, in words. */
function hint({ x, y }) {
  const actor = Math.floor((x - MARGIN + view.left) / view.lane);
  const index = y < HEAD ? -1 : stepAt(x, y);
  canvas.title =
    index >= 0 ? headline(run, run.steps[index]) : y < HEAD ? (run.actors[actor]?.name ?? '') : '';
}
`;
