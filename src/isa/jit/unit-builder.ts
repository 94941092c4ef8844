/** Collects what the functions of a unit share: imports, exits, sites, segments, frames. */

import type { Layout } from '../layout.ts';
import type { Rules } from './rules.ts';
import type { Site, UnitExit } from './unit.ts';
import { type FunctionType, type Import, TYPE } from './wasm.ts';

/** Calls out of translated code, in the order of their function indices. */
export const CALLS = {
  /** (address, site): the bits; the control word `trapped` tells whether there are any. */
  load: { parameters: [TYPE.i64, TYPE.i32], results: [TYPE.i64] },
  /** (address, site, bits): one of `CALL_RESULT`. */
  store: { parameters: [TYPE.i64, TYPE.i32, TYPE.i64], results: [TYPE.i32] },
  /** (place among the unit's): executes the `newr` there; one of `CALL_RESULT`. */
  newr: { parameters: [TYPE.i32], results: [TYPE.i32] },
  /** (place among the unit's): the private word counts as touched; one of `CALL_RESULT`. */
  touch: { parameters: [TYPE.i32], results: [TYPE.i32] },
} as const satisfies Record<string, FunctionType>;

/** Segments of one unit: a third of what there is room for in linear memory. */
const MOST_CACHES = 800;

export type Call = keyof typeof CALLS;

const CALL_NAMES = Object.keys(CALLS) as readonly Call[];

/** What a call out of translated code says. */
export const CALL_RESULT = {
  done: 0,
  /** Nothing has happened; the interpreter has to look at the instruction. */
  refused: 1,
  /** Done, and code that may be executed has changed. */
  codeChanged: 2,
} as const;

/** Of functions of translated code: (address that the caller expects to be returned to, depth) to an exit's index. */
export const REGION_TYPE: FunctionType = { parameters: [TYPE.i64, TYPE.i32], results: [TYPE.i32] };

export class UnitBuilder {
  readonly layout: Layout;
  readonly rules: Rules;
  readonly exits: UnitExit[] = [{ kind: 'returned', adjust: 0 }];
  readonly sites: Site[] = [];
  /** Addresses of `newr` instructions. */
  readonly newrs: number[] = [];
  /** Addresses of private words that may be touched for the first time, place by place. */
  readonly touches: number[] = [];
  readonly frames: number[] = [];
  readonly blocks: { base: number; length: number }[] = [];
  readonly tracked: boolean;
  #caches = 0;
  readonly #functions: ReadonlyMap<number, number>;

  /** `functions`: the addresses that the unit's functions start at, each with its place. */
  constructor(layout: Layout, rules: Rules, tracked: boolean, functions: ReadonlyMap<number, number>) {
    this.layout = layout;
    this.rules = rules;
    this.tracked = tracked;
    this.#functions = functions;
  }

  exit(exit: UnitExit): number {
    return this.exits.push(exit) - 1;
  }

  site(site: Site): number {
    return this.sites.push(site) - 1;
  }

  /** How many segments its sites share. */
  get caches(): number {
    return this.#caches;
  }

  /** Room for one more segment; null if there is none. */
  cache(): number | null {
    return this.#caches === MOST_CACHES ? null : this.#caches++;
  }

  call(name: Call): number {
    return CALL_NAMES.indexOf(name);
  }

  /** Index of the function that starts at `pc`; undefined if the unit has none. */
  functionAt(pc: number): number | undefined {
    const place = this.#functions.get(pc);
    return place === undefined ? undefined : CALL_NAMES.length + place;
  }

  /** Index of the global that says where the unit's segments lie. */
  get cachesGlobal(): number {
    return 0;
  }

  /** Index of the global that says where a frame of private memory lies. */
  frameGlobal(frame: number): number {
    const known = this.frames.indexOf(frame);
    return 1 + (known >= 0 ? known : this.frames.push(frame) - 1);
  }

  imports(): Import[] {
    return [
      { name: 'memory', kind: 'memory' },
      ...CALL_NAMES.map((name): Import => ({ name, kind: 'function', type: CALLS[name] })),
      { name: 'caches', kind: 'global' },
      ...this.frames.map((_, i): Import => ({ name: `f${i}`, kind: 'global' })),
    ];
  }
}
