/** Drawn loops over arrays, in any of the ways in which memory can lie. */

import { at, imm, off, via } from '../../../sim/programs/build.ts';
import type { ValueType } from '../../../src/isa/value-type.ts';
import type { Range } from '../../../src/memory/ranges.ts';
import { type Builder, to } from './builder.ts';
import { VAST } from './ground.ts';
import { anySource } from './operands.ts';
import { straight } from './operations.ts';
import { repeated, rounds } from './rounds.ts';
import { anyIntegerType, FLOAT_TYPES, sizeOf } from './values.ts';

type Body = (b: Builder) => void;

/** A pointer that walks over a range, by elements or otherwise, and now and then off its end. */
export function overArray(b: Builder, body: Body): void {
  const { random } = b;
  const type = random.chance(12) ? random.pick(FLOAT_TYPES) : anyIntegerType(random);
  const { base, length } = array(b);
  const size = sizeOf(type);
  const stride = random.pick([size, size, size, size, 8, 16, 24, 3, 1]);
  const start = random.pick([0, 0, 0, 1, 8, 5]);
  const fitting = Math.floor((length - start - size) / stride) + 1;
  if (fitting < 1) return;
  const count = Math.max(1, Math.min(fitting, rounds(b, 5))) + (random.chance(8) ? random.from(1, 3) : 0);
  const back = random.chance(15);
  const first = base + start + (back ? (count - 1) * stride : 0);
  const last = back ? base + start - stride : first + count * stride;
  const pointer = b.own();
  b.set(pointer, first);
  const counter = at(b.own());
  const byCount = random.chance(40);
  if (byCount) b.emit('mov', imm(count), counter);
  const top = b.here();
  repeated(b, count, () => {
    element(b, type, pointer, Math.min(24, length - start - size));
    if (random.chance(25)) element(b, type, pointer, 0);
    if (random.chance(20)) body(b);
    b.emit(back ? 'sub' : 'add', at(pointer), imm(stride), at(pointer));
    if (byCount) {
      b.emit('sub', counter, imm(1), counter);
      b.emit('br:nz', counter, to(top));
    } else b.emit(`br:${back ? 'g' : random.pick(['l', 'ne'])}`, at(pointer), imm(last), to(top));
  });
}

/** What is done with one element. */
function element(b: Builder, type: ValueType, pointer: number, reach: number): void {
  const { random } = b;
  const place = random.chance(80) || reach <= 0 ? via(pointer) : off(random.below(reach), pointer);
  const sum = at(random.chance(70) ? b.value() : b.privateWord(type));
  switch (random.below(5)) {
    case 0:
      b.emit(`mov:${type}`, place, sum);
      break;
    case 1:
      b.emit(`${random.pick(['add', 'sub'])}:${type}`, sum, place, sum);
      break;
    case 2:
      b.emit(`mov:${type}`, random.chance(50) ? sum : anySource(b, type), place);
      break;
    case 3:
      b.emit(`add:${type}`, place, anySource(b, type), place);
      break;
    default:
      b.emit(`add:${type}`, place, sum, sum);
      b.emit(`mov:${type}`, sum, place);
  }
}

/** Over far more than the smaller memories hold, and again and again to one place of it. */
export function sweeping(b: Builder, body: Body): void {
  const { random, ground } = b;
  const type = anyIntegerType(random);
  const [fixed, moving, counter] = [b.own(), b.own(), at(b.own())];
  const stride = random.pick([1 << 14, (1 << 14) + 8, 1 << 16, (1 << 12) - 3]);
  const count = Math.min(Math.floor((VAST - 64) / stride), rounds(b, 6) + random.from(20, 80));
  b.set(fixed, ground.annex.base + random.below(VAST - 8));
  b.set(moving, ground.annex.base + random.below(64));
  b.emit('mov', imm(count - 1), counter);
  const top = b.here();
  repeated(b, count, () => {
    element(b, type, fixed, 0);
    element(b, type, moving, 0);
    if (random.chance(20)) body(b);
    if (random.chance(50)) b.emit(`add:${type}`, via(fixed), via(moving), via(fixed));
    b.emit('add', at(moving), imm(stride), at(moving));
    b.emit('sub', counter, imm(1), counter);
    b.emit('br:g', counter, imm(0), to(top));
  });
}

/** From one place to another, which may overlap. */
export function copying(b: Builder): void {
  const { random } = b;
  const type = anyIntegerType(random);
  const size = sizeOf(type);
  const from = array(b);
  const over = random.chance(40)
    ? { base: from.base + random.below(10), length: from.length - 10 }
    : array(b);
  const count = Math.min(Math.floor(Math.min(from.length, over.length) / size), rounds(b, 5));
  if (count < 1) return;
  const [source, target, counter] = [b.own(), b.own(), b.own()];
  b.set(source, from.base);
  b.set(target, over.base);
  b.set(counter, count);
  const top = b.here();
  repeated(b, count, () => {
    b.emit(`mov:${type}`, via(source), via(target));
    b.emit('add', at(source), imm(size), at(source));
    b.emit('add', at(target), imm(size), at(target));
    if (random.chance(20)) straight(b, 2);
    b.emit('sub', at(counter), imm(1), at(counter));
    b.emit('br:nz', at(counter), to(top));
  });
}

/** Something that may be written, in any of the ways in which memory can lie. */
function array({ random, ground }: Builder): Range {
  return random.pick([
    ground.heap,
    ground.heap,
    ground.heap,
    ground.annex,
    ground.stack,
    ground.stack,
    ground.pool,
    { base: 0x4000 - 16, length: 1200 },
  ]);
}
