/** Part of the page's script: the diagram, drawn anew for each frame from what is seen of it. */

export const DRAWING = `
// ---- The diagram ----

let isDue = false;

function redraw() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => {
    isDue = false;
    draw();
  });
}

function draw() {
  const reach = 24 / view.zoom;
  const bottom = view.top + (view.height - HEAD) / view.zoom;
  const seen = { message: [], event: [], fault: [] };
  for (const index of stepsBetween(shelves, view.top - reach, bottom + reach))
    if (isShown(index)) seen[run.steps[index].type].push({ index, step: run.steps[index] });
  pen.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
  pen.fillStyle = colours.ground;
  pen.fillRect(0, 0, view.width, view.height);
  pen.textBaseline = 'middle';
  drawLanes();
  drawFaults(seen.fault);
  drawMessages(seen.message);
  drawEvents(seen.event);
  drawTimes();
  drawHeadings();
}

/** Nodes as bands, every other one shaded; actors as lines. */
function drawLanes() {
  pen.fillStyle = colours.band;
  for (const [node, first, last] of nodeBands())
    if (node % 2 === 1)
      pen.fillRect(xOf(first) - view.lane / 2, 0, (last - first + 1) * view.lane, view.height);
  const lanes = run.actors.map((_, actor) => ({ x1: xOf(actor), y1: HEAD, x2: xOf(actor), y2: view.height }));
  drawLines(lanes, colours.rule, 1, false);
}

function nodeBands() {
  const bands = [];
  run.actors.forEach(({ node }, actor) => {
    if (bands.at(-1)?.[0] === node) bands.at(-1)[2] = actor;
    else bands.push([node, actor, actor]);
  });
  return bands;
}

function drawFaults(faults) {
  for (const { index, step } of faults) {
    const y = yOf(step.at);
    const half = 9 * Math.min(1, view.zoom);
    const end = step.otherEnd === null ? y + half : yOf(step.otherEnd);
    pen.fillStyle = colours['fault-ground'];
    for (const [node, first, last] of nodeBands())
      if (step.node === null || step.node === node)
        pen.fillRect(
          xOf(first) - view.lane / 2,
          y - half,
          (last - first + 1) * view.lane,
          Math.max(1, end - y + half),
        );
    if (view.zoom < 0.4) continue;
    drawLines(
      [{ x1: MARGIN, y1: y - half, x2: view.width, y2: y - half }],
      colours.fault,
      1,
      index !== shown.current,
    );
    write(fitted(step.text, view.width - MARGIN - 16), MARGIN + 8, y, colours.fault);
  }
}

function drawMessages(messages) {
  const kinds = [[], [], []];
  for (const { index, step } of messages) {
    const line = lineOf(step);
    line.step = step;
    line.loops = step.from === step.to && step.received !== null;
    line.rank = index === shown.current ? 0 : shown.past.has(index) ? 1 : 2;
    kinds[line.rank].push(line);
  }
  const [current, past, others] = kinds;
  drawKind(others, colours.arrow, 1);
  drawKind(past, colours.past, 1.5);
  drawKind(current, colours.chosen, 3);
  // What matters is named first, and so has the first choice of place.
  if (view.zoom > 0.5) drawNames(kinds.flat());
}

function drawKind(lines, colour, width) {
  // Dashes cost most, and nobody sees them from afar.
  const isFar = view.zoom < 0.1;
  drawLines(isFar ? lines : lines.filter(({ step }) => !step.repeated), colour, width, false);
  if (!isFar)
    drawLines(
      lines.filter(({ step }) => step.repeated),
      colour,
      width,
      true,
    );
  if (view.zoom > 0.25)
    drawHeads(
      lines.filter(({ step }) => step.received !== null),
      colour,
    );
  drawCrosses(
    lines.filter(({ step }) => step.received === null),
    colours.wrong,
  );
}

/** Names stand at the middle of their arrows, unless another one is there. */
function drawNames(lines) {
  const taken = new Set();
  for (const { x1, y1, x2, y2, step, loops, rank } of lines) {
    pen.font = rank === 0 ? BOLD : FONT;
    const text = fitted(step.name, Math.max(view.lane - 10, 40));
    const width = pen.measureText(text).width;
    const beside = x1 + 18 + width < view.width ? x1 + 18 : x1 - width - 6;
    const [x, y] = [loops ? beside : (x1 + x2 - width) / 2, (y1 + y2) / 2];
    if (!take(taken, x, y, width)) continue;
    write(text, x, y, [colours.chosen, colours.past, colours.soft][rank], pen.font);
  }
}

/** Takes the place of a word, if none of it is taken. */
function take(taken, x, y, width) {
  const cells = [];
  for (let column = Math.floor(x / 12); column <= (x + width) / 12; column += 1)
    for (const row of [-6, 0, 5]) cells.push(column + ' ' + Math.floor((y + row) / 6));
  if (cells.some((cell) => taken.has(cell))) return false;
  for (const cell of cells) taken.add(cell);
  return true;
}

function drawEvents(events) {
  for (const { index, step } of events) {
    const [x, y] = [xOf(step.actor), yOf(step.at)];
    const colour = step.violation ? colours.wrong : shown.past.has(index) ? colours.past : colours.soft;
    pen.fillStyle = colour;
    pen.beginPath();
    pen.arc(x, y, step.violation ? 6 : 4, 0, 7);
    pen.fill();
    if (index === shown.current || step.violation) drawRing(x, y, colour);
    if (step.violation || view.zoom > 0.5) writeEvent(step, x, y, colour);
  }
}

function drawRing(x, y, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 2;
  pen.beginPath();
  pen.arc(x, y, 10, 0, 7);
  pen.stroke();
}

/** Right of its lane, or left of it where there is more room. */
function writeEvent(step, x, y, colour) {
  pen.font = step.violation ? BOLD : FONT;
  const isRight = view.width - x > 160 || x < view.width / 2;
  const text = fitted(step.text, (isRight ? view.width - x : x - MARGIN) - 20);
  write(text, isRight ? x + 14 : x - 14 - pen.measureText(text).width, y, colour, pen.font);
}
`;
