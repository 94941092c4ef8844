/** Smaller plans of runners on lists, the boldest steps first. */

import type { HistoryPlan, PlannedTransaction } from '../history/workload/plan.ts';

export function* simplerLists(plan: HistoryPlan): Iterable<HistoryPlan> {
  const { transactions } = plan;
  for (let size = transactions.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at < transactions.length && transactions.length > 1; at += size)
      yield { ...plan, transactions: without(transactions, at, at + size) };
  for (const [index, transaction] of transactions.entries())
    for (const simpler of simplerTransaction(transaction))
      yield { ...plan, transactions: transactions.map((other, i) => (i === index ? simpler : other)) };
  if (plan.serializable) yield { ...plan, serializable: false };
  if (plan.lazyReads) yield { ...plan, lazyReads: false };
}

/** Whose creator is gone is created by the entry runner. */
function without(
  transactions: readonly PlannedTransaction[],
  from: number,
  to: number,
): PlannedTransaction[] {
  const gone = Math.min(to, transactions.length) - from;
  return transactions
    .filter((_, i) => i < from || i >= to)
    .map((transaction) => {
      const { parent } = transaction;
      if (parent === null || parent < from) return transaction;
      return { ...transaction, parent: parent < to ? null : parent - gone };
    });
}

/** The first operation of a watcher reads what it watches: it stays. */
function* simplerTransaction(transaction: PlannedTransaction): Iterable<PlannedTransaction> {
  const { ops, watches } = transaction;
  for (let i = watches === null ? 0 : 1; i < ops.length; i += 1)
    yield { ...transaction, ops: ops.filter((_, other) => other !== i) };
  if (watches !== null) yield { ...transaction, watches: null };
  if (transaction.counts !== 'no') yield { ...transaction, counts: 'no' };
  if (transaction.stackOver !== null) yield { ...transaction, stackOver: null };
  if (transaction.status) yield { ...transaction, status: false };
  if (transaction.end !== 'commit') yield { ...transaction, end: 'commit' };
}
