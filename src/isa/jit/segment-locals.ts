/**
 * The segments that a function's accesses share, and where its records lie. They are kept in memory, where the host fills
 * them in; in a function with a loop they are in locals as well.
 */

import type { Layout } from '../layout.ts';
import type { MemoryOperand } from '../operands.ts';
import { keyOf, neighbourhoodOf } from './accesses.ts';
import type { Output } from './code.ts';
import { CACHE, CONTROL } from './linear-layout.ts';
import type { Access } from './linear-port.ts';
import type { Record } from './record.ts';
import type { UnitBuilder } from './unit-builder.ts';
import { OP, TYPE } from './wasm.ts';
import type { WordLocals } from './word-locals.ts';

/** A segment that sites share: where it is kept, and in which locals if there are any. */
export interface Cache {
  readonly index: number;
  readonly locals: { readonly base: number; readonly limit: number; readonly origin: number } | null;
}

/** A record, and the local that holds where it lies: 0 if that is not known. */
export interface PlacedRecord extends Record {
  readonly linear: number;
  isPlaced: boolean;
}

export class SegmentLocals {
  readonly #out: Output;
  readonly #unit: UnitBuilder;
  readonly #words: WordLocals;
  readonly #caches = new Map<string, Cache>();
  readonly #generation: number;
  /** Records of the block that is being emitted, by each of their operands. */
  readonly #records = new Map<MemoryOperand, PlacedRecord>();
  /** Whether segments are kept in locals: worth their filling where there is a loop. */
  readonly #inLocals: boolean;
  /** Whether anything is in locals that may have to be forgotten. */
  #remembers: boolean;

  constructor(out: Output, unit: UnitBuilder, words: WordLocals, loops: boolean) {
    this.#out = out;
    this.#unit = unit;
    this.#words = words;
    this.#generation = out.code.local(TYPE.i32);
    this.#inLocals = loops;
    this.#remembers = loops;
  }

  /**
   * The segment that accesses by an operand share; null: they never have one. Danger: it must have been asked for before
   * any code is emitted. A load that evicts what a store further down had a segment of makes its function forget that
   * segment, and it can only forget those that it knows of.
   */
  cache(operand: MemoryOperand, access: Access): Cache | null {
    if (operand.mode === 'direct' && isOnlyCalledFor(this.#unit.layout, operand.address)) return null;
    const name = keyOf(access, operand);
    const known = this.#caches.get(name);
    if (known !== undefined) return known;
    const index = this.#unit.cache();
    if (index === null) return null;
    const { code } = this.#out;
    const locals = this.#inLocals
      ? { base: code.local(TYPE.i64), limit: code.local(TYPE.i64), origin: code.local(TYPE.i32) }
      : null;
    const cache: Cache = { index, locals };
    this.#caches.set(name, cache);
    return cache;
  }

  /** Pushes whether an access may start at the address in a local; its offset in the segment goes to another. */
  pushWithin(cache: Cache, address: number, offset: number): void {
    const { code } = this.#out;
    code.get(address);
    this.#pushPart(cache, 'base');
    code.op(OP.i64_sub).tee(offset);
    this.#pushPart(cache, 'limit');
    code.op(OP.i64_lt_u);
  }

  /** Pushes the linear address of an offset in the segment. */
  pushLinear(cache: Cache, offset: number): void {
    this.#out.code.get(offset).op(OP.i32_wrap_i64);
    this.#pushPart(cache, 'origin');
    this.#out.code.op(OP.i32_add);
  }

  /** A block begins, and has these records: no other's live any longer. */
  openRecords(records: readonly Record[]): void {
    this.#records.clear();
    for (const record of records) {
      const placed: PlacedRecord = { ...record, linear: this.#out.code.local(TYPE.i32), isPlaced: false };
      for (const operand of record.offsets.keys()) this.#records.set(operand, placed);
      this.#remembers = true;
    }
  }

  /** The record that an operand is part of. At the first of its accesses its place is found. */
  recordOf(operand: MemoryOperand): PlacedRecord | null {
    const record = this.#records.get(operand);
    if (record === undefined) return null;
    if (!record.isPlaced) {
      record.isPlaced = true;
      const cache = this.cache(operand, record.access);
      if (cache === null) this.#out.code.i32(0).set(record.linear);
      else this.#place(record, cache);
    }
    return record;
  }

  /** At the start of the function. */
  fill(): void {
    for (const cache of this.#caches.values()) this.#fillCache(cache);
    if (this.#remembers) this.#out.code.i32(0).memory(OP.i32_load, CONTROL.generation).set(this.#generation);
  }

  /** After a site has called out, and may have a segment. */
  refresh(cache: Cache | null): void {
    this.forgetIfChanged();
    if (cache !== null) this.#fillCache(cache);
  }

  /** After somebody else has run: what is in locals is forgotten if it may no longer hold. */
  forgetIfChanged(): void {
    if (!this.#unit.rules.heedsGeneration) return;
    const { code } = this.#out;
    const caches = [...this.#caches.values()].flatMap(({ locals }) => (locals === null ? [] : [locals]));
    const records = new Set(this.#records.values());
    if (caches.length === 0 && records.size === 0) return;
    code.i32(0).memory(OP.i32_load, CONTROL.generation).get(this.#generation).op(OP.i32_ne);
    code.if(() => {
      code.i32(0).memory(OP.i32_load, CONTROL.generation).set(this.#generation);
      for (const { limit } of caches) code.i64(0).set(limit);
      for (const { linear } of records) code.i32(0).set(linear);
    });
  }

  /**
   * Where `[from, to)`, counted from an operand's pointer or neighbourhood, lies in linear memory: 0 if not all of it lies
   * in the segment or, for stores, on a multiple of 8.
   */
  #place({ first, from, to, access, linear }: PlacedRecord, cache: Cache): void {
    const { code } = this.#out;
    code.withLocal(TYPE.i64, (offset) => {
      this.pushAllWithin(cache, first, from, to, offset);
      code.if(
        () => {
          this.pushLinear(cache, offset);
          code.set(linear);
          if (access === 'load') return;
          code.get(linear).i32(7).op(OP.i32_and);
          code.if(() => code.i32(0).set(linear));
        },
        () => code.i32(0).set(linear),
      );
    });
  }

  /** Pushes whether all bytes from `from` to `to`, counted from where an operand points, lie in its segment. */
  pushAllWithin(cache: Cache, operand: MemoryOperand, from: number, to: number, offset: number): void {
    const { code } = this.#out;
    code.withLocal(TYPE.i64, (room) => {
      // A segment's limit is 7 short of its length, and 0 if there is none.
      this.#pushPart(cache, 'limit');
      code
        .i64(Math.max(to - from, 8) - 7)
        .op(OP.i64_sub)
        .set(room);
      if (operand.mode === 'direct') code.i64(neighbourhoodOf(operand.address) + from);
      else
        code
          .get(this.#words.localOf(this.#words.at(operand.pointer)!))
          .i64(from)
          .op(OP.i64_add);
      this.#pushPart(cache, 'base');
      code.op(OP.i64_sub).tee(offset).get(room).op(OP.i64_le_u);
      code.get(room).i64(0).op(OP.i64_ge_s, OP.i32_and);
    });
  }

  #pushPart({ index, locals }: Cache, part: 'base' | 'limit' | 'origin'): void {
    const { code } = this.#out;
    if (locals !== null) code.get(locals[part]);
    else this.#pushFromMemory(index, part);
  }

  #pushFromMemory(index: number, part: 'base' | 'limit' | 'origin'): void {
    const opcode = part === 'origin' ? OP.i32_load : OP.i64_load;
    this.#out.code.global(this.#unit.cachesGlobal).memory(opcode, CACHE.bytes * index + CACHE[part]);
  }

  #fillCache({ index, locals }: Cache): void {
    if (locals === null) return;
    for (const part of ['base', 'limit', 'origin'] as const) {
      this.#pushFromMemory(index, part);
      this.#out.code.set(locals[part]);
    }
  }
}

/** An address whose accesses are never direct: of a port, or of a register word without being its start. */
function isOnlyCalledFor({ words, registers, registersEnd }: Layout, address: number): boolean {
  const near = (base: number, end: number) => address > base - 8 && address < end;
  return (
    near(words.stdout, words.stdout + 8) ||
    near(words.stderr, words.stderr + 8) ||
    near(registers, registersEnd)
  );
}
