/** The end of a failed run, for a message. */

import type { SimulationError } from '../../sim/cluster.ts';

/** Deliveries that are shown, and characters of each. */
const SHOWN = 12;
const WIDTH = 160;

/** Empty, or lines that each begin with a line break. */
export function tailOf({ transcript }: SimulationError): string {
  const lines = transcript.split('\n').slice(-SHOWN);
  return lines.map((line) => `\n  ${line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line}`).join('');
}
