import { availableParallelism } from 'node:os';
import { Machine, mustSucceed, type Program } from '../src/index.ts';
import { RESULT, withResult } from './execution.ts';
import { type Benchmark, inTurns, rowOf, scaled, stopwatch } from './measure.ts';

const BELOW = 20_000_000;

/** Enough that the last ones do not leave a compartment idle for long. */
const RUNNERS = 256;

export const scale: Benchmark = {
  name: 'scale',
  title: `Primes below ${BELOW.toLocaleString('en-US')} counted by ${RUNNERS} runners, in ms; the peer is one RComp, and the ratio the speedup over it`,
  async run(settings) {
    const below = scaled(BELOW, settings, 2 * RUNNERS);
    const program = sharedPrimes(below);
    const most = settings.machine.rcomps ?? availableParallelism();
    const counts = [...new Set([most, ...powersBelow(most)])];
    const results = new Set<bigint>();
    const measured = await inTurns(
      counts.map((rcomps) => async () => {
        await using machine = new Machine(program, { ...settings.machine, rcomps });
        const time = await stopwatch(async () => mustSucceed(await machine.run()));
        results.add(await machine.readWord(RESULT, 'uq'));
        return time;
      }),
      settings.rounds,
    );
    if (results.size !== 1) throw new Error('the number of RComps has changed the result');
    const alone = measured[counts.indexOf(1)]!;
    return {
      rows: counts.map((rcomps, i) =>
        rowOf(`${rcomps} RComp${rcomps === 1 ? '' : 's'}`, measured[i]!, alone, (mine, one) => one / mine),
      ),
      notes: [],
    };
  },
};

/** From large to small, 1 the last. */
function powersBelow(limit: number): number[] {
  return [512, 256, 128, 64, 32, 16, 8, 4, 2, 1].filter((power) => power < limit || power === 1);
}

/** Runner i of n tries 3 + 2i, then every 2n-th number, and adds how many are prime to a merged word. */
export function sharedPrimes(below: number): Program {
  return withResult(
    `
  main:
    mov $3, r0
  create:
    newr blocks, blocks+8, blocks+16, blocks+24
    mov r0, STACK
    add $2, r0, r0
    br:l r0, $${3 + 2 * RUNNERS}, create
    mov $1, result                  # 2 is prime
    exit:c

  count:
    mov parameters, r0
    mov STACK, r1                   # the number
    mov $0, r5
    br:j test
  number:
    mov $3, r2                      # the divisor
  divisor:
    mul r2, r2, r3
    br:g r3:uq, r1, prime
    rem r1:uq, r2, r4
    br:z r4, next
    add $2, r2, r2
    br:j divisor
  prime:
    add $1, r5, r5
  next:
    add $${2 * RUNNERS}, r1, r1
  test:
    br:l r1:uq, r0, number
    mov r5, result
    exit:c

    .equ STACK, 0x3d0000000000
    .align 8
  blocks: .quad stack, heap, none, code
  stack: .quad STACK, 8
  heap: .quad 1, result, 8 | 1 << 56
  code: .quad count
  none: .quad 0`,
    [below],
  );
}
