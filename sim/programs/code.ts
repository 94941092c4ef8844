/** Instructions with labels, and their bytes once every label has its address. */

import { encode, encodedLength } from '../../src/isa/codec.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import type { MemoryOperand } from '../../src/isa/operands.ts';
import { at, build } from './build.ts';

/** The address of a label. */
export type Target = (label: string) => number;

type Item = { readonly label: string } | ((target: Target) => Instruction);

/** A line of a listing. */
export type Listed =
  | { readonly label: string }
  | { readonly address: number; readonly instruction: Instruction }
  | { readonly address: number; readonly words: readonly bigint[] };

export interface Linked {
  readonly bytes: Uint8Array;
  readonly target: Target;
  readonly listing: readonly Listed[];
}

export class Code {
  readonly #items: Item[] = [];
  #fresh = 0;

  emit(instruction: Instruction): void {
    this.#items.push(() => instruction);
  }

  /** An instruction that needs addresses of labels. */
  late(instruction: (target: Target) => Instruction): void {
    this.#items.push(instruction);
  }

  branch(head: string, label: string, ...sources: MemoryOperand[]): void {
    this.late((target) => build(head, ...sources, at(target(label))));
  }

  label(label: string): void {
    this.#items.push({ label });
  }

  /** A label that is nowhere else. */
  fresh(): string {
    this.#fresh += 1;
    return `l${this.#fresh}`;
  }

  /** The code at `base`. An instruction's length does not depend on the addresses in it. */
  link(base: number): Linked {
    const labels = new Map<string, number>();
    let next = base;
    for (const item of this.#items) {
      if ('label' in item) labels.set(item.label, next);
      else next += encodedLength(item(() => 0));
    }
    const target: Target = (label) => labels.get(label)!;
    const bytes: number[] = [];
    const listing = this.#items.map((item): Listed => {
      if ('label' in item) return item;
      const instruction = item(target);
      const address = base + bytes.length;
      bytes.push(...encode(instruction));
      return { address, instruction };
    });
    return { bytes: Uint8Array.from(bytes), target, listing };
  }
}
