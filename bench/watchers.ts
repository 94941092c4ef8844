import { spawn, start, stop } from 'nact';
import { Machine, type Program } from '../src/index.ts';
import { type Benchmark, liveBytes } from './measure.ts';
import { family } from './programs.ts';

const WATCHERS = 50_000;

const program: Program = family(WATCHERS, 'exit:c', '', '0x500000000,8', WATCHERS);

export const watchers: Benchmark = {
  name: 'watchers',
  title: 'Idle watchers: bytes each, against a bare nact actor',
  async run() {
    const before = liveBytes();
    await using machine = new Machine(program, { limits: { children: 2 * WATCHERS } });
    const watching = await runAndForget(machine);
    const bytes = (liveBytes() - before) / watching;
    const bare = bareActor();
    return [
      {
        case: `${watching.toLocaleString('en-US')} watchers`,
        value: `${Math.round(bytes)} bytes each`,
        ratio: `${(bytes / bare).toFixed(2)} × a bare actor`,
        spread: '',
      },
      { case: 'bare nact actors', value: `${Math.round(bare)} bytes each`, ratio: '', spread: '' },
    ];
  },
};

/** In a function of its own: the report would count otherwise. */
async function runAndForget(machine: Machine): Promise<number> {
  const { runners } = await machine.run();
  return runners.watching;
}

function bareActor(): number {
  const system = start();
  const parent = spawn(system, () => {}, 'parent');
  const before = liveBytes();
  for (let i = 0; i < WATCHERS; i++) spawn(parent, () => {}, String(i));
  const bytes = (liveBytes() - before) / WATCHERS;
  stop(system);
  return bytes;
}
