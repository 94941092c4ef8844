/**
 * A space-time diagram for a terminal: time in µs downwards, one lane an actor, one row a message as it arrives.
 *
 *         µs  master           home 0
 *         10  │◀──── stage ────┤                attempt 7.1.1
 *         12  ├╌╌╌ decide ╌╌╌▶│                again; sent 9; version 3
 *         14  ├─ drop ─✗       │                lost; attempt 7.1.1
 *         20  │                ● applied
 */

import { type Selection, selectRows } from './diagram-rows.ts';
import { headings, lanesOf } from './lanes.ts';
import { withThousands } from './plain-text.ts';
import { type RecordedRun, timeOf } from './recorded-run.ts';
import { heightOf, linesOf } from './row-lines.ts';

/** How large a text may be. */
export interface TextSize {
  readonly columns: number;
  readonly lines: number;
}

/**
 * The run as text of that size. Where it does not fit, the last steps that matter are shown, one at least, and a line
 * says how many are left out.
 */
export function textDiagram(run: RecordedRun, { columns, lines }: TextSize): string {
  const margin = marginOf(run);
  const area = columns - margin - GUTTER.length;
  const selection = selectRows(run, lines - OVERHEAD, (row) => heightOf(row, area));
  const lanes = lanesOf(run, selection.rows, area);
  const text = [
    ...omission(selection),
    ...headings(lanes).map((line) => `${' '.repeat(margin)}${GUTTER}${line}`),
  ];
  text[text.length - 1] = `${'µs'.padStart(margin)}${text.at(-1)!.slice(margin)}`;
  for (const row of selection.rows)
    for (const [i, line] of linesOf(row, run, lanes, area).entries()) {
      const time = i > 0 ? '' : withThousands(timeOf(row.type === 'local' ? row.steps[0]! : row.step));
      text.push(`${time.padStart(margin)}${GUTTER}${line}`);
    }
  return text.map((line) => line.trimEnd()).join('\n');
}

/** Between the times and the lanes. */
const GUTTER = '  ';
/** Lines that are not rows: what is left out, and the headings. */
const OVERHEAD = 3;

/** Columns of the times. */
function marginOf({ steps }: RecordedRun): number {
  const last = steps.at(-1);
  return Math.max(7, last === undefined ? 0 : withThousands(timeOf(last)).length);
}

function omission({ left, leftFaults }: Selection): string[] {
  if (left === 0) return [];
  const faults = leftFaults === 0 ? '' : `, faults among them: ${leftFaults}`;
  return [`… ${withThousands(left)} steps are left out${faults}`];
}
