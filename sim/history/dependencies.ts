/** Who must have come before whom: the edges that histories are judged by. */

import { type Anomaly, anomaly } from './anomaly.ts';
import type { History } from './history.ts';
import type { VersionOrder, Visit } from './version-orders.ts';

/**
 * `ww`, `wr`, `rw`: as in the literature. `update`: an `rw` edge from a transaction that writes the key as well, so that
 * first-committer-wins has it end before the other one begins. `after`: it began after the other's commit was
 * acknowledged. `order`: it committed after the other.
 */
export type Kind = 'ww' | 'wr' | 'rw' | 'update' | 'after' | 'order';

export interface Dependency {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
  /** Null on `after` and `order`. */
  readonly key: number | null;
}

/** The edges of one key. A read of a part of a transaction's appends goes to `found`. */
export function dependenciesOf(
  { key, writers, starts, unread }: VersionOrder,
  visits: readonly Visit[],
  found: Anomaly[],
): Dependency[] {
  const edges: Dependency[] = [];
  const add = (kind: Kind, from: number, to: number) => {
    if (from !== to) edges.push({ kind, from, to, key });
  };
  /** To whoever comes next after the first `place` writers. */
  const toNext = (kind: Kind, from: number, place: number) => {
    if (place < writers.length) add(kind, from, writers[place]!);
    else for (const one of unread) add(kind, from, one);
  };
  writers.forEach((writer, at) => {
    toNext('ww', writer, at + 1);
  });
  const appends = new Map(visits.map((visit) => [visit.id, visit.appends]));
  for (const { id, base, appends: own, updated } of visits) {
    if (base === null) continue;
    let seen = 0;
    while (seen < writers.length && starts[seen]! < base.length) seen += 1;
    const last = writers[seen - 1];
    const missing =
      last === undefined ? undefined : appends.get(last)?.find((value) => !base.includes(value));
    if (missing !== undefined && last !== id) {
      const lines = [`T${id} finds key ${key} as [${base}]`, `T${last} also appended ${missing}`];
      found.push(anomaly('G1b', [id, last!], lines));
    }
    if (last !== undefined) add('wr', last, id);
    toNext(own.length > 0 || updated ? 'update' : 'rw', id, seen);
  }
  return edges;
}

/** What is known of times: who began after whose commit, and in which order they committed. */
export function timesOf(
  { transactions, commitOrder = [] }: History,
  known: ReadonlySet<number>,
): Dependency[] {
  const after = transactions.flatMap(({ id, after: earlier = [] }) =>
    earlier.map((from): Dependency => ({ kind: 'after', from, to: id, key: null })),
  );
  const order = commitOrder
    .slice(1)
    .map((to, i): Dependency => ({ kind: 'order', from: commitOrder[i]!, to, key: null }));
  return [...after, ...order].filter(({ from, to }) => from !== to && known.has(from) && known.has(to));
}

/** An edge in words. */
export function textOfDependency({ kind, from, to, key }: Dependency): string {
  switch (kind) {
    case 'ww':
      return `T${to} appends to key ${key} after T${from}`;
    case 'wr':
      return `T${to} sees what T${from} did to key ${key}`;
    case 'rw':
      return `T${from} does not see what T${to} did to key ${key}`;
    case 'update':
      return `T${from} writes key ${key} without having seen what T${to} did to it`;
    case 'after':
      return `T${to} began after T${from} had committed`;
    case 'order':
      return `T${to} committed after T${from}`;
  }
}
