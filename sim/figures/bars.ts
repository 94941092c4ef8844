/** Lying bars, one a name, on a logarithmic axis from 1. */

import { bar, line, type Page, page, TOP, text } from './svg.ts';

export interface Bar {
  readonly name: string;
  readonly value: number;
  /** The value is a bound: what was looked for was not found by then. */
  readonly beyond: boolean;
}

const ROW = 20;
const LEFT = 270;
const RIGHT = 60;

export function barsSvg(about: Omit<Page, 'height'>, axis: string, bars: readonly Bar[]): string {
  const height = TOP + 30 + ROW * bars.length + 20;
  const decades = Math.max(1, Math.ceil(Math.log10(Math.max(...bars.map(({ value }) => value)))));
  const at = (value: number) => LEFT + (Math.log10(value) / decades) * (about.width - LEFT - RIGHT);
  const bottom = TOP + 30 + ROW * bars.length;
  const grid = Array.from({ length: decades + 1 }, (_, exponent) => 10 ** exponent).flatMap((tick) => [
    line(at(tick), TOP + 22, at(tick), bottom),
    text(at(tick), TOP + 16, tick.toLocaleString('en'), 'middle caption'),
  ]);
  const rows = bars.flatMap(({ name, value, beyond }, i) => {
    const y = TOP + 28 + ROW * i;
    // A bug that the first seed finds has a bar as well.
    const to = Math.max(at(value), LEFT + 3);
    return [
      text(LEFT - 8, y + 12, name, 'end'),
      bar(LEFT, y + 1, to - LEFT, ROW - 6, beyond ? 'cut' : 'bar'),
      text(to + 6, y + 12, beyond ? `> ${value}` : String(value), 'caption'),
    ];
  });
  return page({ ...about, height }, [...grid, text(LEFT - 8, TOP + 16, axis, 'end caption'), ...rows]);
}
