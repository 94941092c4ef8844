/** One attempt at a trial's program in one tier: what it did, and all that it left. */

import type { ControlBlock } from '../../../src/actors/control-block.ts';
import type { Output, SnapshotPage } from '../../../src/actors/protocol.ts';
import type { Cpu, Stop } from '../../../src/isa/interpreter.ts';
import type { Port } from '../../../src/isa/port.ts';
import { pagesOf } from '../../../src/memory/directory.ts';
import type { PagePatch } from '../../../src/memory/patch.ts';
import { end, type Range } from '../../../src/memory/ranges.ts';
import type { Trial, World } from './trial.ts';

/** What a compartment of either kind offers. */
export interface AttemptMemory extends Port {
  readonly missing: readonly number[];
  holds(page: number): boolean;
  provide(pages: readonly SnapshotPage[]): void;
  readonly output: readonly Output[];
  newborns(): ControlBlock[];
  validatedReads(): Range[];
}

/** A tier with the kind of memory that it runs on. */
export interface Machine<M extends AttemptMemory = AttemptMemory> {
  readonly name: string;
  memory(world: World): M;
  run(cpu: Cpu, memory: M, budget: number, fuel: number): Stop;
  patches(memory: M, world: World): PagePatch[];
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
  /** Words of private memory and of the stack. */
  readonly words: readonly bigint[];
}

/** Calls without progress after which a tier counts as stuck. */
const STUCK = 200;

/** `halts`: where to come back to look, by instructions executed; else as the trial's budgets say. */
export function attempt<M extends AttemptMemory>(
  machine: Machine<M>,
  trial: Trial,
  world: World,
  halts: readonly Halt[] | null = null,
): Result {
  const memory = machine.memory(world);
  if (trial.pages === 'ahead') provideDeclared(memory, world);
  const cpu: Cpu = { pc: world.control.fi, executed: 0 };
  const seen: Halt[] = [];
  let idle = 0;
  for (;;) {
    const before = cpu.executed;
    const budget =
      halts === null
        ? trial.budgets[Math.min(seen.length, trial.budgets.length - 1)]!
        : (halts[seen.length]?.executed ?? Number.MAX_SAFE_INTEGER) - before;
    const stop = budget === 0 ? BUDGET : machine.run(cpu, memory, budget, trial.fuel);
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
        patches: machine.patches(memory, world),
        output: memory.output,
        children: memory.newborns(),
        registers: registersOf(memory),
        words: wordsOf(memory, trial),
      };
    }
  }
}

const BUDGET: Stop = { kind: 'budget' };

/** Declared pages, of large ranges only the first ones. */
function provideDeclared(memory: AttemptMemory, { control, map, config, snapshot }: World): void {
  const ranges = [...control.heap, ...control.watched, ...map.assembled, ...map.files];
  const pages = new Set<number>();
  for (const range of ranges) for (const page of pagesOf(range, config.pageSize)) pages.add(page);
  memory.provide([...pages].map((page) => snapshot.page(page)));
}

function registersOf(memory: AttemptMemory): bigint[] {
  const { registers } = memory.layout;
  return Array.from({ length: 64 }, (_, i) => memory.load(registers + 8 * i, 8));
}

/** The private words that drawn programs use, and both ends of the stack. Nothing here pauses. */
function wordsOf(memory: AttemptMemory, { ground }: Trial): bigint[] {
  const { pool, stack } = ground;
  const spans = [
    [pool.base - 8, pool.base + pool.length + 8],
    [0x4000 - 16, 0x4000 + 64],
    [0x5000, 0x5020],
    [0x5800, 0x5820],
    [0x6000, 0x60c0],
    [ground.layout.words.child, ground.layout.words.child + 8],
    [stack.base, stack.base + 56],
    [end(stack) - 64, end(stack) - 8],
  ] as const;
  return spans.flatMap(([from, to]) =>
    Array.from({ length: Math.floor((to - from) / 8) }, (_, i) => memory.load(from + 8 * i, 8)),
  );
}
