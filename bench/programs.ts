/** Programs that the benchmarks run. */

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

/** `count` turns of a loop of one instruction and its counter: three instructions a turn. */
export function loop(instruction: string, count: number, heap = ''): Program {
  return assemble(`
    .entry main
    ${heap === '' ? '' : `.heap ${heap}`}
  main:
    mov $0, r0
    mov $0x500000000, r2
  again:
    ${instruction}
    add $1, r0, r0
    br:l r0, $${count}, again
    exit:c
  `);
}
