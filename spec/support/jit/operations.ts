/** Drawn instructions that go on to the next one: arithmetic, moves, and what they do when operands overlap. */

import { at, build, imm, off, via } from '../../../sim/programs/build.ts';
import type { MemoryOperand } from '../../../src/isa/operands.ts';
import type { ValueType } from '../../../src/isa/value-type.ts';
import type { Builder } from './builder.ts';
import { anyDestination, anySource, throughPointer } from './operands.ts';
import { anyIntegerType, anyValue, FLOAT_TYPES, INTEGER_TYPES, isFloat, smallFloat } from './values.ts';

/** One operation, with what makes it sensible before it and what mends it behind it. */
export function anyOperation(b: Builder): void {
  b.random.weighted([
    [40, combine],
    [12, combineFloats],
    [24, move],
    [6, convert],
    [8, divide],
    [5, overlapping],
    [2, say],
    [3, merge],
  ])(b);
}

/** A straight run of operations. */
export function straight(b: Builder, most = 6): void {
  for (let count = b.random.from(1, most); count > 0; count -= 1) anyOperation(b);
}

function combine(b: Builder): void {
  const type = anyIntegerType(b.random);
  const operation = b.random.pick(['add', 'add', 'sub', 'mul', 'and', 'or', 'xor', 'shl', 'shr']);
  emitTyped(b, operation, type);
}

function combineFloats(b: Builder): void {
  emitTyped(b, b.random.pick(['add', 'sub', 'mul', 'div']), b.random.pick(FLOAT_TYPES));
}

function emitTyped(b: Builder, operation: string, type: ValueType): void {
  const code = build(`${operation}:${type}`, anySource(b, type), anySource(b, type), anyDestination(b, type));
  b.push(code);
}

function move(b: Builder): void {
  const { random } = b;
  const type = random.chance(10) ? random.pick(FLOAT_TYPES) : random.pick(INTEGER_TYPES);
  const to = isFloat(type) ? random.pick(FLOAT_TYPES) : random.chance(40) ? type : random.pick(INTEGER_TYPES);
  const option = !isFloat(type) && random.chance(35) ? ':z' : '';
  b.emit(`mov${option}:${type}:${to}`, anySource(b, type), anyDestination(b, to));
}

/** Between integers and floats. Most floats have a whole part that the integer type holds. */
function convert(b: Builder): void {
  const { random } = b;
  const integer = random.pick(INTEGER_TYPES);
  const float = random.pick(FLOAT_TYPES);
  if (random.chance(45)) {
    b.emit(`mov:${integer}:${float}`, anySource(b, integer), anyDestination(b, float));
    return;
  }
  const narrow = integer === 'b' || integer === 'ub';
  const bits = random.chance(4) ? anyValue(random, float) : smallFloat(random, float);
  const place = at(b.float());
  b.emit(`mov:${float}`, imm(bits), place);
  if (random.chance(50) && !narrow) b.emit(`add:${float}`, place, imm(smallFloat(random, float)), place);
  b.emit(`mov:${float}:${integer}`, place, anyDestination(b, integer));
}

/** Most divisors are not 0. */
function divide(b: Builder): void {
  const { random } = b;
  const type = anyIntegerType(random);
  const operation = `${random.pick(['div', 'rem'])}:${type}`;
  const dividend = anySource(b, type);
  if (random.chance(60)) {
    const value = anyValue(random, type) | 1n;
    const divisor = random.chance(30) ? imm(random.from(1, 9)) : imm(value);
    b.emit(operation, dividend, divisor, anyDestination(b, type));
  } else {
    const divisor = random.pick([
      at(b.value()),
      at(b.value()),
      at(b.privateWord(type)),
      throughPointer(b, type, true),
    ]);
    if (random.chance(97)) b.emit(`or:${type}`, divisor, imm(random.chance(70) ? 1 : 5), divisor);
    b.emit(operation, dividend, divisor, anyDestination(b, type));
    if (random.chance(40)) remainder(b, type, dividend, divisor);
  }
}

/** A remainder by quotient, product and difference. */
function remainder(
  b: Builder,
  type: ValueType,
  dividend: ReturnType<typeof anySource>,
  divisor: MemoryOperand,
): void {
  const quotient = at(b.own());
  b.emit(`or:${type}`, divisor, imm(3), divisor);
  b.emit(`div:${type}`, dividend, divisor, quotient);
  b.emit(`mul:${type}`, quotient, divisor, quotient);
  b.emit(`sub:${type}`, dividend, quotient, anyDestination(b, type));
}

/** Operands that are, or lie across, the words that other operands are reached by. */
function overlapping(b: Builder): void {
  const { random } = b;
  const type = anyIntegerType(random);
  const word = random.chance(50) ? b.own() : b.ground.pool.base + 56;
  const target = b.ground.pool.base + 16 + random.below(24);
  switch (random.below(5)) {
    case 0: {
      // Through a word that points to itself; never a register word.
      const self = b.ground.pool.base + 64;
      b.set(self, self);
      b.emit(
        `${random.pick(['add', 'xor', 'sub'])}:${type}`,
        via(self),
        at(self),
        random.pick([at(self), via(self)]),
      );
      break;
    }
    case 1:
      b.set(word, target);
      b.emit(`mov:${type}:q`, via(word), at(word));
      break;
    case 2:
      b.set(word, target);
      b.emit(`add:${type}`, off(4, word), via(word), off(random.from(-3, 3), word));
      break;
    case 3:
      b.set(word, target);
      b.emit(`mov:${type}`, anySource(b, type), off(random.from(-8, 8), word));
      b.emit('mov', at(target - random.below(8)), at(b.value()));
      break;
    default: {
      const same = random.chance(50) ? at(b.value()) : throughPointer(b, type, true);
      b.emit(`${random.pick(['add', 'mul', 'shl', 'shr', 'sub'])}:${type}`, same, same, same);
    }
  }
}

function say(b: Builder): void {
  const { random, ground } = b;
  const type = random.pick(['b', 'w', 'd', 'q', 'fd'] as const);
  const { stdout, stderr } = ground.layout.words;
  const port = random.pick([stdout, stdout, stderr]);
  const pointer = b.own();
  const far = random.chance(20);
  if (far) b.set(pointer, port - 8);
  b.emit(`mov:${type}`, anySource(b, type), far ? off(8, pointer) : at(port));
}

/** Contributions to merge words, blind or after a look. */
function merge(b: Builder): void {
  const { random, ground } = b;
  if (ground.merge === null) return;
  const { base, length } = ground.merge;
  const word = at(base + 8 * random.below(length / 8));
  if (random.chance(30)) b.emit('mov:d', at(word.address + random.below(5)), at(b.value()));
  if (random.chance(60)) b.emit('mov', anySource(b, 'q'), word);
  else b.emit('add', word, anySource(b, 'q'), word);
}
