import type { Program } from '../src/index.ts';
import { execute, mustAgree, Tally, withResult } from './execution.ts';
import { type Benchmark, type Row, type Settings, scaled, versus } from './measure.ts';
import { Native, NO_COMPILER } from './native.ts';

const BELOW = 8_000_000;

const REMAINDER = {
  rem: 'rem r1:uq, r2, r4',
  'div, mul, sub': 'div r1:uq, r2, r4\n mul r4, r2, r4\n sub r1, r4, r4',
} as const;

export const primes: Benchmark = {
  name: 'primes',
  title: `Primes below ${BELOW.toLocaleString('en-US')} counted by trial division of 64-bit integers, in ms; the peer is C`,
  async run(settings) {
    const tally = new Tally();
    const rows: Row[] = [];
    for (const way of ['rem', 'div, mul, sub'] as const) rows.push(await rowFor(way, settings, tally));
    return {
      rows: [...rows, ...tally.rows()],
      notes: rows.some(({ peer }) => peer === null) ? [NO_COMPILER] : [],
    };
  },
};

async function rowFor(way: keyof typeof REMAINDER, settings: Settings, tally: Tally): Promise<Row> {
  const below = scaled(BELOW, settings, 10);
  const program = counting(below, REMAINDER[way]);
  using peer = Native.compile(NATIVE);
  const expected = peer?.run(below).result;
  return await versus(
    `remainder by ${way}; C by %`,
    async () => {
      const { run, result } = await execute(program, settings, tally);
      if (expected !== undefined) mustAgree(result, expected);
      return run;
    },
    peer && (() => peer.run(below).milliseconds),
    settings.rounds,
  );
}

function counting(below: number, remainder: string): Program {
  return withResult(
    `
  main:
    mov parameters, r0
    mov $3, r1                      # the number
    mov $1, r5                      # 2 is prime
  number:
    mov $3, r2                      # the divisor
  divisor:
    mul r2, r2, r3
    br:g r3:uq, r1, prime
    ${remainder}
    br:z r4, next
    add $2, r2, r2
    br:j divisor
  prime:
    add $1, r5, r5
  next:
    add $2, r1, r1
    br:l r1:uq, r0, number
    mov r5, result
    exit:c`,
    [below],
  );
}

const NATIVE = `
static uint64_t work(const uint64_t *args) {
  uint64_t count = 1;
  for (uint64_t n = 3; n < args[0]; n += 2) {
    uint64_t prime = 1;
    for (uint64_t d = 3; d * d <= n; d += 2)
      if (n % d == 0) {
        prime = 0;
        break;
      }
    count += prime;
  }
  return count;
}`;
