import { availableParallelism } from 'node:os';
import { Machine, type Program } from '../src/index.ts';
import {
  type Benchmark,
  fact,
  inTurns,
  median,
  type Row,
  rowOf,
  type Settings,
  scaled,
  stopwatch,
} from './measure.ts';
import { dask } from './pools/dask.ts';
import { erlang } from './pools/erlang.ts';
import { piscina } from './pools/piscina.ts';
import type { Pool, PoolKind } from './pools/pool.ts';
import { chain, family } from './programs.ts';
import { StepClock } from './step-clock.ts';

/** How many one parent creates; the paper's is 1,000. */
const BATCHES = [50_000, 10_000, 1_000, 100];
const CHAIN = 1_000;

const POOLS = [piscina, dask, erlang];

export const table4: Benchmark = {
  name: 'table4',
  title:
    'Empty runners created and executed, end to end (paper, Table 4: 3.7 ms each, 270/s), beside empty tasks of other systems; a ratio is ours / peer',
  async run(settings) {
    const workers = settings.machine.rcomps ?? availableParallelism();
    const batch = scaled(BATCHES[1]!, settings);
    const notes: string[] = [];
    const pools: { readonly kind: PoolKind; readonly pool: Pool }[] = [];
    try {
      for (const kind of POOLS) {
        const pool = await kind.open(workers);
        if (pool === null) notes.push(kind.absent);
        else pools.push({ kind, pool });
      }
      return {
        rows: [
          ...(await batched(workers, pools, settings)),
          ...(await oneAtATime(pools, settings)),
          ...(await smallerBatches(workers, settings)),
          ...(await steps(`of ${grouped(batch)}`, workers, family(batch, 'exit:c'), settings)),
          ...(await steps('one at a time', 1, chain(scaled(CHAIN, settings)), settings)),
        ],
        notes,
      };
    } finally {
      for (const { pool } of pools) await pool.close();
    }
  },
};

type Opened = readonly { readonly kind: PoolKind; readonly pool: Pool }[];

async function batched(workers: number, pools: Opened, settings: Settings): Promise<Row[]> {
  const count = scaled(BATCHES[0]!, settings);
  const [ours, ...peers] = await inTurns(
    [
      () => perSecond(count, workers, settings),
      ...pools.map(
        ({ kind, pool }) =>
          () =>
            pool.batch(scaled(kind.batch, settings)),
      ),
    ],
    settings.rounds,
  );
  return rowsAgainst(`${grouped(count)} by one parent on ${workers} RComps, runners/s`, pools, ours!, peers);
}

/** The paper's measurement is serial, too: a runner is created when the one before has run. */
async function oneAtATime(pools: Opened, settings: Settings): Promise<Row[]> {
  const count = scaled(CHAIN, settings);
  const program = chain(count);
  const [ours, ...peers] = await inTurns(
    [
      async () => ((await wallTime(program, 1, settings)) * 1000) / (count + 1),
      ...pools.map(
        ({ kind, pool }) =>
          () =>
            pool.oneAtATime(scaled(kind.row, settings)),
      ),
    ],
    settings.rounds,
  );
  return rowsAgainst('one at a time, µs a runner', pools, ours!, peers);
}

function rowsAgainst(
  name: string,
  pools: Opened,
  ours: readonly number[],
  peers: readonly (readonly number[] | null)[],
): Row[] {
  if (pools.length === 0) return [rowOf(name, ours, null)];
  return pools.map(({ kind }, i) => rowOf(`${name}; ${kind.name}`, ours, peers[i]!));
}

async function smallerBatches(workers: number, settings: Settings): Promise<Row[]> {
  const counts = BATCHES.slice(1).map((batch) => scaled(batch, settings));
  const measured = await inTurns(
    counts.map((count) => () => perSecond(count, workers, settings)),
    settings.rounds,
  );
  return counts.map((count, i) =>
    rowOf(`${grouped(count)} by one parent on ${workers} RComps, runners/s`, measured[i]!, null),
  );
}

/** Each step of Table 4: time on the main thread, by what it is spent on. */
async function steps(name: string, rcomps: number, program: Program, settings: Settings): Promise<Row[]> {
  const rounds: Map<string, number>[] = [];
  for (let round = 0; round <= settings.rounds; round++) {
    const clock = new StepClock();
    await using machine = new Machine(program, { ...settings.machine, rcomps }, clock.observer);
    const { runners } = await machine.run();
    if (round > 0) rounds.push(clock.microseconds(runners.committed));
  }
  return [...rounds[0]!.keys()].map((step) =>
    fact(`${step}, µs a runner ${name}`, median(rounds.map((times) => times.get(step)!))),
  );
}

async function perSecond(count: number, rcomps: number, settings: Settings): Promise<number> {
  return (count / (await wallTime(family(count, 'exit:c'), rcomps, settings))) * 1000;
}

async function wallTime(program: Program, rcomps: number, settings: Settings): Promise<number> {
  await using machine = new Machine(program, { ...settings.machine, rcomps });
  return await stopwatch(() => machine.run());
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}
