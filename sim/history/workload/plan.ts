/** What runners are to do to lists, and to what they are handed, drawn from choices. */

import type { Choose } from '../../random.ts';

export type PlannedOp =
  | { readonly type: 'append'; readonly key: number; readonly value: number }
  /** `update` stores the length back as it was: a write that changes nothing. */
  | { readonly type: 'read' | 'update'; readonly key: number };

/** One runner; its place in the plan is its id. */
export interface PlannedTransaction {
  /** The runner that creates it, an earlier one; null: the entry runner. */
  readonly parent: number | null;
  readonly ops: readonly PlannedOp[];
  readonly end: 'commit' | 'abort' | 'fault';
  /** The list whose length it watches, and reads first; its parent, if it has one, reads that list too. */
  readonly watches: number | null;
  /** One to the counter that all share: without a look at it, or with one, which makes a ticket. */
  readonly counts: 'no' | 'blindly' | 'with-a-look';
  /** A list that it does nothing to, and that its stack lies over; it has no children then. */
  readonly stackOver: number | null;
}

/** `apart`: each list on pages and homes of its own. `packed`: one after the other. `interleaved`: cell by cell. */
export type ListLayout = 'apart' | 'packed' | 'interleaved';

export interface HistoryPlan {
  readonly lists: number;
  readonly layout: ListLayout;
  /** Bytes a cell: a length or a value. */
  readonly cell: 1 | 8;
  /** Cells for values that each list has. */
  readonly capacity: number;
  /** Whether losers run again. */
  readonly retries: boolean;
  readonly serializable: boolean;
  /** Whether lists that a runner only reads are left undeclared. */
  readonly lazyReads: boolean;
  readonly transactions: readonly PlannedTransaction[];
}

/** 10 to 60 runners on 2 to 6 lists. */
export function drawHistoryPlan(choose: Choose): HistoryPlan {
  const lists = 2 + choose(5);
  const layout = LAYOUTS[choose(LAYOUTS.length)]!;
  const count = 10 + choose(10 + choose(42));
  const depth = choose(3);
  const drafts = Array.from({ length: count }, (_, id) => {
    const watches = choose(4) === 3 ? lists - 1 - choose(1 + choose(lists)) : null;
    const child = id > 0 && (choose(4) < depth || (watches !== null && choose(4) > 0));
    const parent = child ? id - 1 - choose(watches === null ? id : Math.min(id, NEAR)) : null;
    const scans = choose(4) === 3;
    const first = choose(lists);
    const ops = Array.from({ length: scans ? Math.min(4, lists) : 1 + choose(4) }, (_, i): PlannedOp => {
      if (scans) return { type: 'read', key: (first + i) % lists };
      const key = choose(1 + choose(lists));
      const type = OPS[choose(OPS.length)]!;
      return type === 'append' ? { type, key, value: 0 } : { type, key };
    });
    return {
      parent,
      ops,
      end: ENDS[choose(ENDS.length)]!,
      watches,
      counts: COUNTS[choose(COUNTS.length)]!,
      stackOver: layout !== 'interleaved' && choose(4) === 3 ? choose(lists) : null,
    };
  });
  for (const { parent, watches, ops } of drafts) {
    if (watches === null) continue;
    ops.unshift({ type: 'read', key: watches });
    if (parent !== null) drafts[parent]!.ops.unshift({ type: 'read', key: watches });
  }
  const parents = new Set(drafts.map(({ parent }) => parent));
  const appended = new Array<number>(lists).fill(0);
  const transactions = drafts.map(
    (draft, id): PlannedTransaction => ({
      ...draft,
      ops: draft.ops.map((op) => (op.type === 'append' ? { ...op, value: ++appended[op.key]! } : op)),
      stackOver:
        parents.has(id) || draft.ops.some(({ key }) => key === draft.stackOver) ? null : draft.stackOver,
    }),
  );
  const capacity = Math.max(1, ...appended);
  return {
    lists,
    layout,
    cell: capacity < 256 && choose(2) === 1 ? 1 : 8,
    capacity,
    retries: choose(4) < 3,
    serializable: choose(5) === 4,
    lazyReads: choose(3) > 0,
    transactions,
  };
}

/** Watchers are made by runners that are about as late as they: so writers of what they watch run beside their makers. */
const NEAR = 4;
const LAYOUTS = ['apart', 'packed', 'apart', 'interleaved'] as const;
const OPS = ['append', 'read', 'append', 'read', 'append', 'read', 'update'] as const;
const ENDS = [
  'commit',
  'commit',
  'commit',
  'commit',
  'commit',
  'commit',
  'commit',
  'abort',
  'fault',
] as const;
const COUNTS = ['no', 'no', 'no', 'no', 'blindly', 'with-a-look'] as const;
