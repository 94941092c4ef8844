import { Machine, type Program } from '../src/index.ts';
import { type Benchmark, type Case, inTurns, type Row, rowOf, type Settings, scaled } from './measure.ts';
import { family } from './programs.ts';

const RUNNERS = 4_000;
const SIZES = [0x1000, 0x100000, 0x40000000, 0x10000000000];
const IDLE = [0, 1_000, 10_000, 50_000];

/** Reads and writes one word of the heap, another one in each of neighbouring runners. */
const TOUCH = 'and $0xff8, ctx.id, r5\n add $0x500000000, r5, r5\n add (r5), $1, (r5)\n exit:c';

export const flat: Benchmark = {
  name: 'flat',
  title:
    'What should not grow: a snapshot and a commit of one word, µs a runner, against the size of its heap range and the number of watchers alive; the peer is the least of them',
  async run(settings) {
    const runners = scaled(RUNNERS, settings);
    const bySize = SIZES.map((size) => ({
      name: `heap range of ${size.toLocaleString('en-US')} bytes`,
      once: () => afterParent(runners, family(runners, TOUCH, `0x500000000,${size}`), settings),
    }));
    const byIdle = IDLE.map((count) => {
      const idle = Math.round(count * settings.size);
      return {
        name: `${idle.toLocaleString('en-US')} idle watchers beside`,
        once: () => afterParent(runners, family(runners, TOUCH, '0x500000000,4096', '', idle), settings),
      };
    });
    return { rows: [...(await rowsOf(bySize, settings)), ...(await rowsOf(byIdle, settings))], notes: [] };
  },
};

async function rowsOf(
  cases: readonly { readonly name: string; readonly once: Case }[],
  { rounds }: Settings,
): Promise<Row[]> {
  const measured = await inTurns(
    cases.map(({ once }) => once),
    rounds,
  );
  return cases.map(({ name }, i) => rowOf(name, measured[i]!, measured[0]!));
}

/** Microseconds a runner from the first child's commit to the end: making the family does not count. */
async function afterParent(
  runners: number,
  program: Program,
  { machine: options }: Settings,
): Promise<number> {
  await using machine = new Machine(program, { ...options, rcomps: 1 });
  let start = process.hrtime.bigint();
  machine.on('commit', ({ version }) => {
    if (version === 2) start = process.hrtime.bigint();
  });
  await machine.run();
  return Number(process.hrtime.bigint() - start) / 1e3 / runners;
}
