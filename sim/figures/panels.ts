/** Small plots side by side, each of a few curves over one axis of sizes, from 0 up. */

import { curve, line, type Page, page, TOP, text } from './svg.ts';

export interface Panel {
  readonly title: string;
  readonly curves: readonly Curve[];
}

export interface Curve {
  readonly name: string;
  /** One a size. */
  readonly values: readonly number[];
}

const WIDTH = 350;
const HEIGHT = 230;
const PLOT = { left: 62, top: 48, right: 20, bottom: 28 };
const TICKS = 4;

/** Two panels a row. */
export function panelsSvg(
  about: Pick<Page, 'title' | 'caption'>,
  sizes: readonly number[],
  panels: readonly Panel[],
): string {
  const marks = panels.flatMap((one, i) =>
    panel(one, sizes, (i % 2) * WIDTH, TOP + Math.floor(i / 2) * HEIGHT),
  );
  const height = TOP + Math.ceil(panels.length / 2) * HEIGHT + 8;
  return page({ ...about, width: 2 * WIDTH, height }, marks);
}

function panel({ title, curves }: Panel, sizes: readonly number[], x0: number, y0: number): string[] {
  const most = ceilingOf(Math.max(...curves.flatMap(({ values }) => values)));
  const [left, right] = [x0 + PLOT.left, x0 + WIDTH - PLOT.right];
  const [top, bottom] = [y0 + PLOT.top, y0 + HEIGHT - PLOT.bottom];
  const logs = sizes.map((size) => Math.log(size));
  const across = (i: number) => left + ((logs[i]! - logs[0]!) / (logs.at(-1)! - logs[0]!)) * (right - left);
  const up = (value: number) => bottom - (value / most) * (bottom - top);
  const grid = Array.from({ length: TICKS + 1 }, (_, i) => (most * i) / TICKS).flatMap((tick) => [
    line(left, up(tick), right, up(tick)),
    text(left - 6, up(tick) + 4, tick.toLocaleString('en'), 'end caption'),
  ]);
  const sizesBelow = sizes.map((size, i) =>
    text(across(i), bottom + 18, size.toLocaleString('en'), 'middle caption'),
  );
  const drawn = curves.flatMap(({ name, values }, i) => [
    ...curve(
      values.map((value, j) => [across(j), up(value)]),
      i,
    ),
    ...(curves.length > 1 ? legend(left + 170 * i, y0 + 36, name, i) : []),
  ]);
  return [text(left, y0 + 18, title), ...grid, ...sizesBelow, ...drawn];
}

function legend(x: number, y: number, name: string, index: number): string[] {
  return [...curve([[x + 4, y - 4]], index), text(x + 14, y, name, 'caption')];
}

/** A round number not below, whose quarters are round as well. */
function ceilingOf(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((digit) => digit * decade).find((round) => round >= value)!;
}
