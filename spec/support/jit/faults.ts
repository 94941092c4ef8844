/** Drawn instructions that fault, each for one cause. */

import { at, imm, off, via } from '../../../sim/programs/build.ts';
import type { FaultCause } from '../../../src/isa/fault.ts';
import { ADDRESS_LIMIT } from '../../../src/isa/layout.ts';
import { sometimes } from './branches.ts';
import { type Builder, to } from './builder.ts';
import { anyDestination, anySource } from './operands.ts';
import { anyIntegerType, FLOAT_TYPES, INTEGER_TYPES } from './values.ts';

/** A fault behind a condition: on something, or on how often this place was passed. */
export function anyFault(b: Builder): void {
  const { random } = b;
  const out = b.newLabel();
  if (random.chance(50)) {
    const passed = at(b.own());
    b.emit('add', passed, imm(1), passed);
    b.emit('br:ne', passed, imm(random.pick([1, 2, 3, 8, 9, 33])), to(out));
  } else if (random.chance(80)) sometimes(b, out);
  const causes = Object.keys(PLANTED) as (keyof typeof PLANTED)[];
  PLANTED[random.pick(causes)](b);
  b.here(out);
}

type Planted = Exclude<
  FaultCause,
  'bad-runner-control' | 'too-many-children' | 'too-many-ranges' | 'compartment-lost' | 'fuel'
>;

const PLANTED: Readonly<Record<Planted, (b: Builder) => void>> = {
  'illegal-instruction': (b) => b.push(Uint8Array.of(b.random.pick([0, 0x0f, 0xff]))),
  'bad-branch-target': (b) => {
    const { random, ground } = b;
    const target = b.own();
    b.set(
      target,
      random.pick([0, ground.stack.base, ground.pool.base, 2n ** 46n, 2n ** 64n - 1n, ground.nowhere.base]),
    );
    const head = random.pick(['br:j', 'bl', 'br:z', 'br:e']);
    if (head === 'br:j') b.emit(head, random.chance(50) ? via(target) : at(ground.stack.base));
    else if (head === 'bl') b.emit(head, via(target), anyDestination(b, 'q'));
    else if (head === 'br:z') b.emit(head, imm(0), via(target));
    else b.emit(head, imm(5), imm(5), off(0, target));
  },
  'read-outside-ranges': (b) => {
    const { random, ground } = b;
    const type = anyIntegerType(random);
    b.emit(
      `mov:${type}`,
      outside(b, random.pick([ground.nowhere.base, ground.heap.base - 300])),
      anyDestination(b, type),
    );
  },
  'write-outside-ranges': (b) => {
    const { random, ground } = b;
    const type = anyIntegerType(random);
    b.emit(
      `mov:${type}`,
      anySource(b, type),
      outside(b, random.pick([ground.nowhere.base, ADDRESS_LIMIT - 3, ground.heap.base - 300])) as ReturnType<
        typeof at
      >,
    );
  },
  'write-to-read-only': (b) => {
    const { random, ground } = b;
    const type = anyIntegerType(random);
    const place = random.pick([
      ground.data.base,
      ground.watched.base,
      ground.file.base,
      0x3f00_0000_0000,
      ground.codeBase,
    ]);
    b.emit(`mov:${type}`, anySource(b, type), outside(b, place) as ReturnType<typeof at>);
  },
  'region-crossing': (b) => {
    const place = b.ground.layout.regionBoundary - b.random.from(1, 7);
    if (b.random.chance(50)) b.emit('mov', outside(b, place), anyDestination(b, 'q'));
    else b.emit('mov', anySource(b, 'q'), outside(b, place) as ReturnType<typeof at>);
  },
  'register-indirect': (b) => {
    const { random, ground } = b;
    const place = ground.layout.registers + random.pick([-4, 0, 8, 508, 3]);
    const pointer = b.own();
    b.set(pointer, place);
    if (random.chance(50)) b.emit('add', via(pointer), imm(1), at(b.value()));
    else b.emit('mov', anySource(b, 'q'), off(0, pointer));
  },
  'divide-by-zero': (b) => {
    const type = anyIntegerType(b.random);
    b.emit(`${b.random.pick(['div', 'rem'])}:${type}`, anySource(b, type), zero(b), anyDestination(b, type));
  },
  'divide-overflow': (b) => {
    const type = b.random.pick(['b', 'w', 'd', 'q'] as const);
    const least = -(1n << BigInt({ b: 7, w: 15, d: 31, q: 63 }[type]));
    const [left, right] = [at(b.own()), at(b.own())];
    b.emit(`mov:${type}`, imm(least), left);
    b.emit(`mov:${type}`, imm(-1), right);
    b.emit(
      `${b.random.pick(['div', 'rem'])}:${type}`,
      left,
      b.random.chance(50) ? right : imm(-1),
      anyDestination(b, type),
    );
  },
  'float-to-integer': (b) => {
    const [float, integer] = [b.random.pick(FLOAT_TYPES), b.random.pick(INTEGER_TYPES)];
    const place = at(b.float());
    b.emit(`mov:${float}`, imm(float === 'fd' ? 0x7ff0_0000_0000_0000n : 0x7fc0_0001n), place);
    b.emit(`mov:${float}:${integer}`, place, anyDestination(b, integer));
  },
  'bad-merge-store': (b) => {
    const { merge } = b.ground;
    if (merge === null) return;
    b.emit('mov:d', imm(7), outside(b, merge.base + b.random.pick([0, 4])) as ReturnType<typeof at>);
  },
  'private-memory-limit': (b) => {
    const pointer = b.own();
    b.set(pointer, 0x8000);
    const left = at(b.own());
    b.set(left.address, 9);
    const top = b.here();
    b.emit('mov:b', imm(1), via(pointer));
    b.emit('add', at(pointer), imm(512), at(pointer));
    b.emit('sub', left, imm(1), left);
    b.emit('br:nz', left, to(top));
  },
};

/** Memory at an address: by its own name, or by a pointer. */
function outside(b: Builder, address: number): ReturnType<typeof at> | ReturnType<typeof off> {
  if (b.random.chance(50)) return at(address);
  const pointer = b.own();
  b.set(pointer, address - 16);
  return off(16, pointer);
}

function zero(b: Builder) {
  if (b.random.chance(30)) return imm(0);
  const place = at(b.own());
  b.emit('mov', imm(0), place);
  return place;
}
