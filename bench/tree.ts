import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assemble, Machine } from '../src/index.ts';
import { type Benchmark, stopwatch, timed } from './measure.ts';

const NUMBERS = 20_480;

/** The paper's Figure 6; the program is the example's. */
export const tree: Benchmark = {
  name: 'tree',
  title: 'The parallel sum of the paper, section 4.2: 20,480 integers, 20,479 runners and watchers',
  async run() {
    const file = join(process.cwd(), 'examples', 'parallel-sum.s');
    const program = assemble(readFileSync(file, 'utf8'), { file });
    const input = new BigInt64Array(NUMBERS).map((_, i) => BigInt(i));
    const reports: { readonly attempts: number; readonly messages: number }[] = [];
    const [timing] = await timed([
      {
        name: 'sum',
        once: async () => {
          let messages = 0;
          let attempts = 0;
          await using machine = new Machine(
            program,
            { inputs: [{ base: INPUT_BASE, file: new Uint8Array(input.buffer) }] },
            { onDispatch: () => void messages++ },
          );
          machine.on('start', () => void attempts++);
          const time = await stopwatch(() => machine.run());
          reports.push({ attempts, messages });
          return time;
        },
      },
    ]);
    const { attempts, messages } = reports.at(-1)!;
    return [
      {
        case: `${attempts.toLocaleString('en-US')} attempts, ${messages.toLocaleString('en-US')} messages`,
        value: `${(timing!.median / 1000).toFixed(2)} s`,
        ratio: `${((timing!.median / attempts) * 1000).toFixed(0)} µs an attempt`,
        spread: timing!.spread,
      },
    ];
  },
};

/** Where the example maps its input. */
const INPUT_BASE = 0x500000000;
