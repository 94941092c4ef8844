/** The shape of a control-flow graph: order, dominators, loops. */

import { followers, type Graph } from './graph.ts';

export interface Flow {
  /** Blocks in reverse postorder; the entry first. */
  readonly order: readonly number[];
  /** Place of each block in `order`. */
  readonly place: readonly number[];
  /** The nearest block that every way to a block leads through; the entry is its own. */
  readonly dominator: readonly number[];
  readonly predecessors: readonly (readonly number[])[];
  /** Blocks that some later block goes back to. */
  readonly headers: ReadonlySet<number>;
  /** Blocks of the natural loop of each header, the header included. */
  readonly loops: ReadonlyMap<number, ReadonlySet<number>>;
  /** Blocks that two or more ways lead to, other than back to a loop's header. */
  readonly merges: ReadonlySet<number>;
  /** Whether every loop is entered at its header only, so that structured code can say all. */
  readonly reducible: boolean;
}

export function flowOf(graph: Graph): Flow {
  const after = graph.blocks.map(followers);
  const order = reversePostorder(after);
  const place = new Array<number>(graph.blocks.length).fill(-1);
  order.forEach((block, i) => {
    place[block] = i;
  });
  const predecessors: number[][] = graph.blocks.map(() => []);
  for (const block of order) for (const next of after[block]!) predecessors[next]!.push(block);
  const dominator = dominators(order, place, predecessors);
  const dominates = (a: number, b: number): boolean => {
    let at = b;
    while (place[at]! > place[a]!) at = dominator[at]!;
    return at === a;
  };
  const headers = new Set<number>();
  const merges = new Set<number>();
  let reducible = true;
  for (const block of order) {
    let forward = 0;
    for (const from of predecessors[block]!) {
      if (place[from]! < place[block]!) forward += 1;
      else {
        headers.add(block);
        reducible &&= dominates(block, from);
      }
    }
    if (forward > 1) merges.add(block);
  }
  return {
    order,
    place,
    dominator,
    predecessors,
    headers,
    loops: reducible ? loopsOf(headers, place, predecessors) : new Map(),
    merges,
    reducible,
  };
}

/** Blocks that cannot be reached are left out. */
function reversePostorder(after: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const seen = new Set([0]);
  // On a stack of its own: a graph may be one long chain.
  const stack: { block: number; next: number }[] = [{ block: 0, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = after[top.block]![top.next++];
    if (next === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      stack.push({ block: next, next: 0 });
    }
  }
  return order.reverse();
}

/** Cooper, Harvey and Kennedy, "A simple, fast dominance algorithm", 2001. */
function dominators(
  order: readonly number[],
  place: readonly number[],
  predecessors: readonly (readonly number[])[],
): number[] {
  const dominator = new Array<number>(place.length).fill(-1);
  dominator[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      if (block === 0) continue;
      let common = -1;
      for (const from of predecessors[block]!) {
        if (dominator[from]! < 0) continue;
        let a = from;
        let b = common < 0 ? from : common;
        while (a !== b) {
          if (place[a]! > place[b]!) a = dominator[a]!;
          else b = dominator[b]!;
        }
        common = a;
      }
      if (dominator[block] !== common) {
        dominator[block] = common;
        changed = true;
      }
    }
  }
  return dominator;
}

function loopsOf(
  headers: ReadonlySet<number>,
  place: readonly number[],
  predecessors: readonly (readonly number[])[],
): Map<number, ReadonlySet<number>> {
  const loops = new Map<number, ReadonlySet<number>>();
  for (const header of headers) {
    const body = new Set([header]);
    const pending = predecessors[header]!.filter((from) => place[from]! >= place[header]!);
    for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
      if (body.has(block)) continue;
      body.add(block);
      pending.push(...predecessors[block]!);
    }
    loops.set(header, body);
  }
  return loops;
}
