/** Drawn loops: counted in registers, private words, stack and heap; up, down, with several ends. */

import { at, imm } from '../../../sim/programs/build.ts';
import type { ValueType } from '../../../src/isa/value-type.ts';
import { copying, overArray, sweeping } from './arrays.ts';
import { sometimes } from './branches.ts';
import { type Builder, to } from './builder.ts';
import type { DraftOperand } from './draft.ts';
import { VAST } from './ground.ts';
import { within } from './operands.ts';
import { anyOperation } from './operations.ts';
import { repeated, rounds } from './rounds.ts';
import { anyIntegerType, anyValue, sizeOf } from './values.ts';

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
    [2, wildlyCounted],
  ])(b, body);
}

/** From anywhere towards anything in any steps: it may end at once, by wrapping around, or with the fuel. */
function wildlyCounted(b: Builder): void {
  const { random } = b;
  const type = random.pick(['q', 'q', 'uq', 'd', 'ub'] as const);
  const [counter, bound] = [at(counterPlace(b, type)), at(b.own())];
  const limit = anyValue(random, type);
  const step = random.pick([1, 1, 2, 3, 7, 100, 0x1_0000]);
  const away = BigInt(step * random.from(-2, 40) + random.pick([0, 0, 1, -1]));
  const down = random.chance(40);
  b.emit(`mov:${type}`, imm(down ? limit + away : limit - away), counter);
  b.emit(`mov:${type}`, imm(limit), bound);
  const top = b.here();
  repeated(b, 10, () => {
    if (random.chance(60)) b.emit('add', at(b.value()), counter, at(b.value()));
    b.emit(`${down ? 'sub' : 'add'}:${type}`, counter, imm(step), counter);
    if (random.chance(10)) b.emit(`add:${type}`, bound, imm(1), bound);
    const comparison = random.pick(
      down ? (['g', 'ge', 'ne', 'ne', 'l', 'e'] as const) : (['l', 'le', 'ne', 'ne', 'g', 'e'] as const),
    );
    const against = random.chance(50) ? bound : imm(limit);
    if (random.chance(75)) b.emit(`br:${comparison}:${type}`, counter, against, to(top));
    else b.emit(`br:${MIRRORED[comparison]}:${type}`, against, counter, to(top));
  });
}

const MIRRORED = { l: 'g', le: 'ge', g: 'l', ge: 'le', e: 'e', ne: 'ne' } as const;

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
