/**
 * One attempt on its way from its first instruction to its end, wherever it is executed: in the RComp itself, in a
 * thread, or in the simulator.
 */

import { type Cpu, interpret, type Stop } from '../isa/interpreter.ts';
import type { PagePatch } from '../memory/patch.ts';
import { end, type Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import { Compartment } from './compartment.ts';
import type { MachineConfig } from './config.ts';
import type { ControlBlock } from './control-block.ts';
import type { Outcome, Output, SnapshotPage } from './protocol.ts';
import type { Terrain } from './terrain.ts';
import type { ObservedLoad } from './trace-event.ts';

/** How far it has come: not to its end, not without these pages, or to its end. */
export type Progress =
  | { readonly type: 'going' }
  | { readonly type: 'needs'; readonly pages: readonly number[] }
  | Outcome;

/** The memory of one attempt, as far as whoever executes it has to do with it. */
export interface AttemptMemory {
  /** Pages that the last pause waits for. */
  readonly missing: readonly number[];
  /** Every load, in order, if the machine observes them. */
  readonly loads: readonly ObservedLoad[];
  readonly output: readonly Output[];
  holds(page: number): boolean;
  provide(pages: readonly SnapshotPage[]): void;
  /** What it has written within its heap ranges. */
  patches(): PagePatch[];
  newborns(): readonly ControlBlock[];
  validatedReads(): readonly Range[];
}

/** A way to execute: memories for attempts, and what runs on them. */
export interface Engine<M extends AttemptMemory = AttemptMemory> {
  open(control: ControlBlock, sv: Version): M;
  /** As `interpret`. */
  run(cpu: Cpu, memory: M, budget: number, fuel: number): Stop;
  /** Ends the use of a memory that it has opened. */
  close(memory: M): void;
  /** Instructions executed by translated code so far. */
  readonly translated: number;
}

/** The meaning: what every other engine is measured against. */
export function interpreterEngine(config: MachineConfig, terrain: Terrain): Engine<Compartment> {
  return {
    open: (control, sv) => new Compartment(config, terrain, control, sv),
    run: interpret,
    close: () => {},
    translated: 0,
  };
}

/**
 * Pages asked for ahead of a missing one, within the range that it lies in; twice as many for whoever reads on, or keeps
 * missing pages of a range that is not so large: most of it will be wanted.
 */
const FIRST_AHEAD = 7;
const MOST_AHEAD = 511;
const LARGE = 2 ** 16;
const MOST_AHEAD_IN_SMALL = 4095;

export class Execution<M extends AttemptMemory = AttemptMemory> {
  readonly memory: M;
  readonly control: ControlBlock;
  readonly cpu: Cpu;
  /** Instructions executed by translated code so far. */
  translated = 0;
  readonly #engine: Engine<M>;
  readonly #config: MachineConfig;
  /** Where the pages that were last asked for end, in which range, and how many were asked for ahead. */
  #asked = -1;
  #range: Range | null = null;
  #ahead = FIRST_AHEAD;

  constructor(engine: Engine<M>, config: MachineConfig, control: ControlBlock, sv: Version) {
    this.#engine = engine;
    this.#config = config;
    this.control = control;
    this.memory = engine.open(control, sv);
    this.cpu = { pc: control.fi, executed: 0 };
  }

  provide(pages: readonly SnapshotPage[]): void {
    this.memory.provide(pages);
  }

  /** Executes `budget` instructions at the most. */
  run(budget: number): Progress {
    const before = this.#engine.translated;
    const stop = this.#engine.run(this.cpu, this.memory, budget, this.#config.fuel);
    this.translated += this.#engine.translated - before;
    return this.progressOf(stop);
  }

  /** Ends it: its memory is of no use any more. */
  close(): void {
    this.#engine.close(this.memory);
  }

  /** What it means that the engine has come back so. */
  progressOf(stop: Stop): Progress {
    const { memory, cpu } = this;
    switch (stop.kind) {
      case 'budget':
        return GOING;
      case 'paused':
        return { type: 'needs', pages: this.needs() };
      case 'fault':
        return { type: 'fault', fault: stop.fault, executed: cpu.executed };
      case 'exit':
        if (!stop.commit) return { type: 'abort', detach: stop.detach, executed: cpu.executed };
        return {
          type: 'commit',
          patches: memory.patches(),
          reads: memory.validatedReads(),
          children: memory.newborns(),
          output: memory.output,
          detach: stop.detach,
          executed: cpu.executed,
        };
    }
  }

  /** The missing pages, and those that a sequential reader will miss next. */
  needs(): number[] {
    const { pageSize } = this.#config;
    const pages = [...this.memory.missing];
    const last = pages[pages.length - 1]!;
    const range = this.#rangeAt(last * pageSize);
    const isSmall = range !== null && range.length <= LARGE * pageSize;
    const goesOn = pages[0] === this.#asked || (isSmall && range === this.#range);
    const most = isSmall ? MOST_AHEAD_IN_SMALL : MOST_AHEAD;
    this.#ahead = goesOn ? Math.min(2 * this.#ahead + 1, most) : FIRST_AHEAD;
    this.#asked = last + 1;
    this.#range = range;
    if (range === null) return pages;
    const stop = Math.min(last + this.#ahead, Math.floor((end(range) - 1) / pageSize));
    for (let page = last + 1; page <= stop; page++) if (!this.memory.holds(page)) pages.push(page);
    this.#asked = stop + 1;
    return pages;
  }

  #rangeAt(address: number): Range | null {
    const holds = (range: Range) => range.base <= address && address < end(range);
    return this.control.heap.find(holds) ?? this.control.watched.find(holds) ?? null;
  }
}

const GOING: Progress = { type: 'going' };
