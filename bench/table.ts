/** A benchmark's rows as a table, for people and for `docs/performance.md`. */

import type { Row } from './measure.ts';

const HEADS = ['case', 'ours', 'peer', 'ratio', 'spread'];

/** Lines of Markdown. */
export function table(rows: readonly Row[]): string[] {
  const cells = [HEADS, ...rows.map(cellsOf)];
  const widths = HEADS.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map(
    (row) =>
      `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`;
  return [lines[0]!, rule, ...lines.slice(1)];
}

function cellsOf({ case: name, ours, peer, ratio, spread }: Row): string[] {
  return [
    name,
    number(ours),
    peer === null ? '' : number(peer),
    ratio === null ? '' : `${number(ratio)} ×`,
    spread === null ? '' : spread.map((end) => end.toFixed(2)).join('–'),
  ];
}

/** Three digits that count, more where they stand before the point. */
function number(value: number): string {
  if (value === 0) return '0';
  const digits = Math.min(3, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
