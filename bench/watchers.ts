import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { spawn, start, stop } from 'nact';
import { Machine } from '../src/index.ts';
import { type Benchmark, scaled } from './measure.ts';
import { family } from './programs.ts';

const WATCHERS = 50_000;

export const watchers: Benchmark = {
  name: 'watchers',
  title: 'Idle watchers: bytes each; the peer is a bare nact actor',
  async run(settings) {
    const count = scaled(WATCHERS, settings);
    const program = family(count, 'exit:c', '', '0x500000000,8', count);
    const before = liveBytes();
    await using machine = new Machine(program, { ...settings.machine, limits: { children: 2 * count } });
    const watching = await runAndForget(machine);
    const ours = (liveBytes() - before) / watching;
    const peer = bareActor(count);
    const row = { case: `${watching.toLocaleString('en-US')} watchers`, ours, peer, ratio: ours / peer };
    return { rows: [{ ...row, spread: null }], notes: [] };
  },
};

/** In a function of its own: the report would count otherwise. */
async function runAndForget(machine: Machine): Promise<number> {
  const { runners } = await machine.run();
  return runners.watching;
}

function bareActor(count: number): number {
  const system = start();
  const parent = spawn(system, () => {}, 'parent');
  const before = liveBytes();
  for (let i = 0; i < count; i++) spawn(parent, () => {}, String(i));
  const bytes = (liveBytes() - before) / count;
  stop(system);
  return bytes;
}

/** Bytes alive now, inside and outside the garbage-collected heap. */
function liveBytes(): number {
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** The collector, which Node hides unless it is asked in time. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
