import { readFileSync } from 'node:fs';
import { assemble, Machine, mustSucceed } from '../src/index.ts';
import { type Benchmark, fact, inTurns, median, rowOf, stopwatch } from './measure.ts';
import { packageFile } from './places.ts';

const NUMBERS = 20_480;

/** Where the example maps its input. */
const INPUT_BASE = 0x500000000;

/** The paper's Figure 6; the program is the example's, and has one size. */
export const tree: Benchmark = {
  name: 'tree',
  title: 'The parallel sum of the paper, section 4.2: 20,480 integers, 20,479 runners and watchers',
  async run({ machine: options, rounds }) {
    const file = packageFile('examples', 'parallel-sum.s');
    const program = assemble(readFileSync(file, 'utf8'), { file });
    const input = new Uint8Array(new BigInt64Array(NUMBERS).map((_, i) => BigInt(i)).buffer);
    const attempts: number[] = [];
    const messages: number[] = [];
    const [times] = await inTurns(
      [
        async () => {
          let started = 0;
          let handled = 0;
          await using machine = new Machine(
            program,
            { ...options, inputs: [{ base: INPUT_BASE, file: input }] },
            { onDispatch: () => void handled++ },
          );
          machine.on('start', () => void started++);
          const time = await stopwatch(async () => mustSucceed(await machine.run()));
          attempts.push(started);
          messages.push(handled);
          return time;
        },
      ],
      rounds,
    );
    return {
      rows: [
        rowOf('the sum, ms', times!, null),
        fact('attempts', median(attempts)),
        fact('messages', median(messages)),
      ],
      notes: [],
    };
  },
};
