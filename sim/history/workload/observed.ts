/** From what reached the outside to a history. */

import type { History, Op, Transaction } from '../history.ts';
import { listAt, listOf } from './lists.ts';
import type { HistoryPlan } from './plan.ts';
import { recordsOf, type Told } from './records.ts';

/**
 * Whoever has told something has committed; whoever has not, not. A last transaction, after all others, reads every list
 * of the final memory. Output comes in the order of commits (rule 26).
 */
export function historyOf(
  plan: HistoryPlan,
  stdout: Uint8Array,
  byteAt: (address: number) => number,
): History {
  const { told } = recordsOf(plan, stdout);
  const heard = new Set(told.map(({ id }) => id));
  const committed = told.map((record) => transactionOf(plan, record.id, record));
  const silent = plan.transactions.flatMap((_, id) => (heard.has(id) ? [] : [transactionOf(plan, id, null)]));
  const last: Transaction = {
    id: plan.transactions.length,
    fate: 'committed',
    ops: Array.from({ length: plan.lists }, (_, key): Op => {
      const { base, stride } = listAt(plan, key);
      return { type: 'read', key, list: listOf(plan, (offset) => byteAt(base + offset), stride) };
    }),
    after: [...heard],
  };
  return { transactions: [...committed, ...silent, last], commitOrder: [...heard, last.id] };
}

function transactionOf(plan: HistoryPlan, id: number, told: Told | null): Transaction {
  const { parent, ops } = plan.transactions[id]!;
  return {
    id,
    fate: told === null ? 'aborted' : 'committed',
    ops: ops.map((op, i): Op => {
      if (op.type === 'append') return op;
      return { type: 'read', key: op.key, list: told?.lists[i] ?? [], update: op.type === 'update' };
    }),
    ...(parent === null ? {} : { after: [parent] }),
  };
}
