/** Whether a small history has an execution at all: tries every order of starts and commits. Shares nothing with the checker. */

import type { History, Transaction } from '../../../sim/history/history.ts';

/** Whether some order of starts and commits explains every read, and no two that write one key overlap. */
export function hasSnapshotExecution(history: History): boolean {
  return explain(history, false);
}

/** Whether some serial order explains every read. */
export function hasSerialExecution(history: History): boolean {
  return explain(history, true);
}

type Lists = ReadonlyMap<number, readonly number[]>;

interface Running {
  readonly transaction: Transaction;
  readonly result: Lists;
  /** Keys that somebody has committed since it started. */
  readonly lost: ReadonlySet<number>;
}

function explain({ transactions, commitOrder = [] }: History, serial: boolean): boolean {
  const committed = transactions.filter(({ fate }) => fate === 'committed');
  const ids = new Set(committed.map(({ id }) => id));
  if (ids.size < committed.length) return false;

  const search = (
    memory: Lists,
    waiting: readonly Transaction[],
    running: readonly Running[],
    done: ReadonlySet<number>,
    /** Starts with no commit between them see the same, so one order of them is enough. */
    least = 0,
  ): boolean => {
    if (waiting.length === 0 && running.length === 0) return true;
    for (const one of running) {
      const { transaction, result, lost } = one;
      const written = writtenBy(transaction);
      if (written.some((key) => lost.has(key))) continue;
      const before = commitOrder.slice(0, Math.max(0, commitOrder.indexOf(transaction.id)));
      if (before.some((id) => ids.has(id) && !done.has(id))) continue;
      const next = new Map(memory);
      for (const key of written) next.set(key, result.get(key) ?? []);
      const others = running
        .filter((other) => other !== one)
        .map((other) => ({ ...other, lost: new Set([...other.lost, ...written]) }));
      if (search(next, waiting, others, new Set([...done, transaction.id]))) return true;
    }
    if (serial && running.length > 0) return false;
    for (const transaction of waiting) {
      if (transaction.id < least) continue;
      if (transaction.after?.some((id) => ids.has(id) && !done.has(id))) continue;
      const result = execute(transaction, memory);
      if (result === null) continue;
      const others = waiting.filter((other) => other !== transaction);
      if (
        search(memory, others, [...running, { transaction, result, lost: new Set() }], done, transaction.id)
      )
        return true;
    }
    return false;
  };
  return search(new Map(), committed, [], new Set());
}

/** The lists as a transaction leaves them; null if it cannot have read what it says. */
function execute({ ops }: Transaction, snapshot: Lists): Lists | null {
  const lists = new Map(snapshot);
  for (const op of ops) {
    const list = lists.get(op.key) ?? [];
    if (op.type === 'append') lists.set(op.key, [...list, op.value]);
    else if (list.join() !== op.list.join()) return null;
  }
  return lists;
}

function writtenBy({ ops }: Transaction): number[] {
  return ops.filter((op) => op.type === 'append' || op.update === true).map(({ key }) => key);
}
