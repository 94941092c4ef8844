/** One attempt of a runner: a pure function of (runner, snapshot) to all that it leaves (rule 28). */

import type { Fault } from '../../src/isa/fault.ts';
import { type Cpu, interpret } from '../../src/isa/interpreter.ts';
import type { Channel } from '../../src/isa/layout.ts';
import { within } from './extent.ts';
import type { Memory } from './memory.ts';
import { type Load, ModelPort } from './port.ts';
import type { Runner, World } from './runner.ts';

export interface Attempt {
  readonly end: 'commit' | 'abort' | 'fault';
  readonly detach: boolean;
  readonly fault: Fault | null;
  readonly executed: number;
  readonly loads: readonly Load[];
  /** Bytes left in heap ranges; in merge words they are the operand's. */
  readonly written: ReadonlyMap<number, number>;
  /** The merge type of a written byte; 0 for plain stores. */
  readonly mergeAt: (address: number) => number;
  /** Bytes whose reads a commit validates (rules 5 and 6). */
  readonly reads: ReadonlySet<number>;
  readonly children: readonly Runner[];
  readonly output: readonly { readonly channel: Channel; readonly bytes: readonly number[] }[];
}

/** Executes the runner on `M_sv`. */
export function attempt(world: World, runner: Runner, memory: Memory, sv: number): Attempt {
  const port = new ModelPort(world, runner, memory, sv);
  const cpu: Cpu = { pc: runner.fi, executed: 0 };
  let stop = interpret(cpu, port, 1, world.fuel);
  while (stop.kind === 'budget') {
    port.executed = cpu.executed;
    stop = interpret(cpu, port, 1, world.fuel);
  }
  if (stop.kind === 'paused') throw new Error('the model never pauses');
  return {
    end: stop.kind === 'fault' ? 'fault' : stop.commit ? 'commit' : 'abort',
    detach: stop.kind === 'exit' && stop.detach,
    fault: stop.kind === 'fault' ? stop.fault : null,
    executed: cpu.executed,
    loads: port.loads,
    written: new Map([...port.own].filter(([address]) => within(runner.heap, address))),
    mergeAt: (address) => runner.heap.find((range) => within([range], address))?.merge ?? 0,
    reads: validated(world, runner, port),
    children: port.children.map((child) => ({ ...child, image: port.imageFor(child) })),
    output: port.output,
  };
}

function validated(world: World, runner: Runner, port: ModelPort): Set<number> {
  const reads = new Set<number>();
  for (const word of port.seenMerges)
    if (port.own.has(word)) for (let i = 0; i < 8; i += 1) reads.add(word + i);
  if (!runner.serializable && !world.serializable) return reads;
  for (const { base, length } of [...runner.heap, ...runner.watched])
    for (let at = base; at < base + length; at += 1) reads.add(at);
  for (const address of port.undeclared) reads.add(address);
  return reads;
}
