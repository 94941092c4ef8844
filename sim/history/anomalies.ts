/**
 * Judges a history from the outside: it knows what was read and who committed, and nothing of how.
 *
 * It never calls a history wrong that has an execution. It finds everything if reads tell every version order, so best
 * let the history end with a read of every key. What it can miss: of several transactions with appends to one key that
 * no read has, it knows only that they come last; whether some order of them would do is not tried. The same holds for
 * several that store a list back as they found it: they may not overlap, and the order of them is not tried.
 */

import { type Anomaly, anomaly } from './anomaly.ts';
import { allowedCircles, forbiddenCircles } from './circles.ts';
import { type Dependency, dependenciesOf, timesOf } from './dependencies.ts';
import { footprintsOf } from './footprints.ts';
import type { History, Transaction } from './history.ts';
import { type Appenders, type VersionOrder, type Visit, versionOrderOf } from './version-orders.ts';

export interface Judgement {
  /** No execution under snapshot isolation explains these; with `serializable`, no serial one. */
  readonly violations: readonly Anomaly[];
  /** Snapshots explain these, no serial order does. Empty with `serializable`. */
  readonly allowed: readonly Anomaly[];
}

export function judgeHistory(history: History, { serializable = false } = {}): Judgement {
  const found: Anomaly[] = repeatedCommits(history);
  const committed = history.transactions.filter(({ fate }) => fate === 'committed');
  const ids = [...new Set(committed.map(({ id }) => id))];
  const edges: Dependency[] = timesOf(history, new Set(ids));
  const appenders = appendersOf(history);
  for (const [key, visits] of visitsOf(committed, found)) {
    const order = versionOrderOf(key, visits, appenders.get(key) ?? new Map(), found);
    found.push(...lostAppends(order, visits, committed));
    edges.push(...dependenciesOf(order, visits, found));
  }
  found.push(...forbiddenCircles(ids, edges));
  const allowed = allowedCircles(ids, edges);
  return serializable ? { violations: [...found, ...allowed], allowed: [] } : { violations: found, allowed };
}

function repeatedCommits({ transactions }: History): Anomaly[] {
  const known = new Set<number>();
  return transactions.flatMap(({ id }) => {
    if (known.has(id)) return [anomaly('duplicate-commit', [id], [`T${id} is there twice`])];
    known.add(id);
    return [];
  });
}

function appendersOf({ transactions }: History): Map<number, Appenders> {
  const keys = new Map<number, Map<number, { readonly id: number; readonly committed: boolean }>>();
  for (const { id, fate, ops } of transactions)
    for (const op of ops) {
      if (op.type !== 'append') continue;
      const values = keys.get(op.key) ?? new Map();
      keys.set(op.key, values.set(op.value, { id, committed: fate === 'committed' }));
    }
  return keys;
}

function visitsOf(committed: readonly Transaction[], found: Anomaly[]): Map<number, Visit[]> {
  const keys = new Map<number, Visit[]>();
  for (const transaction of committed)
    for (const footprint of footprintsOf(transaction, found)) {
      const visits = keys.get(footprint.key) ?? [];
      keys.set(footprint.key, visits);
      visits.push({ ...footprint, id: transaction.id });
    }
  return keys;
}

/** Appends that nobody has read, though somebody read the key after their commit was acknowledged. */
function lostAppends(
  { key, unread }: VersionOrder,
  visits: readonly Visit[],
  committed: readonly Transaction[],
): Anomaly[] {
  if (unread.length === 0) return [];
  const readers = new Set(visits.flatMap(({ id, base }) => (base === null ? [] : [id])));
  return unread.flatMap((id) => {
    const later = committed.find((one) => readers.has(one.id) && one.after?.includes(id));
    if (later === undefined) return [];
    const lines = [`T${id} appended to key ${key}`, `T${later.id} began after that and does not see it`];
    return [anomaly('lost-append', [id, later.id], lines)];
  });
}
