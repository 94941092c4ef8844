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
  /** Whether the machine is to leave a record of its end. */
  readonly status: boolean;
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
  const drafts = Array.from({ length: count }, (_, id) => drawRunner(choose, id, lists, depth));
  for (const { parent, watches, ops } of drafts) {
    if (watches === null) continue;
    ops.unshift({ type: 'read', key: watches });
    if (parent !== null) drafts[parent]!.ops.unshift({ type: 'read', key: watches });
  }
  const parents = new Set(drafts.map(({ parent }) => parent));
  const appended = new Array<number>(lists).fill(0);
  const transactions = drafts.map((draft, id): PlannedTransaction => {
    const { stackOver, ops } = draft;
    const inTheWay = layout === 'interleaved' || parents.has(id) || ops.some(({ key }) => key === stackOver);
    return {
      ...draft,
      ops: ops.map((op) => (op.type === 'append' ? { ...op, value: ++appended[op.key]! } : op)),
      stackOver: inTheWay ? null : stackOver,
    };
  });
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

/** Values are counted, and what does not go together is settled, once all are drawn. */
function drawRunner(choose: Choose, id: number, lists: number, depth: number) {
  const watches = choose(4) === 3 ? lists - 1 - choose(1 + choose(lists)) : null;
  const child = id > 0 && (choose(4) < depth || (watches !== null && choose(4) > 0));
  const parent = child ? id - 1 - choose(watches === null ? id : Math.min(id, NEAR)) : null;
  return {
    watches,
    parent,
    ops: choose(4) === 3 ? drawScan(choose, lists) : drawOps(choose, lists),
    end: (['commit', 'abort', 'fault'] as const)[Math.max(0, choose(9) - 6)]!,
    counts: COUNTS[choose(COUNTS.length)]!,
    stackOver: choose(4) === 3 ? choose(lists) : null,
    status: choose(4) === 3,
  };
}

/** Reads of neighbouring lists, and nothing else. */
function drawScan(choose: Choose, lists: number): PlannedOp[] {
  const first = choose(lists);
  return Array.from({ length: Math.min(4, lists) }, (_, i) => ({ type: 'read', key: (first + i) % lists }));
}

/** The first lists more often than the last, so that some are contended and some nearly quiet. */
function drawOps(choose: Choose, lists: number): PlannedOp[] {
  return Array.from({ length: 1 + choose(4) }, (): PlannedOp => {
    const key = choose(1 + choose(lists));
    const type = OPS[choose(OPS.length)]!;
    return type === 'append' ? { type, key, value: 0 } : { type, key };
  });
}

/** Watchers are made by runners that are about as late as they: so writers of what they watch run beside their makers. */
const NEAR = 4;
const LAYOUTS = ['apart', 'packed', 'apart', 'interleaved'] as const;
const OPS = ['append', 'read', 'append', 'read', 'append', 'read', 'update'] as const;
const COUNTS = ['no', 'no', 'no', 'no', 'blindly', 'with-a-look'] as const;
