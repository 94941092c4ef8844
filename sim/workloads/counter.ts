/** Runners that each add 1 to one counter: every one but the first conflicts with whoever is beside it. */

export interface Counter {
  readonly kind: 'counter';
  readonly runners: number;
}

export const COUNTER = 0x6_0000_0000;

export function counterSource({ runners }: Counter): string {
  return `
.entry main
increment:
  add counter:q, $1, counter
  exit:c
main:
  mov $0:q, r0
again:
  br:ge r0:q, $${runners}, over
  newr blocks, blocks+8, blocks+16, blocks+24
  add r0:q, $1, r0
  br:j again
over:
  exit:c
  .align 8
blocks: .quad stack, heap, watched, code
stack: .quad 0, 0
heap: .quad 1, counter, 8
watched: .quad 0
code: .quad increment
.heap counter, 8
.org ${COUNTER}
counter: .quad 0
`;
}
