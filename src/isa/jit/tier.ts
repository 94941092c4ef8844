/**
 * Executes a runner by translated code, and by the interpreter where that has to say what happens: both over the same
 * memory, so that either can go on where the other stopped.
 */

import { invariant } from '../../invariant.ts';
import { type Cpu, interpret, type Stop } from '../interpreter.ts';
import { ADDRESS_LIMIT } from '../layout.ts';
import { PauseTrap } from '../port.ts';
import type { FetchMissing } from './calls.ts';
import { Instances, type Loaded } from './instances.ts';
import { CONTROL, FLAGS_AT } from './linear-layout.ts';
import type { LinearPort } from './linear-port.ts';
import { Segments } from './segments.ts';
import type { UnitExit } from './unit.ts';
import type { CompiledUnit, UnitCache, UnitEntry, Variant } from './unit-cache.ts';
import { Wasm, type WasmMemory } from './web-assembly.ts';

/**
 * Instructions between two returns of translated code. A loop that is entered once would stay in the host's baseline
 * code for ever; entered anew, it runs as optimised as it is by then.
 */
const QUANTUM = 2 ** 20;
const FIRST_QUANTUM = 2 ** 15;

/** Pointers into private words that live in locals, after which a unit is translated without such. */
const ALIASES_TOLERATED = 64;

/** Misses in loops, after which a unit is translated so that it calls out in loops, too. */
const MISSES_TOLERATED = 256;

/** Places that are remembered as hot. */
const MOST_HOT = 4096;

/** Instructions that are interpreted after a miss until the loop's next iteration begins. */
const LONGEST_ITERATION = 300;

export interface TierStats {
  /** Instructions that translated code has executed. */
  translated: number;
  /** Instructions that the interpreter has executed. */
  interpreted: number;
}

/** A function that the attempt may enter. */
interface Entry {
  readonly loaded: Loaded;
  readonly run: () => number;
  /** The same, suspended while pages are fetched; null where nobody asked for it. */
  readonly runSuspended: (() => Promise<number>) | null;
}

/** What the driver asks of whoever runs it. */
type Request = Entry | 'fetch';

export class Tier {
  readonly stats: TierStats = { translated: 0, interpreted: 0 };
  readonly #cache: UnitCache;
  readonly #segments: Segments;
  readonly #fetchMissing: FetchMissing | null;
  readonly #tick: () => void;
  readonly #instances: Instances;
  /** Functions whose private words do not live in locals. */
  readonly #plain = new Set<number>();
  /** Where loops have run for a while: entered anew there, they leave instead of calling out. */
  readonly #hot = new Set<number>();
  /** Where that did not pay. */
  readonly #calling = new Set<number>();
  #port: LinearPort | null = null;
  #codeEpoch = 0;
  /** What the attempt may enter: the code that lies there has been compared. */
  readonly #entries = new Map<number, Entry>();
  readonly #trusted = new Set<CompiledUnit>();
  /** Units that lack code which this attempt has come to. */
  readonly #outgrown = new Set<CompiledUnit>();
  #quantum = FIRST_QUANTUM;

  /**
   * `memory`: what all ports lie in that it will run on. A `fetchMissing` that suspends needs `runSuspended`, and a host
   * that has `WebAssembly.Suspending`. `tick` is called every few milliseconds at the latest, whatever is executed; what
   * it throws ends the run.
   */
  constructor(
    memory: WasmMemory,
    cache: UnitCache,
    fetchMissing: FetchMissing | null = null,
    tick: () => void = () => {},
  ) {
    this.#tick = tick;
    this.#cache = cache;
    this.#segments = Segments.of(memory);
    this.#fetchMissing = fetchMissing;
    const world = {
      port: () => this.#port!,
      rules: cache.rules,
      segments: this.#segments,
      fetchMissing,
      tick,
    };
    this.#instances = new Instances(memory, world, {
      aliased: (loaded) => {
        loaded.aliases += 1;
        if (loaded.aliases === ALIASES_TOLERATED) this.#retranslate(loaded, this.#plain);
      },
      unloaded: () => this.#entries.clear(),
    });
  }

  /**
   * As `interpret`: executes up to `budget` instructions from `cpu.pc`, and none once `fuel` have been executed in
   * all. May come back with less than the budget executed, but for at least one instruction.
   */
  run(cpu: Cpu, port: LinearPort, budget: number, fuel: number): Stop {
    const drive = this.#drive(cpu, port, budget, fuel);
    let step = drive.next(0);
    while (!step.done) {
      if (step.value === 'fetch') this.#fetchMissing!.fetch(port);
      step = drive.next(step.value === 'fetch' ? 0 : step.value.run());
    }
    return step.value;
  }

  /** As `run`, by way of JSPI: WebAssembly is suspended while missing pages are fetched. */
  async runSuspended(cpu: Cpu, port: LinearPort, budget: number, fuel: number): Promise<Stop> {
    const drive = this.#drive(cpu, port, budget, fuel);
    let step = drive.next(0);
    while (!step.done) {
      if (step.value === 'fetch') await this.#fetchMissing!.fetch(port);
      step = drive.next(step.value === 'fetch' ? 0 : await step.value.runSuspended!());
    }
    return step.value;
  }

  /** Asks for each entry to be run, and to be told by which exit it was left; and for missing pages. */
  *#drive(cpu: Cpu, port: LinearPort, budget: number, fuel: number): Generator<Request, Stop, number> {
    if (port !== this.#port) this.#begin(port);
    const start = cpu.executed;
    for (;;) {
      const stop = yield* this.#advance(cpu, start, budget, fuel);
      if (stop?.kind === 'paused' && this.#fetchMissing !== null) yield 'fetch';
      else if (stop !== null) return stop;
    }
  }

  /** Goes on by one entry of translated code, or where there is none by one instruction; null: and there is more to do. */
  *#advance(cpu: Cpu, start: number, budget: number, fuel: number): Generator<Request, Stop | null, number> {
    const byBudget = budget - (cpu.executed - start);
    const byFuel = fuel - cpu.executed;
    if (byBudget <= 0) return BUDGET;
    this.#tick();
    let entry: Entry | null = null;
    try {
      if (byFuel > 0) entry = this.#entryAt(cpu.pc);
    } catch (trap) {
      if (trap instanceof PauseTrap) return PAUSED;
      throw trap;
    }
    if (entry === null) return unlessBudget(this.#interpret(cpu, 1, fuel));
    const room = Math.min(byBudget, byFuel) - entry.loaded.compiled.unit.overshoot;
    if (room >= 0) {
      const granted = Math.min(room, this.#quantum);
      if (this.#quantum < QUANTUM) this.#quantum *= 2;
      this.#segments.control.setBigInt64(CONTROL.left, BigInt(granted), true);
      return unlessBudget(this.#left(cpu, entry.loaded, granted, yield entry, fuel));
    }
    // Too little for the longest way through the code: whoever grants budgets grants another, and of fuel there is no more.
    return byBudget < byFuel && cpu.executed > start ? BUDGET : this.#interpret(cpu, byBudget, fuel);
  }

  #begin(port: LinearPort): void {
    this.#port = port;
    this.#codeEpoch = port.codeEpoch;
    this.#entries.clear();
    this.#trusted.clear();
    this.#outgrown.clear();
    this.#segments.forget();
    this.#segments.heed();
    this.#quantum = FIRST_QUANTUM;
  }

  #interpret(cpu: Cpu, budget: number, fuel: number): Stop {
    const before = cpu.executed;
    const stop = interpret(cpu, this.#port!, budget, fuel);
    this.stats.interpreted += cpu.executed - before;
    this.#segments.heed();
    return stop;
  }

  /** Translated code was granted so many instructions, and has left by this exit. */
  #left(cpu: Cpu, loaded: Loaded, granted: number, index: number, fuel: number): Stop {
    const { unit } = loaded.compiled;
    const exit = unit.exits[index]!;
    const left = Number(this.#segments.control.getBigInt64(CONTROL.left, true)) + exit.adjust;
    cpu.executed += granted - left;
    this.stats.translated += granted - left;
    if (unit.blocks.length > 0) this.#noteBlocks(loaded);
    if (left < 0 && exit.kind === 'goto') this.#heat(exit.pc);
    return this.#goOn(cpu, loaded, exit, fuel);
  }

  #goOn(cpu: Cpu, loaded: Loaded, exit: UnitExit, fuel: number): Stop {
    switch (exit.kind) {
      case 'goto':
        cpu.pc = exit.pc;
        this.#complete(loaded, exit.pc);
        return BUDGET;
      case 'jumped': {
        const { control } = this.#segments;
        const target = exit.pc ?? control.getBigUint64(CONTROL.pc, true);
        const pc = Number(target);
        if (pc >= ADDRESS_LIMIT || !this.#port!.mayExecute(pc)) {
          cpu.pc = exit.branch;
          const fault = {
            cause: 'bad-branch-target',
            pc: exit.branch,
            address: BigInt(target),
            detail: '',
          } as const;
          return { kind: 'fault', fault };
        }
        cpu.pc = pc;
        this.#complete(loaded, pc);
        return BUDGET;
      }
      case 'bail':
        cpu.pc = exit.pc;
        if (exit.resume !== null) this.#leftLoop(loaded);
        return this.#interpretTo(cpu, exit.resume, fuel);
      case 'miss':
        return this.#missed(cpu, loaded, exit, fuel);
      case 'end':
        cpu.pc = exit.pc;
        return exit.exit;
      case 'returned':
        invariant(false, 'translated code returns to a caller');
    }
  }

  /** A site in a loop has no segment for an address: it gets one, and the loop goes on with its next iteration. */
  #missed(cpu: Cpu, loaded: Loaded, exit: Extract<UnitExit, { kind: 'miss' }>, fuel: number): Stop {
    const address = this.#segments.control.getBigUint64(CONTROL.pc, true);
    cpu.pc = exit.pc;
    const stop = this.#interpret(cpu, 1, fuel);
    if (stop.kind !== 'budget') return stop;
    loaded.calls.grant(exit.site, address);
    this.#leftLoop(loaded);
    return cpu.pc === exit.resume ? stop : this.#interpretTo(cpu, exit.resume, fuel);
  }

  /** Control has come by here for as long as was granted. */
  #heat(pc: number): void {
    if (this.#hot.has(pc)) return;
    if (this.#hot.size === MOST_HOT) this.#hot.clear();
    this.#hot.add(pc);
    this.#entries.delete(pc);
  }

  #leftLoop(loaded: Loaded): void {
    loaded.misses += 1;
    if (loaded.misses === MISSES_TOLERATED) this.#retranslate(loaded, this.#calling);
  }

  /** Interprets an instruction, and in a loop those to the end of the iteration: it has no other place to be entered at. */
  #interpretTo(cpu: Cpu, resume: number | null, fuel: number): Stop {
    for (let left = resume === null ? 1 : LONGEST_ITERATION; ; left -= 1) {
      const stop = this.#interpret(cpu, 1, fuel);
      if (stop.kind !== 'budget' || left === 1 || cpu.pc === resume || this.#entries.has(cpu.pc)) return stop;
    }
  }

  /**
   * Control has come to where a unit ends because there was no code to be seen: if there is now, this attempt goes on with
   * another. The unit stays for attempts that may not see that code.
   */
  #complete({ compiled }: Loaded, pc: number): void {
    if (!compiled.unit.incomplete.has(pc) || this.#port!.codeAt(pc) === null) return;
    this.#outgrown.add(compiled);
    for (const [at, entry] of this.#entries) if (entry.loaded.compiled === compiled) this.#entries.delete(at);
  }

  /** What can be entered at `pc`; null where the interpreter has to say what is wrong. May pause. */
  #entryAt(pc: number): Entry | null {
    const port = this.#port!;
    if (port.codeEpoch !== this.#codeEpoch) {
      this.#codeEpoch = port.codeEpoch;
      this.#entries.clear();
      this.#trusted.clear();
    }
    const known = this.#entries.get(pc);
    if (known !== undefined) return known;
    const variant: Variant = {
      tracked: port.tracksCode,
      promote: !this.#plain.has(pc),
      calls: !this.#hot.has(pc) || this.#calling.has(pc),
    };
    const found =
      this.#cache
        .at(pc, variant)
        .find(({ compiled }) => !this.#outgrown.has(compiled) && this.#trusts(compiled)) ??
      this.#cache.add(pc, variant, (at) => port.codeAt(at));
    if (found === null) return null;
    if (variant.promote && found.compiled.unit.frames.some((frame) => port.frameAt(frame) === null)) {
      this.#plain.add(pc);
      return this.#entryAt(pc);
    }
    // To pin a frame may move what lies in it.
    this.#segments.heed();
    if (!this.#trusted.has(found.compiled)) this.#trust(found.compiled);
    const entry = this.#load(found);
    this.#entries.set(pc, entry);
    return entry;
  }

  /** Whether a unit is what this attempt would execute. */
  #trusts(compiled: CompiledUnit): boolean {
    if (this.#trusted.has(compiled)) return true;
    const port = this.#port!;
    for (const { base, bytes } of compiled.unit.code) if (!port.holdsCode(base, bytes)) return false;
    this.#trust(compiled);
    return true;
  }

  #trust(compiled: CompiledUnit): void {
    this.#trusted.add(compiled);
    if (!this.#cache.rules.guardsCode) return;
    for (const { base, bytes } of compiled.unit.code) this.#port!.guardCode(base, bytes.length);
    this.#segments.heed();
  }

  #load({ compiled, name }: UnitEntry): Entry {
    const loaded = this.#instances.of(compiled);
    const run = loaded.exports[name] as () => number;
    const suspends = this.#fetchMissing?.suspends === true;
    return {
      loaded,
      run,
      runSuspended: suspends ? (Wasm.promising!(run) as () => Promise<number>) : null,
    };
  }

  /** From now on the unit's functions are translated in another way. */
  #retranslate({ compiled }: Loaded, way: Set<number>): void {
    for (const { pc } of compiled.unit.functions) {
      way.add(pc);
      this.#entries.delete(pc);
    }
  }

  #noteBlocks({ compiled }: Loaded): void {
    const { control } = this.#segments;
    compiled.unit.blocks.forEach(({ base, length }, i) => {
      if (control.getUint8(FLAGS_AT + i) === 0) return;
      control.setUint8(FLAGS_AT + i, 0);
      this.#port!.noteExecuted(base, length);
    });
  }
}

const BUDGET: Stop = { kind: 'budget' };
const PAUSED: Stop = { kind: 'paused' };

/** For whoever goes on at the next instruction. */
function unlessBudget(stop: Stop): Stop | null {
  return stop.kind === 'budget' ? null : stop;
}
