import { Machine, type Program } from '../src/index.ts';
import { type Benchmark, type Case, type Row, timed } from './measure.ts';
import { family } from './programs.ts';

const RUNNERS = 4_000;
const SIZES = [0x1000, 0x100000, 0x40000000, 0x10000000000];
const IDLE = [0, 1_000, 10_000, 50_000];

/** Reads and writes one word of the heap, another one in each of neighbouring runners. */
const TOUCH = 'and $0xff8, ctx.id, r5\n add $0x500000000, r5, r5\n add (r5), $1, (r5)\n exit:c';

const bySize = SIZES.map(
  (size): Case => ({
    name: `heap range of ${size.toLocaleString('en-US')} bytes`,
    once: () => afterParent(family(RUNNERS, TOUCH, `0x500000000,${size}`)),
  }),
);

/** A child that finds its place among the first `idle` becomes a watcher of what nobody writes. */
const byIdle = IDLE.map(
  (idle): Case => ({
    name: `${idle.toLocaleString('en-US')} idle watchers beside`,
    once: () => afterParent(family(RUNNERS, TOUCH, '0x500000000,4096', '', idle)),
  }),
);

export const scale: Benchmark = {
  name: 'scale',
  title:
    'A snapshot and a commit of one word, against the size of its heap range and the number of watchers alive',
  async run() {
    return [...(await rowsOf(bySize)), ...(await rowsOf(byIdle))];
  },
};

async function rowsOf(cases: readonly Case[]): Promise<Row[]> {
  const timings = await timed(cases);
  return timings.map(({ name, median, spread }) => ({
    case: name,
    value: `${((median / RUNNERS) * 1000).toFixed(0)} µs a runner`,
    ratio: `${(median / timings[0]!.median).toFixed(2)} × the first`,
    spread,
  }));
}

/** From the first child's commit to the end: making the family does not count. */
async function afterParent(program: Program): Promise<number> {
  await using machine = new Machine(program, { rcomps: 1 });
  let start = process.hrtime.bigint();
  machine.on('commit', ({ version }) => {
    if (version === 2) start = process.hrtime.bigint();
  });
  await machine.run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}
