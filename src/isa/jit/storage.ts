/**
 * Where a function's values are: words in locals, everything else by way of segments. A site compares an address with
 * the segment that it shares with its like; where that does not hold the bytes, it calls out, and goes on with the
 * segment that comes back. In a loop it leaves instead.
 */

import type { MemoryOperand } from '../operands.ts';
import type { AccessSize } from '../value-type.ts';
import { LOAD_SIGNED, LOAD_UNSIGNED, STORE } from './access-opcodes.ts';
import type { Output } from './code.ts';
import { CONTROL } from './linear-layout.ts';
import type { Access } from './linear-port.ts';
import { markFixed, markWritten } from './marks.ts';
import { type Cache, SegmentLocals } from './segment-locals.ts';
import { CALL_RESULT, type UnitBuilder } from './unit-builder.ts';
import { OP, TYPE } from './wasm.ts';
import { WordLocals } from './word-locals.ts';
import type { Word, WordAt } from './words.ts';

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

export class Storage implements OperandStorage {
  readonly words: WordLocals;
  readonly segments: SegmentLocals;
  readonly #out: Output;
  readonly #unit: UnitBuilder;
  readonly #function: number;

  /** `index`: the function's place among the unit's; `loops`: whether it has any. */
  constructor(
    out: Output,
    unit: UnitBuilder,
    index: number,
    words: readonly Word[],
    wordAt: WordAt,
    loops: boolean,
  ) {
    this.#out = out;
    this.#unit = unit;
    this.#function = index;
    this.words = new WordLocals(out, unit, words, wordAt);
    this.segments = new SegmentLocals(out, unit, this.words, loops);
  }

  wordAt(address: number): number | undefined {
    return this.words.at(address);
  }

  pushWord(word: number, size: AccessSize, signed: boolean): void {
    this.words.push(word, size, signed);
  }

  setWord(word: number, size: AccessSize, point: Point): void {
    if (this.words.isPrivate(word)) this.#touch(word, point);
    this.words.set(word, size);
  }

  load(operand: MemoryOperand, push: () => void, size: AccessSize, signed: boolean, point: Point): void {
    const { code } = this.#out;
    const opcode = (signed ? LOAD_SIGNED : LOAD_UNSIGNED)[size];
    const record = this.segments.recordOf(operand);
    const alone = () => {
      const cache = this.segments.cache(operand, 'load');
      this.#access(
        cache,
        push,
        (offset) => {
          this.segments.pushLinear(cache!, offset);
          code.memory(opcode);
        },
        (address) => this.#loadSlowly(operand, cache, address, size, signed, point),
        true,
      );
    };
    if (record === null) alone();
    else {
      const fast = () => code.get(record.linear).memory(opcode, record.offsets.get(operand)!);
      code.get(record.linear).if(fast, alone, TYPE.i64);
    }
  }

  store(operand: MemoryOperand, push: () => void, size: AccessSize, value: number, point: Point): void {
    const { code } = this.#out;
    const { rules } = this.#unit;
    const record = this.segments.recordOf(operand);
    const alone = () => {
      const cache = this.segments.cache(operand, 'store');
      this.#access(
        cache,
        push,
        (offset) =>
          code.withLocal(TYPE.i32, (linear) => {
            this.segments.pushLinear(cache!, offset);
            code.tee(linear).get(value).memory(STORE[size]);
            markWritten(code, rules, linear, size);
          }),
        (address) => this.#storeSlowly(operand, cache, address, size, value, point),
        false,
      );
    };
    if (record === null) alone();
    else
      code.get(record.linear).if(() => {
        const offset = record.offsets.get(operand)!;
        code.get(record.linear).get(value).memory(STORE[size], offset);
        markFixed(code, rules, record.linear, offset, size);
      }, alone);
  }

  /** Calls out to execute a `newr`: memory is told of what is dirty, and tells what the instruction writes. */
  newr(point: Point, dirty: readonly number[]): void {
    const { code } = this.#out;
    this.words.flush(dirty);
    code.i32(this.#unit.newrs.push(point.pc) - 1).call(this.#unit.call('newr'));
    this.#heed(point);
    this.segments.forgetIfChanged();
    this.words.fill(this.words.meeting(this.#unit.layout.words.child, 8));
  }

  /** At the start of the function, written once all else has been: `words` are those to be filled. */
  prologue(words: Iterable<number>): void {
    this.words.fill(words);
    this.segments.fill();
    this.words.fillTouched();
  }

  /** By way of the segment where it holds the address that `push` pushes; else slowly. */
  #access(
    cache: Cache | null,
    push: () => void,
    fast: (offset: number) => void,
    slow: (address: number) => void,
    leavesValue: boolean,
  ): void {
    const { code } = this.#out;
    code.withLocal(TYPE.i64, (address) => {
      push();
      code.set(address);
      if (cache === null) {
        slow(address);
        return;
      }
      code.withLocal(TYPE.i64, (offset) => {
        this.segments.pushWithin(cache, address, offset);
        code.if(
          () => fast(offset),
          () => slow(address),
          leavesValue ? TYPE.i64 : null,
        );
      });
    });
  }

  #loadSlowly(
    operand: MemoryOperand,
    cache: Cache | null,
    address: number,
    size: AccessSize,
    signed: boolean,
    point: Point,
  ): void {
    const { code } = this.#out;
    const site = this.#site(point, 'load', size, operand, cache);
    if (cache !== null && point.miss !== null) {
      point.miss(site, address);
      return;
    }
    code.get(address).i32(site).call(this.#unit.call('load'));
    code.i32(0).memory(OP.i32_load, CONTROL.trapped);
    code.if(() => point.bail());
    this.segments.refresh(cache);
    this.words.extend(size, signed);
  }

  #storeSlowly(
    operand: MemoryOperand,
    cache: Cache | null,
    address: number,
    size: AccessSize,
    value: number,
    point: Point,
  ): void {
    const site = this.#site(point, 'store', size, operand, cache);
    if (cache !== null && point.miss !== null) {
      point.miss(site, address);
      return;
    }
    this.#out.code.get(address).i32(site).get(value).call(this.#unit.call('store'));
    this.#heed(point);
    this.segments.refresh(cache);
  }

  /** After a call out: leaves if it was refused, or if code has changed. Takes its result. */
  #heed(point: Point): void {
    const { code } = this.#out;
    code.withLocal(TYPE.i32, (result) => {
      code.tee(result).if(() => {
        code.get(result).i32(CALL_RESULT.refused).op(OP.i32_ne);
        code.if(() => point.leaveAfter());
        point.bail();
      });
    });
  }

  /** The private memory of a word counts as touched from here on. */
  #touch(word: number, point: Point): void {
    const { code } = this.#out;
    const touched = this.words.touchedLocal(word);
    code.get(touched).op(OP.i32_eqz);
    code.if(() => {
      if (point.miss !== null) {
        point.bail();
        return;
      }
      code.i32(this.#unit.touches.push(this.words.addressOf(word)) - 1).call(this.#unit.call('touch'));
      this.#heed(point);
      code.i32(1).set(touched);
    });
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
}
