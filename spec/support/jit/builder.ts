/** Draws a program line by line over one ground, with the places that the program keeps its things in. */

import { at, build, imm } from '../../../sim/programs/build.ts';
import type { ValueType } from '../../../src/isa/value-type.ts';
import type { DraftInstruction, DraftOperand, Label, Line, Word } from './draft.ts';
import type { Ground } from './ground.ts';
import type { Random } from './random.ts';
import { sizeOf } from './values.ts';

/** A pointer that the program keeps: where it lies and what it points to. */
export interface Pointer {
  /** Address of the pointer word. */
  readonly word: number;
  readonly target: number;
  /** How much less than the target the word holds: the displacement that leads there. */
  readonly far: number;
  /** The area that it points into. */
  readonly base: number;
  readonly length: number;
  readonly writable: boolean;
}

export class Builder {
  readonly random: Random;
  readonly ground: Ground;
  /** Instructions executed that the program should not exceed by much. */
  readonly budget: number;
  readonly lines: Line[] = [];
  /** Words of the image: tables, control blocks. */
  readonly words: Word[] = [];
  readonly pointers: Pointer[] = [];
  /** Functions that are called somewhere and not yet written. */
  readonly pending: (() => void)[] = [];
  /** How often the code at this place is executed, about. */
  weight = 1;
  /** How many instructions are executed in all, about. */
  spent = 0;
  readonly #registers: readonly number[];
  #labels: Label[] = [];
  #nextLabel = 0;
  #nextData: number;
  #nextPlace = 16;

  constructor(random: Random, ground: Ground) {
    this.random = random;
    this.ground = ground;
    this.budget = random.below(250) === 0 ? 100_000 : 6_000;
    this.#nextData = ground.data.base + 64;
    const registers = Array.from({ length: 64 }, (_, i) => i);
    for (let i = 63; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [registers[i], registers[j]] = [registers[j]!, registers[i]!];
    }
    this.#registers = registers.map((i) => ground.layout.registers + 8 * i);
  }

  /** A register for values: anything may be in it. */
  value(): number {
    return this.#registers[this.random.below(8)]!;
  }

  /** A register for floats; others may be there, too. */
  float(): number {
    return this.#registers[8 + this.random.below(2)]!;
  }

  /** A register that only its owner writes. */
  own(): number {
    const place = this.#registers[this.#nextPlace % 64]!;
    this.#nextPlace = this.#nextPlace === 63 ? 16 : this.#nextPlace + 1;
    return place;
  }

  /** A direct address of the pool of private words, so that an access of the type lies in it. */
  privateWord(type: ValueType): number {
    const { base, length } = this.ground.pool;
    const offset = this.random.chance(75) ? 8 * this.random.below(6) : this.random.below(56);
    return base + Math.min(offset, length - sizeOf(type));
  }

  newLabel(): Label {
    return this.#nextLabel++;
  }

  /** The label is the place of the next line. */
  here(label: Label = this.newLabel()): Label {
    this.#labels.push(label);
    return label;
  }

  emit(head: string, ...operands: readonly DraftOperand[]): void {
    this.push(build(head, ...operands));
  }

  push(code: DraftInstruction | Uint8Array): void {
    this.lines.push({ labels: this.#labels, code });
    this.#labels = [];
    this.spent += this.weight;
  }

  /** Sets a word of the machine to a value. */
  set(place: number, value: number | bigint, label?: Label): void {
    this.emit('mov', labelled(imm(value), label), at(place));
  }

  /** Room among the assembled bytes for some words of the image; null once it is used up. */
  table(words: readonly { readonly bits: bigint; readonly label?: Label }[]): number | null {
    const { data } = this.ground;
    const base = this.#nextData;
    if (base + 8 * words.length > data.base + data.length) return null;
    this.#nextData += 8 * words.length;
    words.forEach((word, i) => {
      this.words.push({ ...word, address: base + 8 * i });
    });
    return base;
  }
}

/** `operand`, relative to a label's place. */
export function labelled<O extends DraftOperand>(operand: O, label: Label | undefined): DraftOperand {
  return label === undefined ? operand : { ...operand, label };
}

/** The place of a label as a branch target. */
export function to(label: Label, offset = 0): DraftOperand {
  return { ...at(offset), label };
}
