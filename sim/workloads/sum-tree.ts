/** The paper's parallel sum (section 4.2): runners add integers in pairs, watchers add what those have left. */

export interface SumTree {
  readonly kind: 'sum-tree';
  /** Runners that add two integers each, from 2 up; there is one watcher less. */
  readonly leaves: number;
}

const RESULTS = 0x6_0000_0000;
const PAGE = 0x1000;

/** Where the sum of 1 … 2 × leaves ends up. */
export function totalAt({ leaves }: SumTree): number {
  return RESULTS + (2 * leaves - 2) * PAGE;
}

/** The entry puts operands and the place of the result on each one's stack; leaf i adds 2i + 1 and 2i + 2. */
export function sumTreeSource({ leaves }: SumTree): string {
  return `
.entry main
.equ RESULTS, ${RESULTS}
.equ STACKS, 0x700000000
leaf:
  mov (ctx.stack):q, r0
  mov 8(ctx.stack):q, r1
  mov 16(ctx.stack):q, r3
  add r0:q, r1, (r3):q
  mov $1:q, 8(r3):q
  exit:c
vertex:
  mov (ctx.stack):q, r0
  mov 8(ctx.stack):q, r1
  mov 16(ctx.stack):q, r3
  br:ne 8(r0):q, $1, watch_on
  br:ne 8(r1):q, $1, watch_on
  add (r0):q, (r1), (r3)
  mov $1:q, 8(r3):q
  exit:c
watch_on:
  bl blocks_of_vertex, r62
  mov ctx.stack:q, 0x2000
  mov $24:q, 0x2008
  mov r3:q, 0x2018
  mov r0:q, 0x2038
  mov r1:q, 0x2048
  newr r10, r11, r12, r13
  exit:c
main:
  mov $STACKS:q, r20
  mov $RESULTS:q, r21
  mov $0:q, r22
next_leaf:
  bl blocks_of_vertex, r62
  mov r20:q, 0x2000
  mov r21:q, 0x2018
  mov $0:q, 0x2030
  mov $leaf:q, 0x2060
  newr r10, r11, r12, r13
  mul r22:q, $2, r23
  add r23:q, $1, (r20):q
  add r23:q, $2, 8(r20):q
  mov r21:q, 16(r20):q
  add r20:q, $24, r20
  add r21:q, $${PAGE}, r21
  add r22:q, $1, r22
  br:l r22:q, $${leaves}, next_leaf
  mov $RESULTS:q, r24
  mov $0:q, r22
next_vertex:
  br:ge r22:q, $${leaves - 1}, over
  bl blocks_of_vertex, r62
  mov r20:q, 0x2000
  mov r21:q, 0x2018
  mov r24:q, 0x2038
  add r24:q, $${PAGE}, r25
  mov r25:q, 0x2048
  newr r10, r11, r12, r13
  mov r24:q, (r20):q
  mov r25:q, 8(r20):q
  mov r21:q, 16(r20):q
  add r20:q, $24, r20
  add r21:q, $${PAGE}, r21
  add r24:q, $${2 * PAGE}, r24
  add r22:q, $1, r22
  br:j next_vertex
over:
  exit:c
# A watcher of two results; the stack, the result and what is watched are filled in by the caller.
blocks_of_vertex:
  mov $0x2000:q, r10
  mov $0x2010:q, r11
  mov $0x2030:q, r12
  mov $0x2060:q, r13
  mov $24:q, 0x2008
  mov $1:q, 0x2010
  mov $16:q, 0x2020
  mov $2:q, 0x2030
  mov $16:q, 0x2040
  mov $16:q, 0x2050
  mov $vertex:q, 0x2060
  br:j (r62)
`;
}
