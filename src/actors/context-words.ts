/** The words of private memory that tell a runner who it is: there before it starts. */

import type { Layout } from '../isa/layout.ts';
import { seedOf } from '../memory/ids.ts';
import { unite } from '../memory/ranges.ts';
import type { ControlBlock } from './control-block.ts';

/** Puts each word of a runner's context; `put` is never refused, however little private memory a runner may touch. */
export function presetContext(
  { words, heapList, registers }: Layout,
  control: ControlBlock,
  machineSeed: bigint,
  put: (address: number, word: bigint) => void,
): void {
  const heap = unite(control.heap);
  put(words.stack, BigInt(control.stack.base));
  put(words.stack_size, BigInt(control.stack.length));
  put(words.heap_count, BigInt(heap.length));
  put(words.heap_list, BigInt(heapList));
  put(words.id, control.id);
  put(words.seed, seedOf(machineSeed, control.id));
  put(words.child, 0n);
  heap.forEach((range, i) => {
    put(heapList + 16 * i, BigInt(range.base));
    put(heapList + 16 * i + 8, BigInt(range.length));
  });
  // The register words as well: translated code keeps them elsewhere, and when it puts them back nothing can be refused.
  put(registers, 0n);
}
