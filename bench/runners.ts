import { Machine } from '../src/index.ts';
import { type Benchmark, rate, stopwatch, timed } from './measure.ts';
import { family } from './programs.ts';

/** The paper's Table 4: 1.3 ms to create and 2.4 ms to execute an empty runner. */
const PAPER = 1000 / (1.3 + 2.4);

const BATCHES = [100, 1_000, 10_000, 50_000];

export const runners: Benchmark = {
  name: 'runners',
  title:
    'Empty runners created and executed, end to end, by how many one parent creates (paper, Table 4: 270/s)',
  async run() {
    const messages = new Map<number, number>();
    const timings = await timed(
      BATCHES.map((batch) => ({
        name: String(batch),
        once: async () => {
          let count = 0;
          const observer = { onDispatch: () => void count++ };
          await using machine = new Machine(family(batch, 'exit:c'), {}, observer);
          const time = await stopwatch(() => machine.run());
          messages.set(batch, count);
          return time;
        },
      })),
    );
    return timings.map(({ name, median, spread }) => {
      const batch = Number(name);
      const perSecond = (batch / median) * 1000;
      return {
        case: `${batch.toLocaleString('en-US')} runners, ${(messages.get(batch)! / batch).toFixed(2)} messages each`,
        value: rate(batch, median),
        ratio: `${(perSecond / PAPER).toFixed(0)} × the paper's`,
        spread,
      };
    });
  },
};
