/** Part of the page's script: what stays at the edges of the diagram, times and the names of lanes. */

export const MARGINS = `
// ---- The edges of the diagram ----

/** A time wherever there is room for one. */
function drawTimes() {
  pen.fillStyle = colours.ground;
  pen.fillRect(0, 0, MARGIN - 2, view.height);
  pen.font = FONT;
  pen.textAlign = 'right';
  pen.fillStyle = colours.soft;
  const apart = 28 / view.zoom;
  const end = view.top + view.height / view.zoom;
  let next = firstFrom(run.steps, view.top);
  while (next < run.steps.length && run.steps[next].at < end) {
    const { at } = run.steps[next];
    pen.fillText(timeOf(run.steps[next]).toLocaleString('en-US'), MARGIN - 10, yOf(at));
    next = firstFrom(run.steps, at + apart);
  }
  pen.textAlign = 'left';
  if (view.zoom > 0.5) drawBreaks(end);
}

/** Waits that are drawn shorter than they were. */
function drawBreaks(end) {
  for (const { at, wait } of run.breaks) {
    if (at < view.top || at > end) continue;
    const y = yOf(at);
    drawLines([{ x1: MARGIN, y1: y, x2: view.width, y2: y }], colours.rule, 1, true);
    write(micros(wait), MARGIN + 8, y, colours.soft);
  }
}

function drawHeadings() {
  pen.fillStyle = colours.ground;
  pen.fillRect(0, 0, view.width, HEAD);
  drawLines([{ x1: 0, y1: HEAD - 0.5, x2: view.width, y2: HEAD - 0.5 }], colours.rule, 1, false);
  pen.save();
  pen.beginPath();
  pen.rect(MARGIN - 2, 0, view.width, HEAD);
  pen.clip();
  for (const [node, first, last] of nodeBands()) drawNode(node, first, last);
  const current = run.steps[shown.current];
  const here = current === undefined ? [] : actorsOf(current);
  run.actors.forEach(({ name }, actor) => {
    pen.font = here.includes(actor) ? '600 ' + FONT : FONT;
    pen.fillStyle = here.includes(actor) ? colours.past : colours.ink;
    pen.textAlign = 'center';
    pen.fillText(fitted(name, view.lane - 6), xOf(actor), 33);
  });
  pen.textAlign = 'left';
  pen.restore();
  pen.fillStyle = colours.soft;
  pen.font = FONT;
  pen.fillText('µs', MARGIN - 24, 33);
}

/** A node's name stays in sight as long as any of its lanes does. */
function drawNode(node, first, last) {
  const [left, right] = [xOf(first) - view.lane / 2, xOf(last) + view.lane / 2];
  if (node % 2 === 1) {
    pen.fillStyle = colours.band;
    pen.fillRect(left, 0, right - left, HEAD - 1);
  }
  pen.font = FONT;
  pen.fillStyle = colours.soft;
  pen.fillText(fitted('node ' + node, right - left - 8), Math.max(left, MARGIN) + 6, 14);
}
`;
