/** Where a text diagram has its columns: one lane an actor, or one a node where there are too many actors. */

import { actorsOf, type Row } from './diagram-rows.ts';
import { clipped } from './plain-text.ts';
import type { RecordedRun } from './recorded-run.ts';

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** From lane to lane. */
  readonly gap: number;
  /** The place of an actor's lane in `lanes`. */
  readonly laneOf: (actor: number) => number;
  /** Whether a lane stands for all of a node. */
  readonly areNodes: boolean;
  /** Columns that all lanes take. */
  readonly width: number;
  /** Columns to the right of them, for notes. */
  readonly rest: number;
}

export interface Lane {
  readonly name: string;
  readonly node: number;
  /** Counted from the first lane's. */
  readonly column: number;
}

/** Lanes of those who take part in the rows, fit for so many columns. */
export function lanesOf(run: RecordedRun, rows: readonly Row[], columns: number): Lanes {
  const present = new Set(rows.flatMap(actorsOf));
  const actors = [...run.actors.keys()].filter((actor) => present.has(actor));
  const nodeOf = (actor: number) => run.actors[actor]!.node;
  const fits = (actors.length - 1) * LEAST_GAP + LAST + LEAST_REST <= columns;
  const keyOf = fits ? (actor: number) => actor : nodeOf;
  const keys = [...new Set(actors.map(keyOf))];
  if (!fits) keys.sort((a, b) => a - b);
  const gap = gapFor(keys.length, columns);
  const width = Math.max(0, keys.length - 1) * gap + LAST;
  return {
    lanes: keys.map((key, i) => ({
      name: fits ? run.actors[key]!.name : `node ${key}`,
      node: fits ? nodeOf(key) : key,
      column: i * gap,
    })),
    areNodes: !fits,
    gap,
    laneOf: (actor) => keys.indexOf(keyOf(actor)),
    width,
    rest: Math.max(0, columns - width),
  };
}

/** The names of the lanes, and above them the nodes unless the lanes are nodes. */
export function headings({ lanes, gap, areNodes }: Lanes): string[] {
  const names = lanes.map(({ name }) => cell(name, gap)).join('');
  if (areNodes) return [names.trimEnd()];
  const nodes = lanes.map(({ node }, i) => cell(node === lanes[i - 1]?.node ? '' : `node ${node}`, gap));
  return [nodes.join('').trimEnd(), names.trimEnd()];
}

function cell(text: string, columns: number): string {
  return clipped(text, columns - 1).padEnd(columns);
}

/** As wide as there is room, within what reads well. */
function gapFor(lanes: number, columns: number): number {
  const room = Math.floor((columns - LAST - LEAST_REST) / Math.max(1, lanes - 1));
  return Math.max(2, Math.min(MOST_GAP, room));
}

/** The last lane and the space after it. */
const LAST = 3;
/** An arrow with a name of five letters. */
const LEAST_GAP = 10;
const MOST_GAP = 17;
const LEAST_REST = 30;
