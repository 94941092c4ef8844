/**
 * What snapshot isolation forbids, as circles. A transaction is two events, its start and its commit. A read sees what was
 * committed before the reader started, and two that write one key do not overlap; so each dependency puts one event
 * before another, and there is an execution if and only if no event comes before itself. Where version orders are known
 * this decides exactly; circles without neighbouring `rw` edges are the same thing said in edges.
 */

import { type Anomaly, anomaly, type Phenomenon, type Scope } from './anomaly.ts';
import { type Dependency, type Kind, textOfDependency } from './dependencies.ts';
import { Graph } from './graph.ts';

/** Starts of a search in one knot: its shortest circle may go unseen in a larger one, some circle does not. */
const MOST_STARTS = 200;

/** From the plainest phenomenon to the ones that need the most edges: each knot is named by the first that shows it. */
const LAYERS: readonly (readonly Kind[])[] = [
  ['ww'],
  ['ww', 'wr'],
  ['ww', 'wr', 'rw', 'update'],
  ['ww', 'wr', 'rw', 'update', 'after'],
  ['ww', 'wr', 'rw', 'update', 'after', 'order'],
];

/** Violations of snapshot isolation among `ids`. */
export function forbiddenCircles(ids: readonly number[], edges: readonly Dependency[]): Anomaly[] {
  if (eventsOf(ids, edges).knots().length === 0) return [];
  const found: Anomaly[] = [];
  const named = new Set<number>();
  for (const kinds of LAYERS) {
    const graph = eventsOf(
      ids,
      edges.filter(({ kind }) => kinds.includes(kind)),
    );
    for (const knot of graph.knots()) {
      if (knot.some((event) => named.has(event))) continue;
      for (const event of knot) named.add(event);
      found.push(nameOf(circleIn(graph, knot)));
    }
  }
  return found;
}

/** Circles that snapshots allow: with two neighbouring `rw` edges. */
export function allowedCircles(ids: readonly number[], edges: readonly Dependency[]): Anomaly[] {
  const places = new Map(ids.map((id, place) => [id, place]));
  const graph = new Graph<Dependency | null>(ids.length);
  for (const edge of edges)
    if (edge.kind !== 'order') graph.add(places.get(edge.from)!, places.get(edge.to)!, edge);
  return graph.knots().flatMap((knot) => {
    const circle = circleIn(graph, knot);
    if (!circle.some(({ kind }, i) => kind === 'rw' && circle.at(i - 1)!.kind === 'rw')) return [];
    const skew = circle.length === 2;
    return [anomaly(skew ? 'write-skew' : 'G2', membersOf(circle), circle.map(textOfDependency))];
  });
}

/** Event 2p is the start of the transaction at place p, 2p + 1 its commit. */
function eventsOf(ids: readonly number[], edges: readonly Dependency[]): Graph<Dependency | null> {
  const places = new Map(ids.map((id, place) => [id, place]));
  const graph = new Graph<Dependency | null>(2 * ids.length);
  for (let place = 0; place < ids.length; place += 1) graph.add(2 * place, 2 * place + 1, null);
  for (const edge of edges) {
    const fromStart = edge.kind === 'rw' ? 0 : 1;
    const toCommit = edge.kind === 'rw' || edge.kind === 'order' ? 1 : 0;
    graph.add(2 * places.get(edge.from)! + fromStart, 2 * places.get(edge.to)! + toCommit, edge);
  }
  return graph;
}

/** A short circle in a knot; one with a single anti-dependency if there is one. */
function circleIn(graph: Graph<Dependency | null>, knot: readonly number[]): Dependency[] {
  const inside = new Set(knot);
  const starts = knot
    .slice(0, MOST_STARTS)
    .flatMap((node) => graph.edgesFrom(node).map((edge) => ({ node, edge })))
    .filter(({ edge }) => inside.has(edge.to));
  const plain = (label: Dependency | null) => label?.kind !== 'rw';
  const anything = () => true;
  let best: Dependency[] = [];
  for (const wanted of [plain, anything]) {
    for (const { node, edge } of starts) {
      const back = graph.way(edge.to, node, wanted);
      if (back === null) continue;
      const circle = [edge.label, ...back].filter((label) => label !== null);
      if (best.length === 0 || circle.length < best.length) best = circle;
    }
    if (best.length > 0) break;
  }
  return best;
}

function nameOf(circle: readonly Dependency[]): Anomaly {
  return anomaly(phenomenonOf(circle), membersOf(circle), circle.map(textOfDependency), scopeOf(circle));
}

function phenomenonOf(circle: readonly Dependency[]): Phenomenon {
  const count = (kind: Kind) => circle.filter((edge) => edge.kind === kind).length;
  const antis = count('rw') || count('update');
  if (antis === 0) return count('wr') === 0 ? 'G0' : 'G1c';
  if (count('rw') + count('wr') === 0) return 'lost-update';
  if (antis === 1) return 'G-single';
  return count('rw') === 2 && count('wr') === circle.length - 2 ? 'long-fork' : 'G-nonadjacent';
}

function scopeOf(circle: readonly Dependency[]): Scope {
  if (circle.some(({ kind }) => kind === 'order')) return '-order';
  return circle.some(({ kind }) => kind === 'after') ? '-session' : '';
}

function membersOf(circle: readonly Dependency[]): number[] {
  return [...new Set(circle.map(({ from }) => from))];
}
