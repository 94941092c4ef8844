/** Which nodes should keep which homes' pages: what to change about who does now. A pure function, so that another may take its place. */

import { MASTER_NODE } from './placement.ts';

/** Of one home: who keeps it. */
export interface Kept {
  readonly node: number;
  /** `coming`: it does not have everything yet. `going`: it is told to let go, and is not counted. */
  readonly state: 'coming' | 'ready' | 'going';
}

export interface SpreadOptions {
  /** Nodes that shall keep each home, as far as there are so many. */
  readonly replicas: number;
  /** The master's node keeps them all. */
  readonly keepsAll: boolean;
}

export interface Move {
  readonly home: number;
  readonly node: number;
}

export interface Plan {
  readonly add: readonly Move[];
  readonly retire: readonly Move[];
}

/** `nodes`: those that may keep pages. `homes`: by home; whoever is not among `nodes` is to be relieved of it. */
export function planSpread(
  homes: readonly (readonly Kept[])[],
  nodes: readonly number[],
  { replicas, keepsAll }: SpreadOptions,
): Plan {
  const add: Move[] = [];
  const retire: Move[] = [];
  const loads = new Map(nodes.map((node) => [node, 0]));
  const staying = homes.map((kept) => kept.filter(({ node, state }) => state !== 'going' && loads.has(node)));
  for (const kept of staying) for (const { node } of kept) change(loads, node, 1);
  const most = Math.min(replicas, nodes.length);
  const isFixed = (node: number) => keepsAll && node === MASTER_NODE;

  homes.forEach((all, home) => {
    const kept = staying[home]!;
    const free = nodes.filter((node) => !all.some((one) => one.node === node));
    for (let count = kept.length; count < most && free.length > 0; count += 1) {
      const [node] = free.splice(leastLoaded(free, loads), 1) as [number];
      change(loads, node, 1);
      add.push({ home, node });
    }
    const ready = kept.filter(({ state }) => state === 'ready');
    const isQuiet = all.every(({ state }) => state === 'ready');
    if (!isQuiet || ready.length < most || most === 0) return;
    // All of them are ready, and there are enough: those who leave may, and then those who are too many.
    for (const { node } of all) if (!loads.has(node)) retire.push({ home, node });
    const movable = ready.map(({ node }) => node).filter((node) => !isFixed(node));
    for (let count = ready.length; count > most && movable.length > 0; count -= 1) {
      const [node] = movable.splice(mostLoaded(movable, loads), 1) as [number];
      change(loads, node, -1);
      retire.push({ home, node });
    }
  });
  const isSettled =
    add.length === 0 &&
    retire.length === 0 &&
    homes.every((all) => all.every(({ state }) => state === 'ready'));
  if (isSettled)
    add.push(
      ...evenOut(
        staying,
        nodes.filter((node) => !isFixed(node)),
        loads,
      ),
    );
  return { add, retire };
}

/** Homes that go from those who keep many to those who keep few: at first they are kept at both. */
function evenOut(
  homes: readonly (readonly Kept[])[],
  nodes: readonly number[],
  loads: Map<number, number>,
): Move[] {
  const moves: Move[] = [];
  const moved = new Set<number>();
  for (;;) {
    const from = nodes[mostLoaded(nodes, loads)];
    const to = nodes[leastLoaded(nodes, loads)];
    if (from === undefined || to === undefined || loads.get(from)! - loads.get(to)! < 2) return moves;
    const home = homes.findIndex(
      (kept, index) =>
        !moved.has(index) && kept.some(({ node }) => node === from) && !kept.some(({ node }) => node === to),
    );
    if (home === -1) return moves;
    moved.add(home);
    change(loads, from, -1);
    change(loads, to, 1);
    moves.push({ home, node: to });
  }
}

function change(loads: Map<number, number>, node: number, by: number): void {
  loads.set(node, loads.get(node)! + by);
}

/** Its place among them; of equals the first. */
function leastLoaded(nodes: readonly number[], loads: ReadonlyMap<number, number>): number {
  let best = 0;
  for (let i = 1; i < nodes.length; i += 1) if (loads.get(nodes[i]!)! < loads.get(nodes[best]!)!) best = i;
  return best;
}

/** Its place among them; of equals the last: who has come later lets go. */
function mostLoaded(nodes: readonly number[], loads: ReadonlyMap<number, number>): number {
  let best = 0;
  for (let i = 1; i < nodes.length; i += 1) if (loads.get(nodes[i]!)! >= loads.get(nodes[best]!)!) best = i;
  return best;
}
