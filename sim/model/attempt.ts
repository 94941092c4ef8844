/** One attempt of a runner: a pure function of (runner, snapshot) to all that it leaves (rule 28). */

import type { Fault } from '../../src/isa/fault.ts';
import { type Cpu, interpret } from '../../src/isa/interpreter.ts';
import type { Channel } from '../../src/isa/layout.ts';
import { type Extent, extentsOf, isIn, united, within } from './extent.ts';
import type { Memory } from './memory.ts';
import { type Load, ModelPort } from './port.ts';
import type { Runner, World } from './runner.ts';

export interface Attempt {
  /** `unfinished`: whoever asked for it has seen enough. */
  readonly end: 'commit' | 'abort' | 'fault' | 'unfinished';
  readonly detach: boolean;
  readonly fault: Fault | null;
  readonly executed: number;
  readonly loads: readonly Load[];
  /** Bytes left in heap ranges; in merge words they are the operand's. */
  readonly written: ReadonlyMap<number, number>;
  /** The merge type of a written byte; 0 for plain stores. */
  readonly mergeAt: (address: number) => number;
  /** Bytes whose reads a commit validates (rules 5 and 6). United. */
  readonly reads: readonly Extent[];
  readonly children: readonly Runner[];
  readonly output: readonly { readonly channel: Channel; readonly bytes: readonly number[] }[];
}

/**
 * Executes the runner on `M_sv`. `goesOn` is asked after each instruction: what was cut short elsewhere may be one that
 * never ends.
 */
export function attempt(
  world: World,
  runner: Runner,
  memory: Memory,
  sv: number,
  goesOn: (executed: number, loads: readonly Load[]) => boolean = () => true,
): Attempt {
  const port = new ModelPort(world, runner, memory, sv);
  const cpu: Cpu = { pc: runner.fi, executed: 0 };
  let stop = interpret(cpu, port, 1, world.fuel);
  while (goesOn(cpu.executed, port.loads) && stop.kind === 'budget') {
    port.executed = cpu.executed;
    stop = interpret(cpu, port, 1, world.fuel);
  }
  if (stop.kind === 'paused') throw new Error('the model never pauses');
  return {
    end: ENDS[stop.kind === 'exit' && !stop.commit ? 'abort' : stop.kind],
    detach: stop.kind === 'exit' && stop.detach,
    fault: stop.kind === 'fault' ? stop.fault : null,
    executed: cpu.executed,
    loads: port.loads,
    written: new Map([...port.own].filter(([address]) => within(runner.heap, address))),
    mergeAt: (address) => runner.heap.find((range) => isIn(range, address))?.merge ?? 0,
    reads: validated(world, runner, port),
    children: port.children.map((child) => ({ ...child, image: port.imageFor(child) })),
    output: port.output,
  };
}

const ENDS = { exit: 'commit', abort: 'abort', fault: 'fault', budget: 'unfinished' } as const;

function validated(world: World, runner: Runner, port: ModelPort): Extent[] {
  const seen = [...port.seenMerges].filter((word) => port.own.has(word));
  const reads = seen.map((base): Extent => ({ base, length: 8 }));
  if (!runner.serializable && !world.serializable) return united(reads);
  return united([...reads, ...runner.heap, ...runner.watched, ...extentsOf(port.undeclared)]);
}
