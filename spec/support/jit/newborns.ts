/** Drawn children: control blocks among the assembled bytes or in private memory, stacks over anything. */

import { at, off, via } from '../../../sim/programs/build.ts';
import { ADDRESS_LIMIT } from '../../../src/isa/layout.ts';
import type { Range } from '../../../src/memory/ranges.ts';
import type { Builder } from './builder.ts';
import type { DraftOperand, Label } from './draft.ts';
import { anySource } from './operands.ts';

interface DraftWord {
  readonly bits: bigint;
  readonly label?: Label;
}

/** A `newr`, most of whose control blocks are sound; then something is left on the child's stack. */
export function anyNewborn(b: Builder): void {
  const { random } = b;
  const stack = childStack(b);
  const heap = random.chance(60) ? [] : heapWords(b);
  const watched = watchedWords(b);
  const entry = b.newLabel();
  if (random.chance(50)) b.here(entry);
  const code: DraftWord[] = [random.chance(96) ? { bits: 0n, label: entry } : { bits: random.word() >> 20n }];
  code.push({
    bits: random.chance(90) ? BigInt(b.ground.heap.base - (b.ground.heap.base % 8)) : random.word(),
  });
  const blocks = [
    [{ bits: BigInt(stack.base) }, { bits: BigInt(stack.length) }],
    [{ bits: BigInt(heap.length / 2) }, ...heap],
    [{ bits: BigInt(watched.length / 2) | flags(b) }, ...watched],
    code,
  ];
  const operands = blocks.map((words) => pointerTo(b, words));
  if (operands.some((operand) => operand === null)) return;
  b.emit('newr', ...(operands as DraftOperand[]));
  if (random.chance(60)) b.emit('mov', at(b.ground.layout.words.child), at(b.value()));
  if (stack.length >= 16 && stack.base + stack.length <= ADDRESS_LIMIT && random.chance(70)) {
    b.emit('mov', anySource(b, 'q'), at(stack.base + random.below(stack.length - 7)));
    if (random.chance(40)) b.emit('mov:b', at(stack.base + random.below(stack.length)), at(b.value()));
  }
}

/** Over nothing, the own stack, readable bytes, the own heap, or code. */
function childStack({ random, ground }: Builder): Range {
  const { stack, heap, annex, data, nowhere, codeBase } = ground;
  const length = random.pick([8, 16, 24, 40, 64]);
  switch (random.below(12)) {
    case 0:
    case 1:
      return { base: 0, length: 0 };
    case 2:
    case 3:
      return { base: stack.base + random.below(40) - 8, length };
    case 4:
      return { base: annex.base + random.below(8), length };
    case 5:
      return { base: data.base + random.below(80), length: 16 };
    case 6:
      return { base: heap.base + heap.length - 12, length };
    case 7:
      return { base: codeBase + random.below(300), length: random.pick([1, 8, 30]) };
    default:
      return { base: nowhere.base + random.below(60), length };
  }
}

/** Base and length of some ranges; now and then of a merge type, overlapping, or nonsense. */
function heapWords({ random, ground }: Builder): DraftWord[] {
  const words: DraftWord[] = [];
  for (let count = random.from(1, 3); count > 0; count -= 1) {
    const { base, length } = random.pick([ground.heap, ground.annex, ground.watched]);
    const merge = random.chance(10) ? BigInt(random.below(8)) << 56n : 0n;
    words.push({ bits: BigInt(base) });
    words.push({ bits: random.chance(3) ? random.word() : BigInt(length) | merge });
  }
  return words;
}

function watchedWords({ random, ground }: Builder): DraftWord[] {
  if (random.chance(70)) return [];
  const { base, length } = random.pick([ground.heap, ground.nowhere]);
  return [{ bits: BigInt(base) }, { bits: BigInt(random.chance(10) ? 0 : length) }];
}

function flags({ random }: Builder): bigint {
  const drawn = BigInt(random.pick([0, 0, 0, 1, 2, 4, 6])) << 61n;
  return random.chance(2) ? drawn | (1n << 58n) : drawn;
}

/** An operand whose word holds the address of the block; null if there is no room for the block. */
function pointerTo(b: Builder, words: readonly DraftWord[]): DraftOperand | null {
  const { random } = b;
  const inPrivate = random.chance(25);
  const block = inPrivate ? 0x6000 + 64 * random.below(3) : b.table(words);
  if (block === null) return null;
  if (inPrivate)
    words.forEach(({ bits, label }, i) => {
      b.set(block + 8 * i, bits, label);
    });
  const register = b.own();
  if (random.chance(70)) {
    b.set(register, block);
    return at(register);
  }
  const word = 0x6400 + 8 * random.below(4);
  const displacement = random.pick([0, 8]);
  b.set(word, block);
  b.set(register, word - displacement);
  return displacement === 0 ? via(register) : off(displacement, register);
}
