/**
 * Several iterations of a counted loop in one go, again and again, while all of them are sure to be run:
 *
 *     block $slow
 *       loop $fast
 *         what is left pays for them, the counter is far enough from its bound, and each group of
 *         accesses lies in its segment; else br $slow
 *         the iterations, without a look at anything
 *         br $fast
 *
 * What remains of the loop, and whatever is not so simple, is for the ordinary code behind it.
 */

import { stepOf } from './accesses.ts';
import type { CodeWriter, Label } from './code.ts';
import type { CountedLoop, Group } from './counted-loop.ts';
import { GoStorage, type PlacedGroup } from './go-storage.ts';
import type { Block, Placed } from './graph.ts';
import { emitStraight } from './instruction.ts';
import type { Rules } from './rules.ts';
import type { Point, Storage } from './storage.ts';
import { OP, type Opcode, TYPE } from './wasm.ts';
import type { WordAt } from './words.ts';

export class GoEmitter {
  readonly #code: CodeWriter;
  readonly #storage: Storage;
  readonly #rules: Rules;
  readonly #wordAt: WordAt;
  readonly #loop: CountedLoop;

  constructor(code: CodeWriter, storage: Storage, rules: Rules, wordAt: WordAt, loop: CountedLoop) {
    this.#code = code;
    this.#storage = storage;
    this.#rules = rules;
    this.#wordAt = wordAt;
    this.#loop = loop;
  }

  /** `left` and `credit` as at the block's start; `pointAt` leaves at an instruction before which so many of the block's have been executed. */
  emit(
    block: Block,
    left: number,
    credit: number,
    pointAt: (placed: Placed, executed: number) => Point,
  ): void {
    const code = this.#code;
    const { times, mayLeave } = this.#loop;
    const count = block.instructions.length;
    code.block((slow) => {
      code.loop((fast) => {
        code
          .get(left)
          .i64(times * count - credit)
          .op(OP.i64_lt_s)
          .brIf(slow);
        this.#mustCount(slow);
        for (const word of this.#loop.touched) {
          code.get(this.#storage.words.touchedLocal(word)).op(OP.i32_eqz).brIf(slow);
        }
        const groups = this.#loop.groups.map((group) => this.#place(group, slow));
        const storage = new GoStorage(code, this.#storage, this.#wordAt, groups, mayLeave);
        for (let time = 0; time < times; time++)
          block.instructions.slice(0, -1).forEach((placed, i) => {
            // A jump to a fixed address, which the loop's test stands behind.
            if (placed.instruction.mnemonic === 'br') return;
            const point = pointAt(placed, time * count + i);
            emitStraight({ code, storage, rules: this.#rules }, placed.instruction, point);
            const step = stepOf(placed.instruction, this.#wordAt);
            if (step !== null) storage.move(step.word, step.step);
          });
        storage.mark();
        code
          .get(left)
          .i64(this.#rules.charge(times * count))
          .op(OP.i64_sub)
          .set(left)
          .br(fast);
      });
    });
  }

  /** Goes to `slow` unless the branch back is taken after each of the iterations. */
  #mustCount(slow: Label): void {
    const code = this.#code;
    const { counter, step, comparison, signed, times } = this.#loop;
    const up = step > 0;
    const counted = () => code.get(this.#storage.words.localOf(counter));
    if (comparison !== 'ne') {
      // Without this, a distance would be that of a counter beyond its bound.
      counted();
      this.#pushBound();
      code.op(BEFORE[up ? 'up' : 'down'][signed ? 'signed' : 'unsigned'], OP.i32_eqz).brIf(slow);
    }
    if (up) {
      this.#pushBound();
      counted();
    } else {
      counted();
      this.#pushBound();
    }
    code.op(OP.i64_sub);
    // With `le` and `ge` the bound itself may be reached.
    const distance = Math.abs(step) * (times - this.#rules.uncheckedIterations);
    code
      .i64(distance)
      .op(comparison === 'le' || comparison === 'ge' ? OP.i64_lt_u : OP.i64_le_u)
      .brIf(slow);
  }

  #pushBound(): void {
    const { bound } = this.#loop;
    if ('word' in bound) this.#code.get(this.#storage.words.localOf(bound.word));
    else this.#code.i64(bound.value);
  }

  /** Goes to `slow` unless all of the group lies in its segment; else a local says where. */
  #place(group: Group, slow: Label): PlacedGroup {
    const code = this.#code;
    const { operand, from, to, access } = group;
    const { segments } = this.#storage;
    const cache = segments.cache(operand, access);
    const linear = code.local(TYPE.i32);
    if (cache === null) {
      code.br(slow);
      return { group, linear, stored: new Set() };
    }
    code.withLocal(TYPE.i64, (offset) => {
      segments.pushAllWithin(cache, operand, from, to, offset);
      code.op(OP.i32_eqz).brIf(slow);
      segments.pushLinear(cache, offset);
      code.set(linear);
    });
    if (access === 'store') code.get(linear).i32(7).op(OP.i32_and).brIf(slow);
    return { group, linear, stored: new Set() };
  }
}

/** Whether a counter has not passed its bound. */
const BEFORE: Readonly<Record<'up' | 'down', Readonly<Record<'signed' | 'unsigned', Opcode>>>> = {
  up: { signed: OP.i64_le_s, unsigned: OP.i64_le_u },
  down: { signed: OP.i64_ge_s, unsigned: OP.i64_ge_u },
};
