import { describe, expect, it } from 'vitest';
import { judgeHistory } from '../../../sim/history/anomalies.ts';
import { textOfAnomaly } from '../../../sim/history/anomaly.ts';
import type { History, Op, Transaction } from '../../../sim/history/history.ts';
import { seeded } from '../../../sim/random.ts';
import { hasSerialExecution, hasSnapshotExecution } from '../../support/history/brute-force.ts';
import { drawHistory } from '../../support/history/drawn.ts';

const HISTORIES = 10_000;

const append = (key: number, value: number): Op => ({ type: 'append', key, value });
const read = (key: number, ...list: number[]): Op => ({ type: 'read', key, list });
const update = (key: number, ...list: number[]): Op => ({ type: 'read', key, list, update: true });
const began = (after: readonly number[], ...ops: Op[]) => ({ ops, after });

/** Committed transactions T0, T1, …; an array is one that began whenever it liked. */
function historyOf(...drafts: (Op[] | Pick<Transaction, 'ops' | 'after'>)[]): History {
  return {
    transactions: drafts.map((draft, id) => ({
      id,
      fate: 'committed',
      ...(Array.isArray(draft) ? { ops: draft } : draft),
    })),
  };
}

const aborting = (history: History, id: number): History => ({
  transactions: history.transactions.map((one) => (one.id === id ? { ...one, fate: 'aborted' } : one)),
});

const FORBIDDEN: Readonly<Record<string, History>> = {
  'duplicate-commit': {
    transactions: [0, 0].map((id) => ({ id, fate: 'committed', ops: [read(0)] })),
  },
  'garbage-read': historyOf([read(0, 7)]),
  'duplicate-append': historyOf([append(0, 1)], [read(0, 1, 1)]),
  'lost-append': historyOf([append(0, 1)], began([0], read(0))),
  internal: historyOf([append(0, 1), read(0)]),
  'incompatible-order': historyOf([append(0, 1)], [append(0, 2)], [read(0, 1, 2)], [read(0, 2)]),
  G0: historyOf([append(0, 1), append(1, 1)], [append(0, 2), append(1, 2)], [read(0, 1, 2), read(1, 2, 1)]),
  G1a: aborting(historyOf([append(0, 1)], [read(0, 1)]), 0),
  G1b: historyOf([append(0, 1), append(0, 2)], [read(0, 1)]),
  G1c: historyOf([append(0, 1), read(1, 1)], [append(1, 1), read(0, 1)]),
  'lost-update': historyOf([read(0), append(0, 1)], [read(0), append(0, 2)], [read(0, 1, 2)]),
  'G-single': historyOf([append(0, 1), append(1, 1)], [read(0, 1), read(1)]),
  'G-single-session': historyOf([append(0, 1)], began([0], read(0)), [read(0, 1)]),
  'G1c-session': historyOf([read(0, 1)], began([0], append(0, 1))),
  'G1c-order': { ...historyOf([append(0, 1)], [read(0, 1)]), commitOrder: [1, 0] },
  'long-fork': historyOf([append(0, 1)], [append(1, 1)], [read(0, 1), read(1)], [read(0), read(1, 1)]),
  'G-nonadjacent': historyOf(
    [append(0, 1), append(2, 1)],
    [append(1, 1)],
    [append(2, 2), read(1)],
    [read(0), read(1, 1)],
    [read(2, 1, 2)],
  ),
};

describe('the checker calls', () => {
  it.each(Object.entries(FORBIDDEN))('%s by its name', (name, history) => {
    const { violations } = judgeHistory(history);

    expect(violations.map((one) => one.name)).toContain(name);
    expect(violations.every(({ witness }) => witness.length > 0)).toBe(true);
    expect(hasSnapshotExecution(history)).toBe(false);
  });

  it.each([
    ['write-skew', historyOf([read(0), append(1, 1)], [read(1), append(0, 1)])],
    ['G2', historyOf([read(0), append(1, 1)], [read(1), append(2, 1)], [read(2), append(0, 1)])],
  ])('%s allowed, and forbidden where all are serializable', (name, history) => {
    const { violations, allowed } = judgeHistory(history);
    const strict = judgeHistory(history, { serializable: true });

    expect(violations).toEqual([]);
    expect(allowed.map((one) => one.name)).toEqual([name]);
    expect(strict).toEqual({ violations: allowed, allowed: [] });
    expect(hasSnapshotExecution(history)).toBe(true);
  });

  it('a list that is stored back a list that is written', () => {
    const skew = historyOf([update(0), append(1, 1)], [read(1), append(0, 1)], [read(0, 1), read(1, 1)]);
    expect(judgeHistory(skew).violations.map(({ name }) => name)).toEqual(['G-single']);
    expect(hasSnapshotExecution(skew)).toBe(false);
  });

  it('each step of a circle in words', () => {
    const [skew] = judgeHistory(FORBIDDEN['G-single']!).violations;
    expect(textOfAnomaly(skew!)).toMatchInlineSnapshot(`
      "G-single: read skew: a transaction sees a part of what another one did, or of what came before it
        T1 does not see what T0 did to key 1
        T1 sees what T0 did to key 0"
    `);
  });
});

describe('the checker, beside all executions tried one by one', () => {
  it('agrees wherever reads tell the version orders, and never raises a false alarm', () => {
    const choose = seeded(1);
    const counts = { exact: 0, wrong: 0, skewed: 0 };
    for (let i = 0; i < HISTORIES; i += 1) {
      const history = drawHistory(choose, 4);
      const snapshots = judgeHistory(history).violations.length === 0;
      const untimed = { transactions: history.transactions };
      const serial = judgeHistory(untimed, { serializable: true }).violations.length === 0;
      const possible = { snapshots: hasSnapshotExecution(history), serial: hasSerialExecution(untimed) };
      const exact = isOrdered(history);
      const judged = {
        snapshots: exact || !snapshots ? snapshots : possible.snapshots,
        serial: exact || !serial ? serial : possible.serial,
      };
      expect({ history, ...judged }).toEqual({ history, ...possible });
      if (exact) counts.exact += 1;
      if (!snapshots) counts.wrong += 1;
      if (snapshots && !serial) counts.skewed += 1;
    }
    expect(counts.exact).toBeGreaterThan(HISTORIES * 0.8);
    expect(counts.wrong).toBeGreaterThan(HISTORIES * 0.2);
    expect(counts.skewed).toBeGreaterThan(HISTORIES * 0.01);
  });
});

/**
 * Whether reads tell every version order: of each key at most one transaction has appends that no other one found, and
 * no two of those that only store it back found the same list.
 */
function isOrdered({ transactions }: History): boolean {
  const committed = transactions.filter(({ fate }) => fate === 'committed');
  return [0, 1, 2].every((key) => {
    const read = new Set<number>();
    const hidden = new Set<number>();
    const restored: number[] = [];
    for (const { ops } of committed) {
      const here = ops.filter((op) => op.key === key);
      const own = here.flatMap((op) => (op.type === 'append' ? [op.value] : []));
      const reads = here.filter((op) => op.type === 'read');
      for (const { list } of reads) for (const value of list) if (!own.includes(value)) read.add(value);
      if (own.length === 0 && reads.some(({ update }) => update)) restored.push(reads[0]!.list.length);
    }
    for (const { id, ops } of committed)
      for (const op of ops) if (op.type === 'append' && op.key === key && !read.has(op.value)) hidden.add(id);
    return hidden.size <= 1 && new Set(restored).size === restored.length;
  });
}
