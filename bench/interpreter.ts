import { Machine } from '../src/index.ts';
import { type Benchmark, rate, stopwatch, timed } from './measure.ts';
import { loop } from './programs.ts';

const TURNS = 300_000;
const INSTRUCTIONS = TURNS * 3;

const CASES = [
  ['register words', loop('add r1, $3, r1', TURNS)],
  ['private memory', loop('add 0x100020000, $3, 0x100020000', TURNS)],
  ['heap', loop('add (r2), $3, (r2)', TURNS, '0x500000000, 0x1000')],
] as const;

export const interpreter: Benchmark = {
  name: 'interpreter',
  title:
    'Interpreter: instructions a second; the peer is the same loop of three operations on JavaScript bigints',
  async run() {
    const peer = { name: 'JavaScript bigints', once: () => stopwatch(bigints) };
    const timings = await timed([
      peer,
      ...CASES.map(([name, program]) => ({
        name,
        once: async () => {
          await using machine = new Machine(program, { rcomps: 1 });
          return await stopwatch(() => machine.run());
        },
      })),
    ]);
    return timings.map(({ name, median, spread }) => ({
      case: name,
      value: rate(INSTRUCTIONS, median),
      ratio: name === peer.name ? '' : `${(median / timings[0]!.median).toFixed(1)} × the peer's time`,
      spread,
    }));
  },
};

function bigints(): bigint {
  let sum = 0n;
  for (let i = 0n; i < BigInt(TURNS); i = BigInt.asIntN(64, i + 1n)) sum = BigInt.asIntN(64, sum + 3n);
  return sum;
}
