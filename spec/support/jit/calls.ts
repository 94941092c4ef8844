/** Drawn procedure calls: paired, unpaired, recursive, and returns that go elsewhere. */

import { at, imm, off, via } from '../../../sim/programs/build.ts';
import { sometimes, throughWord } from './branches.ts';
import { type Builder, to } from './builder.ts';
import type { DraftOperand, Label } from './draft.ts';
import { DEEP_STACK } from './ground.ts';
import { anyOperation, straight } from './operations.ts';
import { rounds } from './rounds.ts';

type Body = (b: Builder) => void;

export function anyCall(b: Builder, body: Body): void {
  b.random.weighted([
    [6, plainCall],
    [3, sharedFunction],
    [4, recursion],
    [2, doubleRecursion],
    [2, elsewhere],
    [1, neverReturning],
    [1, placeOfItself],
    [1, fallingIn],
    [1, throughRegister],
  ])(b, body);
}

/** A word for return addresses. */
function link(b: Builder): DraftOperand & { mode: 'direct' } {
  const { random, ground } = b;
  const { pool, stack, heap } = ground;
  return at(
    random.weighted([
      [8, b.own()],
      [2, pool.base + 88 - random.pick([0, 0, 4])],
      [1, stack.base + 32],
      [1, heap.base + 24],
    ]),
  );
}

const returnBy = (word: DraftOperand & { mode: 'direct' }) => via(word.address);

function plainCall(b: Builder, body: Body): void {
  const f = b.newLabel();
  const back = link(b);
  const pointer = b.own();
  const displaced = b.random.chance(10);
  const displacement = b.random.pick([0, 8]);
  if (displaced) b.set(pointer, back.address - displacement);
  const named = b.ground.layout.registers <= back.address && back.address < b.ground.layout.registersEnd;
  b.emit(
    'bl',
    b.random.chance(90) ? to(f) : throughWord(b, f),
    displaced && !named ? (displacement === 0 ? via(pointer) : off(displacement, pointer)) : back,
  );
  define(b, f, () => {
    body(b);
    b.emit('br:j', returnBy(back));
  });
}

/** Called from two places, and from a loop. */
function sharedFunction(b: Builder): void {
  const f = b.newLabel();
  const back = link(b);
  const counter = at(b.own());
  const count = rounds(b, 8);
  b.emit('bl', to(f), back);
  b.emit('mov', imm(count), counter);
  const top = b.here();
  b.weight *= count;
  b.emit('bl', to(f), back);
  anyOperation(b);
  b.emit('sub', counter, imm(1), counter);
  b.emit('br:nz', counter, to(top));
  define(b, f, () => {
    straight(b, 3);
    const early = b.newLabel();
    sometimes(b, early);
    anyOperation(b);
    b.here(early);
    b.emit('br:j', returnBy(back));
  });
  b.weight /= count;
}

/** Calls itself with its return address on the stack, shallow or deeper than a host's stack is. */
function recursion(b: Builder): void {
  const { random, ground } = b;
  const [n, sp] = [at(b.own()), b.own()];
  const back = at(b.own());
  const room = Math.floor(ground.stack.length / 8) - 1;
  const veryDeep = ground.stack.length === DEEP_STACK && b.weight === 1;
  const deep = veryDeep ? room : Math.min(room, rounds(b, 10) + random.below(5));
  const f = b.newLabel();
  b.set(sp, ground.stack.base + 8 * (room + 1));
  b.emit('mov', imm(deep), n);
  b.emit('bl', to(f), back);
  define(b, f, () => {
    const out = b.newLabel();
    b.weight *= deep;
    b.emit('br:z', n, to(out));
    b.emit('sub', n, imm(1), n);
    b.emit('sub', at(sp), imm(8), at(sp));
    b.emit('mov', back, via(sp));
    if (random.chance(30)) anyOperation(b);
    b.emit('bl', to(f), back);
    if (random.chance(50)) anyOperation(b);
    b.emit('mov', via(sp), back);
    b.emit('add', at(sp), imm(8), at(sp));
    b.here(out);
    b.emit('br:j', via(back.address));
    b.weight /= deep;
  });
}

/** Calls itself twice, as Fibonacci's function does. */
function doubleRecursion(b: Builder): void {
  const { random, ground } = b;
  if (ground.stack.length < 1024 || b.weight * 400 + b.spent > 8_000) return;
  const [n, sum, sp, back] = [at(b.own()), at(b.own()), b.own(), at(b.own())];
  const f = b.newLabel();
  b.set(sp, ground.stack.base + 1000);
  b.emit('mov', imm(random.from(1, 7)), n);
  b.emit('bl', to(f), back);
  define(b, f, () => {
    const small = b.newLabel();
    b.weight *= 30;
    b.emit('br:le', n, imm(1), to(small));
    b.emit('sub', at(sp), imm(16), at(sp));
    b.emit('mov', back, via(sp));
    b.emit('mov', n, off(8, sp));
    b.emit('sub', n, imm(1), n);
    b.emit('bl', to(f), back);
    b.emit('sub', off(8, sp), imm(2), n);
    b.emit('bl', to(f), back);
    b.emit('mov', via(sp), back);
    b.emit('add', at(sp), imm(16), at(sp));
    b.emit('br:j', via(back.address));
    b.here(small);
    b.emit('add', sum, n, sum);
    b.emit('br:j', via(back.address));
    b.weight /= 30;
  });
}

/** The callee returns to another place than it was called from, sometimes. */
function elsewhere(b: Builder): void {
  const f = b.newLabel();
  const there = b.newLabel();
  const back = link(b);
  b.emit('bl', to(f), back);
  anyOperation(b);
  b.here(there);
  anyOperation(b);
  define(b, f, () => {
    anyOperation(b);
    const kept = b.newLabel();
    if (b.random.chance(60)) sometimes(b, kept);
    if (b.random.chance(30)) b.emit('br:j', to(there));
    else b.set(back.address, 0, there);
    b.here(kept);
    b.emit('br:j', returnBy(back));
  });
}

/** A `bl` as a jump. */
function neverReturning(b: Builder): void {
  const there = b.newLabel();
  b.emit('bl', to(there), link(b));
  straight(b, 2);
  b.here(there);
  anyOperation(b);
}

/** `bl` to the next instruction, then back there by way of the word, counted. */
function placeOfItself(b: Builder): void {
  const next = b.newLabel();
  const out = b.newLabel();
  const [place, left] = [at(b.own()), at(b.own())];
  b.set(left.address, b.random.from(1, 5));
  b.emit('bl', to(next), place);
  b.here(next);
  anyOperation(b);
  b.emit('sub', left, imm(1), left);
  b.emit('br:le', left, imm(0), to(out));
  b.emit('br:j', via(place.address));
  b.here(out);
}

/** A function is entered without a call, its return address set by hand. */
function fallingIn(b: Builder): void {
  const f = b.newLabel();
  const there = b.newLabel();
  const back = at(b.own());
  b.emit('bl', to(f), back);
  b.set(back.address, 0, there);
  b.here(f);
  anyOperation(b);
  b.emit('br:j', via(back.address));
  b.here(there);
}

/** The function's address comes from a register, which may be the link itself. */
function throughRegister(b: Builder): void {
  const f = b.newLabel();
  const target = b.own();
  const back = at(b.random.chance(40) ? target : b.own());
  b.set(target, 0, f);
  b.emit('bl', via(target), back);
  define(b, f, () => {
    straight(b, 2);
    b.emit('br:j', via(back.address));
  });
}

/** Writes a function down later, behind the program's end. */
function define(b: Builder, label: Label, body: () => void): void {
  const { weight } = b;
  b.pending.push(() => {
    const outside = b.weight;
    b.weight = weight;
    b.here(label);
    body();
    b.weight = outside;
  });
}
