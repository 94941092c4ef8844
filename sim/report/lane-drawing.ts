/** Lines and arrows in a row of characters. */

import type { Lanes } from './lanes.ts';

/** One character a column. */
type Cells = string[];

export interface Arrow {
  readonly label: string;
  /** What its line is made of. */
  readonly line: string;
  /** It ends in a cross, half way to the last lane. */
  readonly lost: boolean;
  /** Columns from lane to lane. */
  readonly gap: number;
}

/** Nothing but the lanes. */
export function blank({ lanes, width }: Lanes): Cells {
  const cells = new Array<string>(width).fill(' ');
  for (const { column } of lanes) cells[column] = '│';
  return cells;
}

/** Writes over what is there. */
export function put(cells: Cells, column: number, text: string): void {
  for (const [i, character] of Array.from(text).entries())
    if (column + i < cells.length) cells[column + i] = character;
}

/** Draws an arrow from column to column; its label only if it fits between two lanes, or else between all. Returns whether it did. */
export function drawArrow(
  cells: Cells,
  start: number,
  end: number,
  { label, line, lost, gap }: Arrow,
): boolean {
  const isRight = end > start;
  const head = lost ? '✗' : isRight ? '▶' : '◀';
  const tip = isRight ? end - 1 - (lost ? half(gap) : 0) : end + 1 + (lost ? half(gap) : 0);
  const [low, high] = isRight ? [start + 1, tip] : [tip, start - 1];
  cells[start] = isRight ? '├' : '┤';
  for (let column = low; column <= high; column += 1) cells[column] = cells[column] === '│' ? '┼' : line;
  cells[tip] = head;
  const [first, last] = isRight ? [low, high - 1] : [low + 1, high];
  return drawLabel(cells, ` ${label} `, first, last, isRight ? start : end, gap);
}

/** A label reads best within one gap, that at the left end; where that is too narrow, in the middle of the line. */
function drawLabel(
  cells: Cells,
  text: string,
  first: number,
  last: number,
  left: number,
  gap: number,
): boolean {
  const width = Array.from(text).length;
  const end = Math.min(last, left + gap - 1);
  for (const [from, to] of [
    [first, end],
    [first, last],
  ] as const) {
    const free = to - from + 1 - width;
    if (free < 1) continue;
    put(cells, from + Math.ceil(free / 2), text);
    return true;
  }
  return false;
}

function half(gap: number): number {
  return Math.floor(gap / 2) - 1;
}
