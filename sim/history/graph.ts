/** Directed graphs with labelled edges: strongly connected components, and short circles in them. */

export interface Edge<L> {
  readonly to: number;
  readonly label: L;
}

export class Graph<L> {
  readonly #edges: Edge<L>[][];

  constructor(size: number) {
    this.#edges = Array.from({ length: size }, () => []);
  }

  add(from: number, to: number, label: L): void {
    this.#edges[from]!.push({ to, label });
  }

  edgesFrom(node: number): readonly Edge<L>[] {
    return this.#edges[node]!;
  }

  /** Components of two nodes and more, by Tarjan's algorithm with a stack of its own: histories may be long chains. */
  knots(): number[][] {
    const size = this.#edges.length;
    const index = new Int32Array(size).fill(-1);
    const low = new Int32Array(size);
    const next = new Int32Array(size);
    const waiting = new Uint8Array(size);
    const stack: number[] = [];
    const knots: number[][] = [];
    let count = 0;
    for (let root = 0; root < size; root += 1) {
      if (index[root] !== -1) continue;
      const path = [root];
      while (path.length > 0) {
        const node = path.at(-1)!;
        if (index[node] === -1) {
          index[node] = low[node] = count++;
          stack.push(node);
          waiting[node] = 1;
        }
        const edge = this.#edges[node]![next[node]!++];
        if (edge !== undefined) {
          if (index[edge.to] === -1) path.push(edge.to);
          else if (waiting[edge.to] === 1) low[node] = Math.min(low[node]!, index[edge.to]!);
          continue;
        }
        path.pop();
        const parent = path.at(-1);
        if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
        if (low[node] !== index[node]) continue;
        const knot = stack.splice(stack.lastIndexOf(node));
        for (const member of knot) waiting[member] = 0;
        if (knot.length > 1) knots.push(knot);
      }
    }
    return knots;
  }

  /** The labels of a shortest way from one node to another over edges that are wanted; null if there is none. */
  way(from: number, to: number, wanted: (label: L) => boolean): L[] | null {
    const came = new Map<number, { readonly node: number; readonly label: L } | null>([[from, null]]);
    const queue = [from];
    for (const node of queue) {
      if (node === to) break;
      for (const edge of this.#edges[node]!) {
        if (came.has(edge.to) || !wanted(edge.label)) continue;
        came.set(edge.to, { node, label: edge.label });
        queue.push(edge.to);
      }
    }
    if (!came.has(to)) return null;
    const labels: L[] = [];
    for (let step = came.get(to); step; step = came.get(step.node)) labels.push(step.label);
    return labels.reverse();
  }
}
