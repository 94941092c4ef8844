/**
 * Where a function's values are: words in locals, everything else by way of segments. A site compares an address with
 * the segment that it shares with its like; where that does not hold the bytes, it calls out, and goes on with the
 * segment that comes back.
 */

import type { Layout } from '../layout.ts';
import type { MemoryOperand } from '../operands.ts';
import type { AccessSize } from '../value-type.ts';
import type { CodeWriter } from './code.ts';
import { CONTROL, FRAME_BYTES, REGISTERS_AT, TOUCHED_AT, TOUCHED_SHIFT } from './linear-layout.ts';
import type { Access } from './linear-port.ts';
import type { Record } from './record.ts';
import { CALL_RESULT, type UnitBuilder } from './unit-builder.ts';
import { OP, type Opcode, TYPE } from './wasm.ts';
import { TOUCHED, type Word } from './words.ts';

/** The instruction that code is emitted for, and how to leave there. */
export interface Point {
  readonly pc: number;
  /** Leaves with nothing done. */
  bail(): void;
  /** Leaves with the instruction done. */
  leaveAfter(): void;
  /**
   * In a loop: leaves as the site has no segment for the address in a local. Null elsewhere: there translated code calls
   * out. In a loop a call, though hardly ever made, would cost the registers that live across it.
   */
  readonly miss: ((site: number, address: number) => void) | null;
}

/** A record, and the local that holds where it lies. */
interface PlacedRecord extends Record {
  readonly linear: number;
  isPlaced: boolean;
}

/** What instructions ask of the place where values are. */
export interface OperandStorage {
  /** The word that lives in a local and starts at `address`. */
  wordAt(address: number): number | undefined;
  /** Pushes the low `size` bytes of a word, extended to 64 bits. */
  pushWord(word: number, size: AccessSize, signed: boolean): void;
  /** Takes a value: its low `size` bytes become those of the word. */
  setWord(word: number, size: AccessSize, point: Point): void;
  /** Pushes the low `size` bytes at an operand that is no word, extended to 64 bits; `push` pushes its address. */
  load(operand: MemoryOperand, push: () => void, size: AccessSize, signed: boolean, point: Point): void;
  /** Stores the low `size` bytes of a local at an operand that is no word; `push` pushes its address. */
  store(operand: MemoryOperand, push: () => void, size: AccessSize, value: number, point: Point): void;
}

/** A segment that sites share: where it is kept, and in which locals if there are any. */
interface Cache {
  readonly index: number;
  readonly locals: { readonly base: number; readonly limit: number; readonly origin: number } | null;
}

/** Of a segment in memory: its first address, how far an access may start from there, the linear address of its start. */
export const CACHE = { base: 0, limit: 8, origin: 16, bytes: 24 } as const;

export class Storage implements OperandStorage {
  #code: CodeWriter;
  readonly #unit: UnitBuilder;
  readonly #function: number;
  readonly #words: readonly Word[];
  readonly #byAddress: ReadonlyMap<number, number>;
  readonly #locals: readonly number[];
  readonly #caches = new Map<string, Cache>();
  /** Locals that tell whether private memory counts as touched, by its number. */
  readonly #touched = new Map<number, number>();
  readonly #generation: number;
  /** Records of the block that is being emitted, by each of their operands. */
  readonly #records = new Map<MemoryOperand, PlacedRecord>();
  /** Whether anything is in locals that may have to be forgotten. */
  #remembers: boolean;
  /** Whether segments are kept in locals: worth their filling where there is a loop. */
  readonly #inLocals: boolean;

  constructor(code: CodeWriter, unit: UnitBuilder, index: number, words: readonly Word[], loops: boolean) {
    this.#code = code;
    this.#unit = unit;
    this.#function = index;
    this.#words = words;
    this.#byAddress = new Map(words.map(({ address }, i) => [address, i]));
    this.#locals = words.map(() => code.local(TYPE.i64));
    this.#generation = code.local(TYPE.i32);
    this.#inLocals = loops;
    this.#remembers = loops;
  }

  wordAt(address: number): number | undefined {
    return this.#byAddress.get(address);
  }

  get words(): readonly Word[] {
    return this.#words;
  }

  localOf(word: number): number {
    return this.#locals[word]!;
  }

  pushWord(word: number, size: AccessSize, signed: boolean): void {
    this.#code.get(this.#locals[word]!);
    if (size < this.#words[word]!.bytes || (signed && size < 8)) this.extend(size, signed);
  }

  /** Extends the low `size` bytes of the value on the stack. */
  extend(size: AccessSize, signed: boolean): void {
    if (size === 8) return;
    if (signed) this.#code.op(EXTEND[size]);
    else this.#code.i64(2n ** BigInt(8 * size) - 1n).op(OP.i64_and);
  }

  setWord(word: number, size: AccessSize, point: Point): void {
    this.#touch(word, point);
    this.setTouched(word, size);
  }

  /** As `setWord`, of a word whose private memory is known to count as touched. */
  setTouched(word: number, size: AccessSize): void {
    const code = this.#code;
    const { bytes } = this.#words[word]!;
    if (size < 8) this.extend(size, false);
    if (size < bytes) {
      code
        .get(this.#locals[word]!)
        .i64(-(2n ** BigInt(8 * size)))
        .op(OP.i64_and, OP.i64_or);
      // What was masked off is negative in 64 bits, and the word has fewer.
      if (bytes < 8) this.extend(bytes, false);
    }
    code.set(this.#locals[word]!);
  }

  /** Writes words back to memory. */
  flush(words: Iterable<number>): void {
    for (const word of words) {
      const { address, bytes } = this.#words[word]!;
      if (!this.#unit.rules.flushed(address)) continue;
      const offset = this.#pushPlace(word);
      this.#code.get(this.#locals[word]!).memory(STORE[bytes], offset);
    }
  }

  /** Fills the locals of words from memory. */
  fill(words: Iterable<number>): void {
    for (const word of words) {
      const { bytes } = this.#words[word]!;
      const offset = this.#pushPlace(word);
      this.#code.memory(LOAD_UNSIGNED[bytes], offset).set(this.#locals[word]!);
    }
  }

  load(operand: MemoryOperand, push: () => void, size: AccessSize, signed: boolean, point: Point): void {
    const code = this.#code;
    const alone = () => this.#loadAlone(operand, push, size, signed, point);
    const record = this.#recordOf(operand);
    if (record === null) {
      alone();
      return;
    }
    code.get(record.linear);
    code.if(
      () => {
        const opcode = (signed ? LOAD_SIGNED : LOAD_UNSIGNED)[size];
        code.get(record.linear).memory(opcode, record.offsets.get(operand)!);
      },
      alone,
      TYPE.i64,
    );
  }

  store(operand: MemoryOperand, push: () => void, size: AccessSize, value: number, point: Point): void {
    const code = this.#code;
    const alone = () => this.#storeAlone(operand, push, size, value, point);
    const record = this.#recordOf(operand);
    if (record === null) {
      alone();
      return;
    }
    code.get(record.linear);
    code.if(() => {
      const offset = record.offsets.get(operand)!;
      code.get(record.linear).get(value).memory(STORE[size], offset);
      this.#markFixed(record.linear, offset, size);
    }, alone);
  }

  /** A block begins, and has these records: no other's live any longer. */
  openRecords(records: readonly Record[]): void {
    this.#records.clear();
    for (const record of records) {
      const placed: PlacedRecord = { ...record, linear: this.#code.local(TYPE.i32), isPlaced: false };
      for (const operand of record.offsets.keys()) this.#records.set(operand, placed);
      this.#remembers = true;
    }
  }

  /** The record that an operand is part of. At the first of its accesses its place is found. */
  #recordOf(operand: MemoryOperand): PlacedRecord | null {
    const record = this.#records.get(operand);
    if (record === undefined) return null;
    if (!record.isPlaced) {
      record.isPlaced = true;
      const cache = this.#cache(operand, record.access);
      if (cache === null) this.#code.i32(0).set(record.linear);
      else this.#place(record, cache);
    }
    return record;
  }

  /** Where the record lies in linear memory: 0 if not all of it lies in the segment or, for stores, on a multiple of 8. */
  #place({ first, from, to, access, linear }: PlacedRecord, cache: Cache): void {
    const code = this.#code;
    code.withLocal(TYPE.i64, (offset) => {
      code.withLocal(TYPE.i64, (room) => {
        // A segment's limit is 7 short of its length, and 0 if there is none.
        this.#pushOf(cache, 'limit');
        code
          .i64(Math.max(to - from, 8) - 7)
          .op(OP.i64_sub)
          .set(room);
        if (first.mode === 'direct') code.i64(first.address - (first.address % NEIGHBOURHOOD) + from);
        else
          code
            .get(this.localOf(this.wordAt(first.pointer)!))
            .i64(from)
            .op(OP.i64_add);
        this.#pushOf(cache, 'base');
        code.op(OP.i64_sub).tee(offset).get(room).op(OP.i64_le_u);
        code.get(room).i64(0).op(OP.i64_ge_s, OP.i32_and);
        code.if(
          () => {
            this.#pushLinear(cache, offset);
            code.set(linear);
            if (access === 'load') return;
            code.get(linear).i32(7).op(OP.i32_and);
            code.if(() => code.i32(0).set(linear));
          },
          () => code.i32(0).set(linear),
        );
      });
    });
  }

  #loadAlone(
    operand: MemoryOperand,
    push: () => void,
    size: AccessSize,
    signed: boolean,
    point: Point,
  ): void {
    const code = this.#code;
    const cache = this.#cache(operand, 'load');
    const site = this.#site(point, 'load', size, operand, cache);
    const slow = (address: number) => {
      if (cache !== null && point.miss !== null) {
        point.miss(site, address);
        return;
      }
      code.get(address).i32(site).call(this.#unit.call('load'));
      code
        .i32(0)
        .memory(OP.i32_load, CONTROL.trapped)
        .if(() => point.bail());
      this.#refresh(cache);
      this.extend(size, signed);
    };
    code.withLocal(TYPE.i64, (address) => {
      push();
      code.set(address);
      if (cache === null) {
        slow(address);
        return;
      }
      code.withLocal(TYPE.i64, (offset) => {
        this.#pushWithin(cache, address, offset);
        code.if(
          () => {
            this.#pushLinear(cache, offset);
            code.memory((signed ? LOAD_SIGNED : LOAD_UNSIGNED)[size]);
          },
          () => slow(address),
          TYPE.i64,
        );
      });
    });
  }

  #storeAlone(operand: MemoryOperand, push: () => void, size: AccessSize, value: number, point: Point): void {
    const code = this.#code;
    const cache = this.#cache(operand, 'store');
    const site = this.#site(point, 'store', size, operand, cache);
    const slow = (address: number) => {
      if (cache !== null && point.miss !== null) {
        point.miss(site, address);
        return;
      }
      code.get(address).i32(site).get(value).call(this.#unit.call('store'));
      this.#heed(point);
      this.#refresh(cache);
    };
    code.withLocal(TYPE.i64, (address) => {
      push();
      code.set(address);
      if (cache === null) {
        slow(address);
        return;
      }
      code.withLocal(TYPE.i64, (offset) => {
        this.#pushWithin(cache, address, offset);
        code.if(
          () =>
            code.withLocal(TYPE.i32, (linear) => {
              this.#pushLinear(cache, offset);
              code.tee(linear).get(value).memory(STORE[size]);
              this.markWritten(linear, size);
            }),
          () => slow(address),
        );
      });
    });
  }

  /** Sets the written map's bits for `size` bytes at the linear address in a local. */
  markWritten(linear: number, size: AccessSize): void {
    const code = this.#code;
    const mask = this.#unit.rules.writtenMask(size);
    const place = () => code.get(linear).i32(3).op(OP.i32_shr_u);
    const bit = () => code.get(linear).i32(7).op(OP.i32_and);
    const mark = (load: Opcode, store: Opcode) => {
      place();
      place().memory(load);
      code.i32(mask);
      bit().op(OP.i32_shl, OP.i32_or).memory(store);
    };
    if (size === 1) mark(OP.i32_load8_u, OP.i32_store8);
    else if (size < 8) mark(OP.i32_load16_u, OP.i32_store16);
    else
      bit().if(
        () => mark(OP.i32_load16_u, OP.i32_store16),
        () => {
          place();
          code.i32(mask).memory(OP.i32_store8);
        },
      );
  }

  /** As `markWritten`, `offset` bytes behind a linear address that is a multiple of 8. */
  #markFixed(linear: number, offset: number, size: AccessSize): void {
    const code = this.#code;
    const at = offset >> 3;
    const bits = this.#unit.rules.writtenMask(size) << (offset & 7);
    const place = () => code.get(linear).i32(3).op(OP.i32_shr_u);
    place();
    if (bits === 0xff) code.i32(bits).memory(OP.i32_store8, at);
    else {
      const load = bits < 0x100 ? OP.i32_load8_u : OP.i32_load16_u;
      place();
      code.memory(load, at).i32(bits).op(OP.i32_or);
      code.memory(bits < 0x100 ? OP.i32_store8 : OP.i32_store16, at);
    }
  }

  /** After a call out: leaves if it was refused, or if code has changed. Takes its result. */
  #heed(point: Point): void {
    const code = this.#code;
    code.withLocal(TYPE.i32, (result) => {
      code.tee(result).if(() => {
        code
          .get(result)
          .i32(CALL_RESULT.refused)
          .op(OP.i32_ne)
          .if(() => point.leaveAfter());
        point.bail();
      });
    });
  }

  /** Calls out to execute a `newr`: memory is told of what is dirty, and tells what the instruction writes. */
  newr(point: Point, dirty: readonly number[]): void {
    const code = this.#code;
    this.flush(dirty);
    code.i32(this.#unit.newrs.push(point.pc) - 1).call(this.#unit.call('newr'));
    this.#heed(point);
    this.forgetIfChanged();
    const child = this.wordAt(this.#unit.layout.words.child);
    if (child !== undefined) this.fill([child]);
  }

  /** What the locals hold in the beginning, written once all else has been: `words` are those to be filled. */
  prologue(code: CodeWriter, words: Iterable<number>): void {
    this.writing(code, () => {
      this.fill(words);
      for (const cache of this.#caches.values()) this.#fillCache(cache);
      if (this.#remembers) code.i32(0).memory(OP.i32_load, CONTROL.generation).set(this.#generation);
      for (const [number, local] of this.#touched) {
        const address = number * TOUCHED;
        code.global(this.#unit.frameGlobal(Math.floor(address / FRAME_BYTES)));
        code
          .i32(address % FRAME_BYTES)
          .op(OP.i32_add)
          .i32(TOUCHED_SHIFT)
          .op(OP.i32_shr_u);
        code.memory(OP.i32_load8_u, TOUCHED_AT).set(local);
      }
    });
  }

  /** What is emitted meanwhile goes to another writer of the same function. */
  writing(code: CodeWriter, emit: () => void): void {
    const usual = this.#code;
    this.#code = code;
    emit();
    this.#code = usual;
  }

  /** After somebody else has run: segments in locals are forgotten if they may no longer hold. */
  forgetIfChanged(): void {
    if (!this.#unit.rules.heedsGeneration) return;
    const code = this.#code;
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

  #touch(word: number, point: Point): void {
    const { address, register } = this.#words[word]!;
    if (register !== null) return;
    const code = this.#code;
    const touched = this.#touchedLocal(address);
    code
      .get(touched)
      .op(OP.i32_eqz)
      .if(() => {
        if (point.miss !== null) {
          point.bail();
          return;
        }
        code.i32(this.#unit.touches.push(address) - 1).call(this.#unit.call('touch'));
        this.#heed(point);
        code.i32(1).set(touched);
      });
  }

  /**
   * Must be told of every access before any is emitted. Danger: a load that evicts what a store further down had a
   * segment of makes it forget that segment; it can only forget those that it knows of.
   */
  expect(operand: MemoryOperand, access: Access): void {
    this.#cache(operand, access);
  }

  /** Pushes the i32 that tells whether the private memory of a word counts as touched. */
  pushTouched(word: number): void {
    this.#code.get(this.#touchedLocal(this.#words[word]!.address));
  }

  /** The locals of the segment that accesses by an operand share. */
  segmentOf(operand: MemoryOperand, access: Access): NonNullable<Cache['locals']> | null {
    return this.#cache(operand, access)?.locals ?? null;
  }

  #touchedLocal(address: number): number {
    const number = Math.floor(address / TOUCHED);
    const local = this.#touched.get(number) ?? this.#code.local(TYPE.i32);
    this.#touched.set(number, local);
    return local;
  }

  #pushWithin(cache: Cache, address: number, offset: number): void {
    const code = this.#code;
    code.get(address);
    this.#pushOf(cache, 'base');
    code.op(OP.i64_sub).tee(offset);
    this.#pushOf(cache, 'limit');
    code.op(OP.i64_lt_u);
  }

  #pushLinear(cache: Cache, offset: number): void {
    this.#code.get(offset).op(OP.i32_wrap_i64);
    this.#pushOf(cache, 'origin');
    this.#code.op(OP.i32_add);
  }

  #pushOf({ index, locals }: Cache, part: 'base' | 'limit' | 'origin'): void {
    const code = this.#code;
    if (locals !== null) code.get(locals[part]);
    else {
      const opcode = part === 'origin' ? OP.i32_load : OP.i64_load;
      code.global(this.#unit.cachesGlobal).memory(opcode, CACHE.bytes * index + CACHE[part]);
    }
  }

  #refresh(cache: Cache | null): void {
    this.forgetIfChanged();
    if (cache?.locals) this.#fillCache(cache);
  }

  #fillCache(cache: Cache): void {
    const { index, locals } = cache;
    if (locals === null) return;
    const inMemory = { index, locals: null };
    for (const part of ['base', 'limit', 'origin'] as const) {
      this.#pushOf(inMemory, part);
      this.#code.set(locals[part]);
    }
  }

  #cache(operand: MemoryOperand, access: Access): Cache | null {
    if (operand.mode === 'direct' && isOnlyCalledFor(this.#unit.layout, operand.address)) return null;
    const name = `${access} ${keyOf(operand)}`;
    const known = this.#caches.get(name);
    if (known !== undefined) return known;
    const index = this.#unit.caches++;
    const code = this.#code;
    const locals = this.#inLocals
      ? { base: code.local(TYPE.i64), limit: code.local(TYPE.i64), origin: code.local(TYPE.i32) }
      : null;
    const cache: Cache = { index, locals };
    this.#caches.set(name, cache);
    return cache;
  }

  #site(point: Point, access: Access, size: AccessSize, operand: MemoryOperand, cache: Cache | null): number {
    return this.#unit.site({
      pc: point.pc,
      access,
      size,
      named: operand.mode === 'direct',
      cache: cache?.index ?? null,
      function: this.#function,
    });
  }

  /** Pushes the place of a word in memory; returns the offset that goes with it. */
  #pushPlace(word: number): number {
    const { address, register } = this.#words[word]!;
    if (register !== null) {
      this.#code.i32(0);
      return REGISTERS_AT + 8 * register;
    }
    this.#code.global(this.#unit.frameGlobal(Math.floor(address / FRAME_BYTES)));
    return address % FRAME_BYTES;
  }
}

const EXTEND = { 1: OP.i64_extend8_s, 2: OP.i64_extend16_s, 4: OP.i64_extend32_s } as const;

/** Sites with one key are likely to access the same range: those by the same pointer, those near each other. */
export function keyOf(operand: MemoryOperand): string {
  return operand.mode === 'direct'
    ? `direct ${Math.floor(operand.address / NEIGHBOURHOOD)}`
    : `pointer ${operand.pointer}`;
}

const NEIGHBOURHOOD = 2 ** 16;

/** An address whose accesses are never direct: of a port, or of a register word without being its start. */
function isOnlyCalledFor({ words, registers, registersEnd }: Layout, address: number): boolean {
  const near = (base: number, end: number) => address > base - 8 && address < end;
  return (
    near(words.stdout, words.stdout + 8) ||
    near(words.stderr, words.stderr + 8) ||
    near(registers, registersEnd)
  );
}

export const LOAD_UNSIGNED = {
  1: OP.i64_load8_u,
  2: OP.i64_load16_u,
  4: OP.i64_load32_u,
  8: OP.i64_load,
} as const;

export const LOAD_SIGNED = {
  1: OP.i64_load8_s,
  2: OP.i64_load16_s,
  4: OP.i64_load32_s,
  8: OP.i64_load,
} as const;

export const STORE = { 1: OP.i64_store8, 2: OP.i64_store16, 4: OP.i64_store32, 8: OP.i64_store } as const;
