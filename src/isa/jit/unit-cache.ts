/** Translates each piece of code once: units by the address that they can be entered at, whatever attempt needs them. */

import type { Layout } from '../layout.ts';
import type { Decoded } from '../port.ts';
import { RULES, type Rules } from './rules.ts';
import { translate } from './translate.ts';
import type { Unit } from './unit.ts';
import { Wasm, type WasmModule } from './web-assembly.ts';

/** A unit with its compiled module. */
export interface CompiledUnit {
  readonly unit: Unit;
  readonly module: WasmModule;
  readonly variant: string;
}

/** A unit that has been translated ahead of time. */
export type Seed = Pick<CompiledUnit, 'unit' | 'module'>;

/** A function of a unit, by which it can be entered. */
export interface UnitEntry {
  readonly compiled: CompiledUnit;
  /** Name of its export. */
  readonly name: string;
}

/** What distinguishes translations of the same code. */
export interface Variant {
  readonly tracked: boolean;
  readonly promote: boolean;
  readonly calls: boolean;
}

/** Translations of one address that are kept: more would be of a program that rewrites its code again and again. */
const KEPT = 8;

/** Addresses that can be entered: past so many all are forgotten, and what is still needed is translated again. */
const MOST_ENTRIES = 8192;

export class UnitCache {
  readonly rules: Rules;
  readonly #layout: Layout;
  readonly #entries = new Map<string, UnitEntry[]>();

  constructor(layout: Layout, rules: Rules = RULES) {
    this.#layout = layout;
    this.rules = rules;
  }

  /** The entries at `pc`, newest first; which of them is the code that lies there is for the asker to find out. */
  at(pc: number, variant: Variant): readonly UnitEntry[] {
    return this.#entries.get(keyOf(pc, nameOf(variant))) ?? [];
  }

  /** Translates the code at `pc`; null if there is none. */
  add(pc: number, variant: Variant, code: (pc: number) => Decoded | null): UnitEntry | null {
    const unit = translate(code, pc, this.#layout, { ...variant, rules: this.rules });
    if (unit === null) return null;
    // Its first function is the one at `pc`.
    return this.#keep({ unit, module: new Wasm.Module(unit.module), variant: nameOf(variant) })[0]!;
  }

  /** Takes in a unit that has been translated elsewhere, by this translator. */
  seed(seed: Seed): void {
    this.#keep({ ...seed, variant: nameOf({ tracked: false, promote: true, calls: true }) });
  }

  #keep(compiled: CompiledUnit): UnitEntry[] {
    if (this.#entries.size > MOST_ENTRIES) this.#entries.clear();
    return compiled.unit.functions.map(({ pc, name }) => {
      const entry: UnitEntry = { compiled, name };
      const key = keyOf(pc, compiled.variant);
      this.#entries.set(key, [entry, ...(this.#entries.get(key) ?? [])].slice(0, KEPT));
      return entry;
    });
  }
}

function nameOf({ tracked, promote, calls }: Variant): string {
  return `${tracked ? 'tracked' : ''} ${promote ? 'promote' : ''} ${calls ? 'calls' : ''}`;
}

function keyOf(pc: number, variant: string): string {
  return `${pc} ${variant}`;
}
