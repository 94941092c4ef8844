/** Programs of many runners. */

import { assemble, type Program } from '../src/index.ts';

/** Beside the runners, watchers of a word that nobody writes. */
const UNWRITTEN = 0x3d0000000000;

/**
 * A parent that creates `count` runners of the code at `child`, and before them `idle` watchers of it that nothing
 * wakes. `heap` and `watched`: a range of each runner as `base,length`; none if empty.
 */
export function family(count: number, child: string, heap = '', watched = '', idle = 0): Program {
  return assemble(`
    .entry parent
    .equ BLOCKS, 0x100010000
    ${heap === '' ? '' : `.heap ${heap}`}
  parent:
    mov $BLOCKS, r1
    mov $BLOCKS+0x100, r2
    mov $BLOCKS+0x200, r3
    mov $BLOCKS+0x300, r4
    mov $child, (r4)
    ${rangeList('r2', '')}
    ${rangeList('r3', `${UNWRITTEN},8`)}
    mov $0, r0
  idle:
    br:ge r0, $${idle}, runners
    newr r1, r2, r3, r4
    add $1, r0, r0
    br:j idle
  runners:
    ${rangeList('r2', heap)}
    ${rangeList('r3', watched)}
    mov $0, r0
  again:
    newr r1, r2, r3, r4
    add $1, r0, r0
    br:l r0, $${count}, again
    exit:c
  child:
    ${child}
  `);
}

function rangeList(pointer: string, range: string): string {
  if (range === '') return `mov $0, (${pointer})`;
  const [base, length] = range.split(',');
  return `mov $1, (${pointer})\n mov $${base}, 8(${pointer})\n mov $${length}, 16(${pointer})`;
}

/** `count` runners one after another: each creates the next one, and tells it on its stack how many are to come. */
export function chain(count: number): Program {
  return assemble(`
    .entry first
    .stack STACK, 8
    .equ STACK, 0x3e0000000000
  first:
    mov $${count}, r0
    br:j create
  next:
    mov STACK, r0
  create:
    br:z r0, done
    newr blocks, blocks+8, blocks+16, blocks+24
    sub r0, $1, STACK
  done:
    exit:c
    .align 8
  blocks: .quad stack, none, none, code
  stack: .quad STACK, 8
  code: .quad next
  none: .quad 0
  `);
}
