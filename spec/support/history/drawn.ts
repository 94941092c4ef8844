/** Small drawn histories: of a toy executor, right or with one of its bugs, and of noise. */

import type { History, Op, Transaction } from '../../../sim/history/history.ts';
import type { Choose } from '../../../sim/random.ts';

type Draft = Omit<Transaction, 'ops' | 'after'> & { ops: Op[]; readonly after: number[] };

const BUGS = [
  'none',
  'none',
  'none',
  'unvalidated',
  'newest-read',
  'unvalidated-key',
  'stale-start',
  'early-visible',
] as const;

/** A history of up to `most` transactions on up to three keys; in most a last one reads every key. */
export function drawHistory(choose: Choose, most: number): History {
  const keys = 3 - choose(choose(3) + 1);
  const count = most - choose(choose(most) + 1);
  const plans = Array.from({ length: count }, (_, id): Draft => {
    const fate = choose(6) === 5 ? 'aborted' : 'committed';
    const [first, crossing] = [choose(keys), choose(2) === 0];
    const ops = Array.from({ length: 1 + choose(3) }, (_, i): Op => {
      const key = crossing ? (first + i) % keys : choose(keys);
      if (crossing ? i % 2 === 1 : choose(2) === 0) return { type: 'append', key, value: 10 * id + i };
      return { type: 'read', key, list: [], ...(choose(5) === 4 ? { update: true } : {}) };
    });
    const after = id > 0 && choose(4) === 3 ? [choose(id)] : [];
    return { id, fate, ops, after };
  });
  if (choose(5) > 0) {
    const ops = Array.from({ length: keys }, (_, key): Op => ({ type: 'read', key, list: [] }));
    plans.push({ id: count, fate: 'committed', ops, after: plans.map(({ id }) => id) });
  }
  return choose(3) === 0 ? noise(plans, choose) : executed(plans, choose);
}

/** Each read finds some values in some order. */
function noise(plans: readonly Draft[], choose: Choose): History {
  const order = plans.flatMap(({ ops, id }) => ops.map((op) => ({ op, id, at: choose(100) })));
  order.sort((a, b) => a.at - b.at);
  const values = (key: number) =>
    order.flatMap(({ op }) => (op.type === 'append' && op.key === key ? [op.value] : []));
  for (const plan of plans)
    plan.ops = plan.ops.map((op) => {
      if (op.type === 'append') return op;
      const own = plan.ops
        .slice(0, plan.ops.indexOf(op))
        .flatMap((one) => (one.type === 'append' && one.key === op.key ? [one.value] : []));
      const others = values(op.key).filter((value) => !own.includes(value));
      return { ...op, list: [...others.slice(0, choose(others.length + 1)), ...own] };
    });
  return { transactions: plans };
}

/** The plans, run by an executor of snapshot isolation that may have a bug; the last one at the end. */
function executed(plans: readonly Draft[], choose: Choose): History {
  const bug = BUGS[choose(BUGS.length)]!;
  const log: { readonly written: ReadonlySet<number>; readonly lists: Map<number, number[]> }[] = [];
  const at = (version: number) => log[version - 1]?.lists ?? new Map<number, number[]>();
  const waiting = plans.slice(0, -1);
  const running: { readonly plan: Draft; readonly sv: number }[] = [];
  const commitOrder: number[] = [];
  const start = (plan: Draft) => {
    const sv = bug === 'stale-start' && log.length > 0 && choose(3) === 0 ? log.length - 1 : log.length;
    running.push({ plan, sv });
  };
  const finish = ({ plan, sv }: (typeof running)[number]) => {
    const own = new Map<number, number[]>();
    plan.ops = plan.ops.map((op) => {
      const from = bug === 'newest-read' && choose(2) === 0 ? log.length : sv;
      const list = [...(at(from).get(op.key) ?? []), ...(own.get(op.key) ?? [])];
      if (op.type === 'read') return { ...op, list };
      own.set(op.key, [...(own.get(op.key) ?? []), op.value]);
      return op;
    });
    const written = new Set(plan.ops.filter((op) => op.type === 'append' || op.update).map(({ key }) => key));
    const validated = [...written].slice(
      bug === 'unvalidated' ? written.size : bug === 'unvalidated-key' ? 1 : 0,
    );
    const lost = log.slice(sv).some((one) => validated.some((key) => one.written.has(key)));
    if (lost || plan.fate === 'aborted') {
      Object.assign(plan, { fate: 'aborted' });
      if (bug !== 'early-visible') return;
    }
    const lists = new Map(at(log.length));
    for (const [key, values] of own) {
      const from = bug === 'unvalidated' ? at(sv) : lists;
      lists.set(key, [...(from.get(key) ?? []), ...values]);
    }
    log.push({ written, lists });
    if (plan.fate === 'committed') commitOrder.push(plan.id);
  };
  while (waiting.length + running.length > 0) {
    const nth = choose(waiting.length + running.length);
    if (nth < waiting.length) start(waiting.splice(nth, 1)[0]!);
    else finish(running.splice(nth - waiting.length, 1)[0]!);
  }
  start(plans.at(-1)!);
  finish(running.pop()!);
  if (choose(8) === 0) commitOrder.push(commitOrder.shift()!);
  return choose(3) === 0 ? { transactions: plans, commitOrder } : { transactions: plans };
}
