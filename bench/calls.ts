import type { Program } from '../src/index.ts';
import { execute, mustAgree, Tally, withResult } from './execution.ts';
import { type Benchmark, type Row, type Settings, versus } from './measure.ts';
import { Native, NO_COMPILER } from './native.ts';

const N = 38;

/** Calls grow by the golden ratio with each step of n. */
const GROWTH = (1 + Math.sqrt(5)) / 2;

export const calls: Benchmark = {
  name: 'calls',
  title:
    'Recursive Fibonacci by `bl`, with links and arguments on a stack in memory, in ms; the peer is C with noinline functions',
  async run(settings) {
    const n = Math.max(2, N + Math.round(Math.log(settings.size) / Math.log(GROWTH)));
    const tally = new Tally();
    const rows = [
      await rowFor('C that makes every call', n, 'KEEP(a);', settings, tally),
      await rowFor('C where -O2 makes loops of half the calls', n, '', settings, tally),
    ];
    return {
      rows: [...rows, ...tally.rows()],
      notes: rows.some(({ peer }) => peer === null) ? [NO_COMPILER] : [],
    };
  },
};

async function rowFor(
  peerName: string,
  n: number,
  keep: string,
  settings: Settings,
  tally: Tally,
): Promise<Row> {
  const program = fibonacci(n);
  using peer = Native.compile(native(keep));
  const expected = peer?.run(n).result;
  return await versus(
    `fib(${n}); ${peerName}`,
    async () => {
      const { run, result } = await execute(program, settings, tally);
      if (expected !== undefined) mustAgree(result, expected);
      return run;
    },
    peer && (() => peer.run(n).milliseconds),
    settings.rounds,
  );
}

/** r1: argument and result, r2: stack pointer, r9: link. */
function fibonacci(n: number): Program {
  return withResult(
    `
  main:
    mov ctx.stack, r2
    mov parameters, r1
    bl fib, r9
    mov r1, result
    exit:c
  fib:
    br:l r1, $2, leaf
    mov r9, (r2)
    mov r1, 8(r2)
    add $24, r2, r2
    sub r1, $1, r1
    bl fib, r9
    mov r1, -8(r2)
    sub -16(r2), $2, r1
    bl fib, r9
    add -8(r2), r1, r1
    sub r2, $24, r2
    mov (r2), r9
  leaf:
    br:j (r9)`,
    [n],
  );
}

/** Without the barrier after the last call, gcc turns it into a loop. */
function native(keep: string): string {
  return `
static __attribute__((noinline, noclone)) uint64_t fib(uint64_t n) {
  if (n < 2) return n;
  uint64_t a = fib(n - 1);
  a += fib(n - 2);
  ${keep}
  return a;
}

static uint64_t work(const uint64_t *args) {
  return fib(args[0]);
}`;
}
