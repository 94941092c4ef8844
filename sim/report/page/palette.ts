/** Part of the page's script: the colours and the pencils of the drawing. */

export const PALETTE = `
// ---- Colours and pencils ----

const pen = canvas.getContext('2d');
let colours = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = [
    'ground',
    'band',
    'rule',
    'ink',
    'soft',
    'arrow',
    'past',
    'chosen',
    'wrong',
    'fault',
    'fault-ground',
  ];
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue('--' + name).trim()]));
}

const FONT = '11px system-ui, sans-serif';
const BOLD = '600 12px system-ui, sans-serif';

/** One path for many lines: a stroke each would be what costs. */
function drawLines(lines, colour, width, dashed) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.setLineDash(dashed ? [4, 3] : []);
  pen.beginPath();
  for (const { x1, y1, x2, y2, loops } of lines) {
    pen.moveTo(x1, y1);
    if (loops) pen.bezierCurveTo(x1 + 20, y1, x1 + 20, y2, x2, y2);
    else pen.lineTo(x2, y2);
  }
  pen.stroke();
  pen.setLineDash([]);
}

function drawHeads(lines, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  for (const { x1, y1, x2, y2, loops } of lines) {
    const angle = loops ? Math.PI : Math.atan2(y2 - y1, x2 - x1);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    pen.moveTo(x2, y2);
    pen.lineTo(x2 - 8 * cos + 3.5 * sin, y2 - 8 * sin - 3.5 * cos);
    pen.lineTo(x2 - 8 * cos - 3.5 * sin, y2 - 8 * sin + 3.5 * cos);
  }
  pen.fill();
}

function drawCrosses(lines, colour) {
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  pen.beginPath();
  for (const { x2, y2 } of lines) {
    pen.moveTo(x2 - 4, y2 - 4);
    pen.lineTo(x2 + 4, y2 + 4);
    pen.moveTo(x2 - 4, y2 + 4);
    pen.lineTo(x2 + 4, y2 - 4);
  }
  pen.stroke();
}

/** Words that stay legible over lines. */
function write(text, x, y, colour, font = FONT) {
  pen.font = font;
  pen.lineJoin = 'round';
  pen.strokeStyle = colours.ground;
  pen.lineWidth = 4;
  pen.strokeText(text, x, y);
  pen.fillStyle = colour;
  pen.fillText(text, x, y);
}

/** As much of a text as fits. */
function fitted(text, width) {
  if (pen.measureText(text).width <= width) return text;
  let length = Math.min(text.length, Math.floor(width / 4));
  while (length > 0 && pen.measureText(text.slice(0, length) + '…').width > width) length -= 1;
  return length > 0 ? text.slice(0, length) + '…' : '';
}
`;
