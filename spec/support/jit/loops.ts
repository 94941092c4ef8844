/** Drawn loops: counted in registers, private words, stack and heap; up, down, with several ends; over arrays. */

import type { ValueType } from '../../../src/isa/value-type.ts';
import type { Range } from '../../../src/memory/ranges.ts';
import { at, imm, off, via } from '../build.ts';
import { type Builder, to } from './builder.ts';
import type { DraftOperand, Label } from './draft.ts';
import { VAST } from './ground.ts';
import { anySource, within } from './operands.ts';
import { anyOperation, straight } from './operations.ts';
import { anyIntegerType, FLOAT_TYPES, sizeOf } from './values.ts';

/** Instructions that a drawn program should not exceed by much. */
const BUDGET = 6_000;

type Body = (b: Builder) => void;

export function anyLoop(b: Builder, body: Body): void {
  if (b.ground.annex.length === VAST && b.random.chance(30)) {
    sweeping(b, body);
    return;
  }
  b.random.weighted([
    [4, countedDown],
    [3, countedUp],
    [2, testedFirst],
    [2, leftInTheMiddle],
    [2, continued],
    [2, enteredInTheMiddle],
    [7, overArray],
    [3, copying],
  ])(b, body);
}

/** How often a loop here may go round. */
export function rounds(b: Builder, bodyLength: number): number {
  const drawn = b.random.pick([1, 2, 3, 3, 5, 7, 8, 9, 17, 40, 130, 400, 1500]);
  return Math.max(1, Math.min(drawn, Math.floor((BUDGET - b.spent) / (b.weight * bodyLength))));
}

/** Runs `body` as one that is executed `count` times as often as what stands around it. */
export function repeated(b: Builder, count: number, body: () => void): void {
  b.weight *= count;
  body();
  b.weight /= count;
}

/** Where a counter lies: mostly in a register. */
function counterPlace(b: Builder, type: ValueType): number {
  const { random, ground } = b;
  const choice = random.below(12);
  if (choice === 0) return ground.pool.base + 80;
  if (choice === 1) return within(b, ground.stack, type);
  if (choice === 2) return within(b, ground.annex, type);
  return b.own();
}

function counterType(b: Builder, count: number): ValueType {
  const type = anyIntegerType(b.random);
  return count > 120 && sizeOf(type) === 1 ? 'uw' : type;
}

function countedDown(b: Builder, body: Body): void {
  const count = rounds(b, 6);
  const type = counterType(b, count);
  const counter = at(counterPlace(b, type));
  b.emit(`mov:${type}`, imm(count), counter);
  const top = b.here();
  repeated(b, count, () => {
    body(b);
    b.emit(`sub:${type}`, counter, imm(1), counter);
    b.emit(`br:nz:${type}`, counter, to(top));
  });
}

function countedUp(b: Builder, body: Body): void {
  const { random } = b;
  const count = rounds(b, 6);
  const type = counterType(b, count);
  const step = random.from(1, 3);
  const counter = at(counterPlace(b, type));
  const limit = step * count > 100 && sizeOf(type) === 1 ? 100 : step * count;
  const [form, left, right] = random.pick<[string, DraftOperand, DraftOperand]>([
    ['l', counter, imm(limit)],
    ['le', counter, imm(limit - 1)],
    ['g', imm(limit), counter],
    ['ge', imm(limit - 1), counter],
  ]);
  b.emit(`mov:${type}`, imm(0), counter);
  const top = b.here();
  repeated(b, count, () => {
    body(b);
    b.emit(`add:${type}`, counter, imm(step), counter);
    b.emit(`br:${form}:${type}`, left, right, to(top));
  });
}

function testedFirst(b: Builder, body: Body): void {
  const count = rounds(b, 7);
  const counter = at(counterPlace(b, 'q'));
  const out = b.newLabel();
  b.emit('mov', imm(count - 1), counter);
  const top = b.here();
  repeated(b, count, () => {
    b.emit('br:z', counter, to(out));
    body(b);
    b.emit('sub', counter, imm(1), counter);
    b.emit('br:j', to(top));
  });
  b.here(out);
}

function leftInTheMiddle(b: Builder, body: Body): void {
  const out = b.newLabel();
  countedDown(b, () => {
    body(b);
    sometimes(b, out);
    anyOperation(b);
  });
  b.here(out);
}

/** Two ways back to the top. */
function continued(b: Builder, body: Body): void {
  const count = rounds(b, 9);
  const counter = at(b.own());
  const out = b.newLabel();
  b.emit('mov', imm(count), counter);
  const top = b.here();
  repeated(b, count, () => {
    b.emit('sub', counter, imm(1), counter);
    b.emit('br:le', counter, imm(-1), to(out));
    body(b);
    sometimes(b, top);
    anyOperation(b);
    b.emit('br:nz', counter, to(top));
  });
  b.here(out);
}

/** Entered at its top or in its middle: irreducible where both happen. */
function enteredInTheMiddle(b: Builder, body: Body): void {
  const count = rounds(b, 9);
  const counter = at(b.own());
  const middle = b.newLabel();
  b.emit('mov', imm(count), counter);
  if (b.random.chance(70)) sometimes(b, middle);
  else b.emit('br:j', to(middle));
  const top = b.here();
  repeated(b, count, () => {
    anyOperation(b);
    b.here(middle);
    body(b);
    b.emit('sub', counter, imm(1), counter);
    b.emit('br:nz', counter, to(top));
  });
}

/** A branch on something that nobody foresees. */
export function sometimes(b: Builder, label: Label): void {
  const { random } = b;
  const type = random.chance(15) ? random.pick(FLOAT_TYPES) : anyIntegerType(random);
  const target = random.chance(92) ? to(label) : throughWord(b, label);
  if (random.chance(30)) {
    b.emit(`br:${random.pick(['z', 'nz'])}:${type}`, anySource(b, type), target);
    return;
  }
  const comparison = random.pick(['l', 'le', 'g', 'ge', 'e', 'ne']);
  b.emit(`br:${comparison}:${type}`, anySource(b, type), anySource(b, type), target);
}

/** The label as a computed target, by way of a word that holds it. */
export function throughWord(b: Builder, label: Label): DraftOperand {
  const word = b.random.chance(70) ? b.own() : 0x5c00;
  const displacement = b.random.pick([0, 16]);
  b.set(word, 0, label);
  b.emit('sub', at(word), imm(displacement), at(word));
  return displacement === 0 ? via(word) : off(displacement, word);
}

/** A pointer that walks over a range, by elements or otherwise, and now and then off its end. */
function overArray(b: Builder, body: Body): void {
  const { random } = b;
  const type = random.chance(12) ? random.pick(FLOAT_TYPES) : anyIntegerType(random);
  const { base, length } = array(b);
  const size = sizeOf(type);
  const stride = random.pick([size, size, size, size, 8, 16, 24, 3, 1]);
  const start = random.pick([0, 0, 0, 1, 8, 5]);
  const fitting = Math.floor((length - start - size) / stride) + 1;
  if (fitting < 1) return;
  const count = Math.max(1, Math.min(fitting, rounds(b, 5))) + (random.chance(4) ? random.from(1, 3) : 0);
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
function sweeping(b: Builder, body: Body): void {
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
function copying(b: Builder): void {
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
