import { addressOfLabel, assemble, Cluster, Machine, mustSucceed, type Program } from '../src/index.ts';
import { Queue } from '../src/memory/queue.ts';
import { type Benchmark, inTurns, median, rowOf, scaled, stopwatch } from './measure.ts';
import { family } from './programs.ts';
import { sharedPrimes } from './scale.ts';

const BELOW = 20_000_000;
const RUNNERS = 256;
const EMPTY = 20_000;
const NODES = [4, 2, 1];

/** Ranges of a program that comes back to them, and how often it does. */
const RANGES = 8;
const RANGE_BYTES = 2 ** 22;
const VISITS = 512;

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
    const revisiting = revisits(scaled(VISITS, settings, RANGES));
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
      const [near, anywhere] = await inTurns(
        [() => moved(revisiting, 'near'), () => moved(revisiting, 'anywhere')],
        Math.min(settings.rounds, 3),
      );
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
          rowOf('bytes through the master’s node for an empty runner', [bytes / (count + 1)], null),
          rowOf(
            'bytes through the master’s node for a program that revisits its ranges, MiB; first in, first out',
            near!,
            anywhere!,
          ),
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

/** Mebibytes through the master's node while the program runs on two fresh others. */
async function moved(program: Program, order: 'near' | 'anywhere'): Promise<number> {
  await using cluster = await Cluster.start({
    nodes: 2,
    rcomps: 1,
    ...(order === 'anywhere' && { policy: () => new Queue() }),
  });
  mustSucceed(await cluster.run(program));
  const { sent, received } = cluster.traffic;
  return (sent + received) / 2 ** 20;
}

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

/** The entry writes a word into every page of all ranges; then runner i reads every page of range i modulo their number. */
function revisits(visits: number): Program {
  return assemble(`
.entry main
.heap 0x600000000, ${RANGES * RANGE_BYTES}
visit:  mov (ctx.stack):q, r0
        add r0:q, $${RANGE_BYTES}, r1
        mov $0:q, r2
page:   add r2:q, (r0):q, r2
        add r0:q, $4096, r0
        br:l r0:q, r1, page
        exit:c
.equ STACKS, 0x700000000
main:   mov $0x600000000:q, r0
        add r0:q, $${RANGES * RANGE_BYTES}, r1
fill:   mov r0:q, (r0):q
        add r0:q, $4096, r0
        br:l r0:q, r1, fill
        mov $STACKS:q, 0x1000
        mov $8:q, 0x1008
        mov $1:q, 0x1010
        mov $${RANGE_BYTES}:q, 0x1020
        mov $visit:q, 0x1038
        mov $0x1000:q, r10
        mov $0x1010:q, r11
        mov $0x1030:q, r12
        mov $0x1038:q, r13
        mov $0:q, r0
again:  rem r0:q, $${RANGES}, r1
        mul r1:q, $${RANGE_BYTES}, r1
        add r1:q, $0x600000000, r1
        mov r1:q, 0x1018
        newr r10, r11, r12, r13
        mov 0x1000:q, r2
        mov r1:q, (r2):q
        add 0x1000:q, $8, 0x1000
        add r0:q, $1, r0
        br:l r0:q, $${visits}, again
        exit:c
`);
}
