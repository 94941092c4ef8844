/** Drawn ways through a program other than loops and calls. */

import { at, build, imm, off, via } from '../../../sim/programs/build.ts';
import { encode } from '../../../src/isa/codec.ts';
import { sometimes } from './branches.ts';
import { type Builder, to } from './builder.ts';
import type { Label } from './draft.ts';
import { anyOperation, straight } from './operations.ts';

type Body = (b: Builder) => void;

export function anyJump(b: Builder, body: Body): void {
  b.random.weighted([
    [6, either],
    [3, skipping],
    [3, byTable],
    [1, intoTheMiddle],
    [2, overJunk],
    [1, writingCode],
  ])(b, body);
}

function either(b: Builder, body: Body): void {
  const other = b.newLabel();
  const out = b.newLabel();
  sometimes(b, other);
  body(b);
  b.emit('br:j', to(out));
  b.here(other);
  straight(b, 2);
  b.here(out);
}

function skipping(b: Builder): void {
  const out = b.newLabel();
  sometimes(b, out);
  straight(b, 3);
  b.here(out);
}

/** One of several places, by a table in private memory, in the heap or among the assembled bytes. */
function byTable(b: Builder): void {
  const { random, ground } = b;
  const places = Array.from({ length: random.pick([2, 2, 3, 4]) }, () => b.newLabel());
  const out = b.newLabel();
  const index = b.own();
  const assembled = random.chance(50) ? b.table(places.map((label) => ({ bits: 0n, label }))) : null;
  const table = assembled ?? random.pick([0x5000, ground.stack.base, ground.heap.base + 32]);
  if (assembled === null)
    places.forEach((label, i) => {
      b.set(table + 8 * i, 0, label);
    });
  b.emit('and', at(b.value()), imm(places.length === 4 ? 3 : 1), at(index));
  b.emit('shl', at(index), imm(3), at(index));
  if (random.chance(50)) {
    b.emit('add', at(index), imm(table), at(index));
    b.emit('mov', via(index), at(index));
    b.emit('br:j', via(index));
  } else {
    const pointer = b.own();
    b.emit('add', imm(table - 64), at(index), at(pointer));
    b.emit('mov', off(64, pointer), at(pointer));
    b.emit('br:j', random.chance(50) ? via(pointer) : off(0, pointer));
  }
  jumpTargets(b, places, out);
}

function jumpTargets(b: Builder, places: readonly Label[], out: Label): void {
  for (const label of places) {
    b.here(label);
    anyOperation(b);
    if (b.random.chance(70)) b.emit('br:j', to(out));
  }
  b.here(out);
}

/** An immediate that is an instruction itself. */
function intoTheMiddle(b: Builder): void {
  const { random } = b;
  const out = b.newLabel();
  const exit = encode(build(random.pick(['exit:c', 'exit:a', 'exit:cd', 'exit:ad'])));
  const bits = exit.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const carrier = b.newLabel();
  sometimes(b, out);
  sometimes(b, carrier);
  if (random.chance(60))
    b.emit(
      `br:${random.pick(['z', 'nz'])}`,
      at(b.value()),
      to(carrier, random.chance(95) ? 4 : random.from(1, 9)),
    );
  b.here(carrier);
  b.emit('mov', imm(bits), at(b.value()));
  b.here(out);
}

/** Bytes that are no instruction lie in the way. */
function overJunk(b: Builder): void {
  const { random } = b;
  const out = b.newLabel();
  if (random.chance(93)) b.emit('br:j', to(out));
  else sometimes(b, out);
  b.push(Uint8Array.from({ length: random.from(1, 12) }, () => random.below(256)));
  b.here(out);
}

/** A store into the code that was executed, will be, or never is; where the code is no heap, a fault. */
function writingCode(b: Builder): void {
  const { random, ground } = b;
  if (ground.codeInHeap === 'no' && random.chance(90)) return;
  const out = b.newLabel();
  const place = b.newLabel();
  if (random.chance(50)) b.here(place);
  anyOperation(b);
  if (random.chance(50)) sometimes(b, out);
  b.emit(
    `mov:${random.pick(['b', 'd', 'q'])}`,
    imm(random.below(256)),
    to(random.chance(60) ? place : out, random.from(-9, 3)),
  );
  anyOperation(b);
  b.here(out);
  if (random.chance(50)) b.here(place);
}
