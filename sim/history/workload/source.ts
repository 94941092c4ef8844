/** A plan as a program: one runner a transaction, and each tells on standard output what it has seen. */

import { counterAddress, listAt, rangeOf, statusAddress, wordOfValue } from './lists.ts';
import type { HistoryPlan, PlannedOp, PlannedTransaction } from './plan.ts';

/** What the entry runner leaves in its stack for all its descendants. */
export const TOKEN = 0x70_6b_6e;

const STACK = '0x3d0000000000, 16';

/**
 * Registers: r1 a list's length, r2 a value, r40 what must be 0 at the start, r42 the latest length seen, r62 the link.
 * Stack: the token, then the latest length that the parent has seen.
 */
export function sourceOf(plan: HistoryPlan): string {
  const roots = plan.transactions.flatMap(({ parent }, id) => (parent === null ? [id] : []));
  return `
.entry main
.stack ${STACK}
main:
        mov $${TOKEN}:q, ctx_token
        mov $0:q, ctx_handed
${roots.map(newr).join('\n')}
        exit:c
.equ ctx_token, 0x3d0000000000
.equ ctx_handed, 0x3d0000000008
.equ counter, ${counterAddress(plan)}
${procedures(plan)}
${plan.transactions.map((transaction, id) => runner(plan, transaction, id)).join('\n')}
        .align 8
shared: .quad ${STACK}
${plan.transactions.map((transaction, id) => blocks(plan, transaction, id)).join('\n')}
`;
}

function newr(id: number): string {
  return `        newr b${id}, b${id}+8, b${id}+16, b${id}+24`;
}

/** A length beyond all lists is told without values: whoever wrote it was wrong. */
function procedures(plan: HistoryPlan): string {
  const type = plan.cell === 1 ? 'ub' : 'uq';
  const { stride } = listAt(plan, 0);
  return `
append: mov (r1):${type}, r3:uq
        add r3:q, $1, r4
        mul r4:q, $${stride}, r5
        add r1:q, r5, r5
        mov r2:${type}, (r5):${type}
        mov r4:${type}, (r1):${type}
        br:j (r62)
read:   mov (r1):${type}, r3:uq
        mov r3:q, r42
        mov r3:${type}, ctx.stdout
        br:g r3:uq, $${plan.capacity}, seen
        mov r1:q, r5
        mov r3:q, r4
value:  br:z r4:q, seen
        add r5:q, $${stride}, r5
        mov (r5):${type}, ctx.stdout
        sub r4:q, $1, r4
        br:j value
seen:   br:j (r62)
update: mov (r1):${type}, r3:uq
        mov r3:${type}, (r1):${type}
        br:j read
`;
}

function runner(plan: HistoryPlan, { ops, end, counts, stackOver }: PlannedTransaction, id: number): string {
  const children = plan.transactions.flatMap(({ parent }, child) => (parent === id ? [child] : []));
  const stack = stackOver === null ? null : listAt(plan, stackOver).base;
  return `
t${id}:
        mov $${id}:ud, ctx.stdout
        mov ${stack === null ? 'ctx_token:q' : `$${TOKEN}:q`}, ctx.stdout
        mov ${stack === null ? 'ctx_handed:q' : '$0:q'}, ctx.stdout
        mov r40:q, ctx.stdout
        mov $${id + 1}:q, r40
        ${stack === null ? '' : `mov $-1:b, ${stack}`}
        ${counts === 'with-a-look' ? 'mov counter:q, ctx.stdout' : ''}
        ${counts === 'no' ? '' : 'mov $1:q, counter'}
${ops.map((op) => call(plan, op)).join('\n')}
        ${children.length === 0 ? '' : 'mov r42:q, ctx_handed'}
${children.map(newr).join('\n')}
        ${{ commit: 'exit:c', abort: 'exit:a', fault: 'div $1:q, $0, r1' }[end]}
`;
}

function call(plan: HistoryPlan, op: PlannedOp): string {
  const value = op.type === 'append' ? `        mov $${wordOfValue(plan, op.value)}:uq, r2\n` : '';
  return `${value}        mov $${listAt(plan, op.key).base}:q, r1\n        bl ${op.type}, r62`;
}

function blocks(
  plan: HistoryPlan,
  { ops, watches, counts, stackOver, status }: PlannedTransaction,
  id: number,
): string {
  const declared = ops.filter(({ type }) => type !== 'read' || !plan.lazyReads).map(({ key }) => key);
  const ranges = [...new Set(declared)].map((key) => rangeOf(plan, key));
  const heap = ranges.map(({ base, length }) => `${base}, ${length}`);
  if (counts !== 'no') heap.push('counter, (1 << 56) + 8');
  const stack = stackOver === null ? 'shared' : `b${id}.s`;
  const flags = status ? ' + (1 << 62)' : '';
  const watched = watches === null ? `0${flags}` : `1${flags}, ${listAt(plan, watches).base}, ${plan.cell}`;
  return [
    `b${id}: .quad ${stack}, b${id}.h, b${id}.w, b${id}.c`,
    `b${id}.h: .quad ${[heap.length, ...heap].join(', ')}`,
    `b${id}.w: .quad ${watched}`,
    `b${id}.c: .quad ${[`t${id}`, ...(status ? [statusAddress(id)] : [])].join(', ')}`,
    ...(stackOver === null ? [] : [`b${id}.s: .quad ${listAt(plan, stackOver).base}, ${plan.cell}`]),
  ].join('\n');
}
