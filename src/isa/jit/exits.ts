/** The ways out of a function of translated code: what is written back there stands once for all that write back the same. */

import type { CodeWriter, Output } from './code.ts';
import { CONTROL } from './linear-layout.ts';
import type { UnitExit } from './unit.ts';
import type { UnitBuilder } from './unit-builder.ts';
import { OP, TYPE } from './wasm.ts';
import type { WordLocals } from './word-locals.ts';

export class Exits {
  readonly #out: Output;
  readonly #unit: UnitBuilder;
  readonly #words: WordLocals;
  readonly #left: number;
  /** By which exit the function is left. */
  readonly #status: number;
  /** The words that are written back at each end of the function. */
  readonly #tails: (readonly number[])[] = [];
  readonly #tailOf = new Map<readonly number[], number>();

  /** `left`: the local that counts what is left of the instructions granted. */
  constructor(out: Output, unit: UnitBuilder, words: WordLocals, left: number) {
    this.#out = out;
    this.#unit = unit;
    this.#words = words;
    this.#left = left;
    this.#status = out.code.local(TYPE.i32);
  }

  /** Leaves, writing back what is dirty. */
  leave(exit: UnitExit, dirty: readonly number[]): void {
    let tail = this.#tailOf.get(dirty);
    if (tail === undefined) {
      const name = dirty.join();
      tail = this.#tails.findIndex((other) => other.join() === name);
      if (tail < 0) tail = this.#tails.push(dirty) - 1;
      this.#tailOf.set(dirty, tail);
    }
    this.#out.code.i32(this.#unit.exit(exit)).set(this.#status).brOut(tail);
  }

  /** Takes what a callee has returned; leaves as it did unless it came back as a call does. */
  passOn(): void {
    const { code } = this.#out;
    code.tee(this.#status).if(() => code.get(this.#status).op(OP.return));
  }

  /** Appends the function's body, and behind it what is done where it is left. */
  enclose(whole: CodeWriter): void {
    // The first tail is the innermost: more may come while code is emitted, and change no distance.
    for (const _ of this.#tails) whole.open();
    whole.append(this.#out.code).op(OP.unreachable);
    for (const words of this.#tails) {
      whole.op(OP.end);
      this.#out.into(whole, () => this.#words.flush(words));
      whole.i32(0).get(this.#left).memory(OP.i64_store, CONTROL.left).get(this.#status).op(OP.return);
    }
    whole.op(OP.unreachable);
  }
}
