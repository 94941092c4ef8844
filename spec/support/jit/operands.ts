/** Drawn operands, most of them within what the program may access. */

import { at, imm, off, via } from '../../../sim/programs/build.ts';
import { ADDRESS_LIMIT } from '../../../src/isa/layout.ts';
import type { MemoryOperand, Operand } from '../../../src/isa/operands.ts';
import type { ValueType } from '../../../src/isa/value-type.ts';
import type { Range } from '../../../src/memory/ranges.ts';
import type { Builder } from './builder.ts';
import { anyValue, isFloat, sizeOf } from './values.ts';

/** A source: a D operand. */
export function anySource(b: Builder, type: ValueType): Operand {
  const { random, ground } = b;
  switch (random.below(100) >>> 2) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
      return imm(anyValue(random, type));
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 13:
      return at(register(b, type));
    case 14:
    case 15:
    case 16:
      return at(b.privateWord(type));
    case 17:
    case 18:
      return at(within(b, random.pick([ground.heap, ground.annex, ground.stack]), type));
    case 19:
      return at(within(b, random.pick([ground.data, ground.watched, ground.file]), type));
    case 20:
      return random.chance(20) ? oddSource(b, type) : at(b.privateWord(type));
    default:
      return throughPointer(b, type, false);
  }
}

/** A destination: an M operand. */
export function anyDestination(b: Builder, type: ValueType): MemoryOperand {
  const { random, ground } = b;
  switch (random.below(20)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
      return at(register(b, type));
    case 9:
    case 10:
    case 11:
    case 12:
      return at(b.privateWord(type));
    case 13:
    case 14:
      return at(within(b, random.pick([ground.heap, ground.annex, ground.stack]), type));
    case 15:
      return random.chance(25) ? at(port(b)) : at(b.privateWord(type));
    default:
      return throughPointer(b, type, true);
  }
}

/** Memory by one of the program's pointers. */
export function throughPointer(b: Builder, type: ValueType, writes: boolean): MemoryOperand {
  const { random } = b;
  const fitting = b.pointers.filter(
    ({ writable, length }) => (writable || !writes) && length >= sizeOf(type),
  );
  if (fitting.length === 0) return at(register(b, type));
  const { word, target, far, base, length } = random.pick(fitting);
  const last = base + length - sizeOf(type);
  if (far === 0 && target <= last && random.chance(40)) return via(word);
  const near = random.from(Math.max(base, target - 24), Math.min(last, target + 40));
  const edge = random.pick([base, last]);
  const beyond = random.chance(1) ? random.pick([-1, 1]) : 0;
  const place = random.chance(85) && near <= last ? near : edge;
  return off(place - target + far + beyond, word);
}

/** A direct address in a range, its edges more often. */
export function within(b: Builder, { base, length }: Range, type: ValueType): number {
  const { random } = b;
  const last = base + length - sizeOf(type);
  if (last < base) return Math.min(base, ADDRESS_LIMIT - 1);
  const beyond = random.chance(1) ? random.pick([-1, 1]) : 0;
  const place = random.below(8);
  if (place === 0) return Math.min(last + beyond, ADDRESS_LIMIT - 1);
  if (place === 1) return base + beyond;
  const edge = edgeWithin(b, { base, length });
  if (place === 2 && edge !== null) return Math.min(last, edge);
  return random.chance(60)
    ? base + 8 * random.below(Math.floor((last - base) / 8) + 1)
    : random.from(base, last);
}

/** An address a little below a page's edge. */
function edgeWithin({ random, ground }: Builder, { base, length }: Range): number | null {
  const { pageSize } = ground.config;
  const edge = (Math.floor(base / pageSize) + 1) * pageSize;
  return edge - 8 < base || edge >= base + length ? null : edge - random.from(1, 8);
}

function register(b: Builder, type: ValueType): number {
  return isFloat(type) ? b.float() : b.value();
}

/** An output port, or something that overlaps one. */
function port({ random, ground: { layout } }: Builder): number {
  return random.pick([layout.words.stdout, layout.words.stderr]) + random.pick([0, 0, 0, 0, 4, 7, -3]);
}

/** What is seldom read: ports, context words, registers that hold pointers, bytes that nobody has declared. */
function oddSource(b: Builder, type: ValueType): Operand {
  const { random, ground } = b;
  const { words, heapList } = ground.layout;
  switch (random.below(6)) {
    case 0:
      return at(port(b));
    case 1:
      return at(heapList + random.below(24));
    case 2:
      return at(b.own());
    case 3:
      return at(random.pick(Object.values(words)) + random.pick([0, 0, 2, 6]));
    case 4:
      return at(random.pick([4, 0x77_0000, ground.layout.regionBoundary - 8]));
    default:
      return ground.config.lazyReads ? at(within(b, ground.nowhere, type)) : at(within(b, ground.data, type));
  }
}
