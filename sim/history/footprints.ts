/** What a committed transaction saw of others and what it added, key by key; and whether it agrees with itself. */

import { type Anomaly, anomaly } from './anomaly.ts';
import type { Transaction } from './history.ts';

export interface Footprint {
  readonly key: number;
  /** The list as the transaction found it, before its own appends; null if it never read it. */
  base: readonly number[] | null;
  readonly appends: number[];
  /** Whether it stored the list back as it was. */
  updated: boolean;
}

/** The footprints of a transaction. What contradicts itself goes to `found`. */
export function footprintsOf({ id, ops }: Transaction, found: Anomaly[]): Footprint[] {
  const footprints = new Map<number, Footprint>();
  const disagree = (line: string) => found.push(anomaly('internal', [id], [line]));
  for (const op of ops) {
    const { key } = op;
    const footprint = footprints.get(key) ?? { key, base: null, appends: [], updated: false };
    footprints.set(key, footprint);
    if (op.type === 'append') {
      footprint.appends.push(op.value);
      continue;
    }
    if (op.update === true) footprint.updated = true;
    const { base, appends } = footprint;
    const length = op.list.length - appends.length;
    const seen = op.list.slice(0, Math.max(0, length));
    if (length < 0 || appends.some((value, i) => op.list[length + i] !== value))
      disagree(`T${id} reads key ${key} as [${op.list}] after it has appended ${appends}`);
    else if (base === null) footprint.base = seen;
    else if (!sameList(base, seen))
      disagree(`T${id} reads key ${key} as [${op.list}] where it found [${base}] before`);
  }
  for (const { key, base, appends } of footprints.values())
    for (const value of appends)
      if (base?.includes(value)) disagree(`T${id} finds its own append ${value} to key ${key} before it`);
  return [...footprints.values()];
}

function sameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
