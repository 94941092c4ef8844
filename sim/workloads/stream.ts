/** A persistent or ever renewed watcher that prints what an input stream brings, through a ring that is small. */

import type { StreamRange } from '../../src/actors/config.ts';

export interface Stream {
  readonly kind: 'stream';
  readonly input: readonly number[];
  /** Bytes of the ring. */
  readonly capacity: number;
  readonly persistent: boolean;
}

const BASE = 0x5_0000_0000;
const RING = BASE + 64;

export function ringOf({ capacity }: Stream, io: number): StreamRange {
  return { base: BASE, length: 64 + capacity, io };
}

/** What the entry's snapshot holds would fire no watcher, so the entry prints as well. */
export function streamSource({ capacity, persistent }: Stream): string {
  const again = 'newr blocks, blocks+8, blocks+16, blocks+24';
  return `
.entry main
.heap ${BASE}, ${64 + capacity}
main: ${again}
  br:j print
consume:
  ${persistent ? '' : again}
print:
  mov ${BASE}:q, r1
  mov ${BASE + 16}:q, r2
next:
  br:ge r2, r1, done
  rem r2, $${capacity}, r3
  add r3, $${RING}, r4
  mov (r4):b, ctx.stdout
  add r2, $1, r2
  br:j next
done:
  mov r2, ${BASE + 16}
  exit:c
  .align 8
blocks: .quad stack, heap, watched, code
stack: .quad 0, 0
heap: .quad 1, ${BASE + 16}, 8
watched: .quad ${persistent ? '2 + (1 << 63)' : '2'}, ${BASE}, 8, ${RING}, ${capacity}
code: .quad consume
`;
}
