/**
 * Where values are while several iterations of a counted loop run in one go: as ever, but for memory, which is accessed
 * without a look: each group of accesses has been compared with its segment beforehand.
 */

import type { MemoryOperand } from '../operands.ts';
import type { AccessSize } from '../value-type.ts';
import { LOAD_SIGNED, LOAD_UNSIGNED, STORE } from './access-opcodes.ts';
import { keyOf, offsetOf } from './accesses.ts';
import type { CodeWriter } from './code.ts';
import type { Group } from './counted-loop.ts';
import type { Access } from './linear-port.ts';
import type { OperandStorage, Point, Storage } from './storage.ts';
import { OP } from './wasm.ts';
import type { WordAt } from './words.ts';

/** A group, and the local that holds the linear address of its lowest byte, a multiple of 8 for stores. */
export interface PlacedGroup {
  readonly group: Group;
  readonly linear: number;
  /** Which of its bytes have been stored: those not yet marked in the written map. */
  readonly stored: Set<number>;
}

export class GoStorage implements OperandStorage {
  readonly #code: CodeWriter;
  readonly #storage: Storage;
  readonly #wordAt: WordAt;
  readonly #groups: ReadonlyMap<string, PlacedGroup>;
  readonly #moved = new Map<number, number>();
  readonly #marksAtOnce: boolean;

  /** `marksAtOnce`: the written map is right after each store, not only at the end. */
  constructor(
    code: CodeWriter,
    storage: Storage,
    wordAt: WordAt,
    groups: readonly PlacedGroup[],
    marksAtOnce: boolean,
  ) {
    this.#code = code;
    this.#storage = storage;
    this.#wordAt = wordAt;
    this.#groups = new Map(groups.map((one) => [keyOf(one.group.access, one.group.operand), one]));
    this.#marksAtOnce = marksAtOnce;
  }

  /** A word has moved on by a step of its own. */
  move(word: number, step: number): void {
    this.#moved.set(word, (this.#moved.get(word) ?? 0) + step);
  }

  wordAt(address: number): number | undefined {
    return this.#storage.wordAt(address);
  }

  pushWord(word: number, size: AccessSize, signed: boolean): void {
    this.#storage.pushWord(word, size, signed);
  }

  setWord(word: number, size: AccessSize, _point: Point): void {
    this.#storage.words.set(word, size);
  }

  load(operand: MemoryOperand, push: () => void, size: AccessSize, signed: boolean, point: Point): void {
    const found = this.#find('load', operand);
    if (found === null) {
      this.#storage.load(operand, push, size, signed, point);
      return;
    }
    const [{ linear }, offset] = found;
    this.#code.get(linear).memory((signed ? LOAD_SIGNED : LOAD_UNSIGNED)[size], offset);
  }

  store(operand: MemoryOperand, push: () => void, size: AccessSize, value: number, point: Point): void {
    const found = this.#find('store', operand);
    if (found === null) {
      this.#storage.store(operand, push, size, value, point);
      return;
    }
    const [group, offset] = found;
    this.#code.get(group.linear).get(value).memory(STORE[size], offset);
    for (let i = 0; i < size; i++) group.stored.add(offset + i);
    if (this.#marksAtOnce) this.#mark(group);
  }

  /** Marks in the written map what has been stored. */
  mark(): void {
    for (const group of this.#groups.values()) this.#mark(group);
  }

  #mark({ linear, stored }: PlacedGroup): void {
    if (stored.size === 0) return;
    const code = this.#code;
    const bytes = new Map<number, number>();
    for (const offset of stored) bytes.set(offset >> 3, (bytes.get(offset >> 3) ?? 0) | (1 << (offset & 7)));
    stored.clear();
    const place = () => code.get(linear).i32(3).op(OP.i32_shr_u);
    const places = [...bytes.keys()].sort((a, b) => a - b);
    for (let i = 0; i < places.length; ) {
      const at = places[i]!;
      let full = 0;
      while (full < 8 && bytes.get(at + full) === 0xff) full += 1;
      if (full === 8) {
        place();
        code.i64(-1).memory(OP.i64_store, at);
        i += 8;
      } else if (full >= 4) {
        place();
        code.i64(-1).memory(OP.i64_store32, at);
        i += 4;
      } else if (full >= 1) {
        place();
        code.i32(-1).memory(OP.i32_store8, at);
        i += 1;
      } else {
        place();
        place();
        code.memory(OP.i32_load8_u, at).i32(bytes.get(at)!).op(OP.i32_or).memory(OP.i32_store8, at);
        i += 1;
      }
    }
  }

  /** Where an access lies, if it is of a group. */
  #find(access: Access, operand: MemoryOperand): [PlacedGroup, offset: number] | null {
    const group = this.#groups.get(keyOf(access, operand));
    if (group === undefined) return null;
    const offset = offsetOf(operand, this.#wordAt, (word) => this.#moved.get(word) ?? 0)!;
    return [group, offset - group.group.from];
  }
}
