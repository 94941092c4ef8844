/** One attempt in one tier: what it did, and all that it left. */

import type { ControlBlock } from '../../../src/actors/control-block.ts';
import type { Output, SnapshotPage } from '../../../src/actors/protocol.ts';
import type { Cpu, Stop } from '../../../src/isa/interpreter.ts';
import type { Port } from '../../../src/isa/port.ts';
import { pagesOf } from '../../../src/memory/directory.ts';
import type { PagePatch } from '../../../src/memory/patch.ts';
import type { Range } from '../../../src/memory/ranges.ts';
import type { World } from './world.ts';

/** What a compartment of either kind offers. */
export interface AttemptMemory extends Port {
  readonly missing: readonly number[];
  holds(page: number): boolean;
  provide(pages: readonly SnapshotPage[]): void;
  readonly output: readonly Output[];
  patches(): PagePatch[];
  newborns(): ControlBlock[];
  validatedReads(): Range[];
}

/** A tier with the kind of memory that it runs on. */
export interface Machine<M extends AttemptMemory = AttemptMemory> {
  memory(world: World): M;
  run(cpu: Cpu, memory: M, budget: number, fuel: number): Stop;
  /** The attempt is over. */
  release(memory: M): void;
  /** A throw has cut an attempt short. */
  abandon(): void;
  /** Nothing is remembered of the programs so far. */
  forget(): void;
}

export interface SuspendedMachine<M extends AttemptMemory> extends Machine<M> {
  runSuspended(cpu: Cpu, memory: M, budget: number, fuel: number): Promise<Stop>;
}

/** A place at which a tier came back, and its registers there. */
export interface Halt {
  readonly executed: number;
  readonly pc: number;
  readonly registers: readonly bigint[];
}

export interface Result {
  readonly stop: Stop;
  readonly pc: number;
  readonly executed: number;
  /** Where the tier came back for its budget. */
  readonly halts: readonly Halt[];
  readonly patches: readonly PagePatch[];
  readonly output: readonly Output[];
  readonly children: readonly ControlBlock[];
  readonly reads: readonly Range[];
  readonly registers: readonly bigint[];
  /** The world's words. */
  readonly words: readonly bigint[];
}

/** Calls without progress after which a tier counts as stuck. */
const STUCK = 200;

/** `halts`: where to come back to look, by instructions executed; else as the world's budgets say. */
export function attempt<M extends AttemptMemory>(
  machine: Machine<M>,
  world: World,
  halts: readonly Halt[] | null = null,
): Result {
  const memory = machine.memory(world);
  const steps = stepsOf(memory, world, halts);
  let step = steps.next();
  while (!step.done) step = steps.next(machine.run(step.value.cpu, memory, step.value.budget, world.fuel));
  machine.release(memory);
  return step.value;
}

/** The same by a machine that is suspended while pages are fetched. */
export async function attemptSuspended<M extends AttemptMemory>(
  machine: SuspendedMachine<M>,
  world: World,
): Promise<Result> {
  const memory = machine.memory(world);
  const steps = stepsOf(memory, world, null);
  let step = steps.next();
  while (!step.done) {
    const { cpu, budget } = step.value;
    step = steps.next(await machine.runSuspended(cpu, memory, budget, world.fuel));
  }
  machine.release(memory);
  return step.value;
}

interface Request {
  readonly cpu: Cpu;
  readonly budget: number;
}

/** Asks for a run again and again, until the attempt is over. */
function* stepsOf(
  memory: AttemptMemory,
  world: World,
  halts: readonly Halt[] | null,
): Generator<Request, Result, Stop> {
  if (world.pages === 'ahead') provideDeclared(memory, world);
  const cpu: Cpu = { pc: world.control.fi, executed: 0 };
  const seen: Halt[] = [];
  let idle = 0;
  for (;;) {
    const before = cpu.executed;
    const budget =
      halts === null
        ? world.budgets[Math.min(seen.length, world.budgets.length - 1)]!
        : (halts[seen.length]?.executed ?? Number.MAX_SAFE_INTEGER) - before;
    const stop = budget === 0 ? BUDGET : yield { cpu, budget };
    idle = cpu.executed === before && budget > 0 ? idle + 1 : 0;
    if (idle > STUCK) throw new Error(`stuck at 0x${cpu.pc.toString(16)} after ${before} instructions`);
    if (stop.kind === 'paused') {
      memory.provide(memory.missing.map((page) => world.snapshot.page(page)));
    } else if (stop.kind === 'budget') {
      seen.push({ executed: cpu.executed, pc: cpu.pc, registers: registersOf(memory) });
    } else {
      return {
        stop,
        pc: cpu.pc,
        executed: cpu.executed,
        halts: seen,
        reads: memory.validatedReads(),
        patches: memory.patches(),
        output: memory.output,
        children: memory.newborns(),
        registers: registersOf(memory),
        words: world.words.map((address) => memory.load(address, 8)),
      };
    }
  }
}

const BUDGET: Stop = { kind: 'budget' };

/** Pages of a range that are provided ahead. */
const AHEAD = 64;

/** Declared pages, of large ranges only the first ones. */
function provideDeclared(memory: AttemptMemory, { control, map, config, snapshot }: World): void {
  const ranges = [...control.heap, ...control.watched, ...map.assembled, ...map.files];
  const pages = new Set<number>();
  for (const range of ranges) {
    const first = { base: range.base, length: Math.min(range.length, AHEAD * config.pageSize) };
    for (const page of pagesOf(first, config.pageSize)) pages.add(page);
  }
  memory.provide([...pages].map((page) => snapshot.page(page)));
}

function registersOf(memory: AttemptMemory): bigint[] {
  const { registers } = memory.layout;
  return Array.from({ length: 64 }, (_, i) => memory.load(registers + 8 * i, 8));
}
