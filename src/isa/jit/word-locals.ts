/** The words of a function in its locals: register words, and private words that nothing else overlaps. */

import type { AccessSize } from '../value-type.ts';
import { EXTEND, LOAD_UNSIGNED, STORE } from './access-opcodes.ts';
import type { Output } from './code.ts';
import { FRAME_BYTES, REGISTERS_AT, TOUCHED_AT, TOUCHED_SHIFT } from './linear-layout.ts';
import type { UnitBuilder } from './unit-builder.ts';
import { OP, TYPE } from './wasm.ts';
import { TOUCHED, type Word, type WordAt } from './words.ts';

export class WordLocals {
  readonly #out: Output;
  readonly #unit: UnitBuilder;
  readonly #words: readonly Word[];
  readonly #wordAt: WordAt;
  readonly #locals: readonly number[];
  /** Locals that tell whether private memory counts as touched, by its number. */
  readonly #touched = new Map<number, number>();

  constructor(out: Output, unit: UnitBuilder, words: readonly Word[], wordAt: WordAt) {
    this.#out = out;
    this.#unit = unit;
    this.#words = words;
    this.#wordAt = wordAt;
    this.#locals = words.map(() => out.code.local(TYPE.i64));
  }

  /** The word that lives in a local and starts at `address`. */
  at(address: number): number | undefined {
    return this.#wordAt.get(address);
  }

  /** Words that hold any of the `length` bytes at `address`. */
  meeting(address: number, length: number): number[] {
    return this.#words.flatMap((word, i) =>
      word.address < address + length && address < word.address + word.bytes ? [i] : [],
    );
  }

  localOf(word: number): number {
    return this.#locals[word]!;
  }

  isPrivate(word: number): boolean {
    return this.#words[word]!.register === null;
  }

  addressOf(word: number): number {
    return this.#words[word]!.address;
  }

  /** Pushes the low `size` bytes of a word, extended to 64 bits. */
  push(word: number, size: AccessSize, signed: boolean): void {
    this.#out.code.get(this.#locals[word]!);
    if (size < this.#words[word]!.bytes || (signed && size < 8)) this.extend(size, signed);
  }

  /** Extends the low `size` bytes of the value on the stack. */
  extend(size: AccessSize, signed: boolean): void {
    if (size === 8) return;
    if (signed) this.#out.code.op(EXTEND[size]);
    else this.#out.code.i64(2n ** BigInt(8 * size) - 1n).op(OP.i64_and);
  }

  /** Takes a value: its low `size` bytes become those of the word, whose private memory counts as touched. */
  set(word: number, size: AccessSize): void {
    const { code } = this.#out;
    const { bytes } = this.#words[word]!;
    if (size < 8) this.extend(size, false);
    if (size < bytes) {
      code.get(this.#locals[word]!).i64(-(2n ** BigInt(8 * size)));
      code.op(OP.i64_and, OP.i64_or);
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
      this.#out.code.get(this.#locals[word]!).memory(STORE[bytes], offset);
    }
  }

  /** Fills the locals of words from memory. */
  fill(words: Iterable<number>): void {
    for (const word of words) {
      const { bytes } = this.#words[word]!;
      const offset = this.#pushPlace(word);
      this.#out.code.memory(LOAD_UNSIGNED[bytes], offset).set(this.#locals[word]!);
    }
  }

  /** The local that tells whether the private memory of a word counts as touched. */
  touchedLocal(word: number): number {
    const number = Math.floor(this.#words[word]!.address / TOUCHED);
    const local = this.#touched.get(number) ?? this.#out.code.local(TYPE.i32);
    this.#touched.set(number, local);
    return local;
  }

  /** At the start of the function: what counts as touched by then. */
  fillTouched(): void {
    const { code } = this.#out;
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
  }

  /** Pushes the place of a word in memory; returns the offset that goes with it. */
  #pushPlace(word: number): number {
    const { address, register } = this.#words[word]!;
    if (register !== null) {
      this.#out.code.i32(0);
      return REGISTERS_AT + 8 * register;
    }
    this.#out.code.global(this.#unit.frameGlobal(Math.floor(address / FRAME_BYTES)));
    return address % FRAME_BYTES;
  }
}
