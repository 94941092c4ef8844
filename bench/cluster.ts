import { addressOfLabel, assemble, Cluster, Machine, mustSucceed } from '../src/index.ts';
import { type Benchmark, inTurns, median, rowOf, scaled, stopwatch } from './measure.ts';
import { family } from './programs.ts';
import { sharedPrimes } from './scale.ts';

const BELOW = 20_000_000;
const RUNNERS = 256;
const EMPTY = 20_000;
const NODES = [4, 2, 1];

/** What a DVM without nodes waits with. */
const WAITING = assemble(`
.entry main
main:   mov $1:q, done
        exit:c
.heap done, 8
.org 0x600000000
done:   .quad 0
`);

export const cluster: Benchmark = {
  name: 'cluster',
  title: `Local node processes of one RComp each, over WebSocket: primes below ${BELOW.toLocaleString('en-US')} in ms, where the peer is one RComp in this process and the ratio the speedup over it; empty runners a second, where the peer is a machine in this process with as many RComps; and from the start of a node's process to its first commit`,
  async run(settings) {
    const below = scaled(BELOW, settings, 2 * RUNNERS);
    const primes = sharedPrimes(below);
    const count = scaled(EMPTY, settings);
    const empty = family(count, 'exit:c');
    const clusters = await Promise.all(NODES.map((nodes) => Cluster.start({ nodes, rcomps: 1 })));
    try {
      const here = (program: typeof primes, rcomps: number) =>
        stopwatch(async () => {
          await using machine = new Machine(program, { ...settings.machine, rcomps });
          mustSucceed(await machine.run());
        });
      const there = (place: number, program: typeof primes) =>
        stopwatch(async () => mustSucceed(await clusters[place]!.run(program, settings.machine)));
      const perSecond = (milliseconds: number) => (count + 1) / (milliseconds / 1_000);
      const [one, ...many] = await inTurns(
        [() => here(primes, 1), ...NODES.map((_, i) => () => there(i, primes))],
        settings.rounds,
      );
      const [alone, two] = await inTurns(
        [async () => perSecond(await here(empty, 2)), async () => perSecond(await there(1, empty))],
        settings.rounds,
      );
      const before = clusters[1]!.traffic;
      await clusters[1]!.run(empty, settings.machine);
      const after = clusters[1]!.traffic;
      const bytes = after.sent + after.received - before.sent - before.received;
      const [joining] = await inTurns([() => joinToUseful()], settings.rounds);
      return {
        rows: [
          ...NODES.map((nodes, i) =>
            rowOf(
              `primes on ${nodes} node${nodes === 1 ? '' : 's'}, ms`,
              many[i]!,
              one!,
              (mine, other) => other / mine,
            ),
          ),
          rowOf('empty runners on 2 nodes, runners/s', two!, alone!),
          rowOf('bytes between nodes for an empty runner', [bytes / (count + 1)], null),
          rowOf('from the start of a process to its first commit, ms', joining!, null),
        ],
        notes: [
          `${median(joining!) <= 500 ? 'within' : 'beyond'} the aim of 500 ms from a process's start to its first commit`,
        ],
      };
    } finally {
      for (const one of clusters) await one.stop();
    }
  },
};

/** A program waits for a node: how long one takes that is started now. */
async function joinToUseful(): Promise<number> {
  await using cluster = await Cluster.start({ nodes: 0, rcomps: 1 });
  const run = await cluster.submit(WAITING);
  const time = await stopwatch(async () => {
    const joined = cluster.join();
    mustSucceed(await run.report());
    await joined;
  });
  if ((await run.readWord(addressOfLabel(WAITING, 'done'), 'q')) !== 1n)
    throw new Error('nothing was committed');
  await run.forget();
  return time;
}
