import type { Program } from '../src/index.ts';
import { execute, mustAgree, Tally, withResult } from './execution.ts';
import { type Benchmark, type Row, type Settings, scaled, versus } from './measure.ts';
import { Native, NO_COMPILER } from './native.ts';

/** 64 MiB of words. */
const WORD_BITS = 23;
const ACCESSES = 2 ** 26;
const BASE = 0x10_0000_0000;

/** Knuth's MMIX generator; its high bits choose the word. */
const MULTIPLIER = 6364136223846793005n;
const INCREMENT = 1442695040888963407n;

const ACCESS = {
  reads: { ours: 'add r5, (r2), r5', native: 'sum += *p; KEEP(sum);' },
  'tracked writes': { ours: 'mov r1, (r2)', native: '*p = x; KEEP_MEMORY();' },
} as const;

type Kind = keyof typeof ACCESS;

export const random: Benchmark = {
  name: 'random',
  title:
    'Random 64-bit accesses over 64 MiB of heap range that the runner has filled before, ns an access; the peer is C',
  async run(settings) {
    const tally = new Tally();
    const rows: Row[] = [];
    for (const kind of ['reads', 'tracked writes'] as const) rows.push(await rowFor(kind, settings, tally));
    return {
      rows: [...rows, ...tally.rows()],
      notes: rows.some(({ peer }) => peer === null) ? [NO_COMPILER] : [],
    };
  },
};

/** Filling the range, and committing it, cost the same with and without the accesses: what they cost is the difference. */
async function rowFor(kind: Kind, settings: Settings, tally: Tally): Promise<Row> {
  const accesses = scaled(ACCESSES, settings);
  const bits = Math.max(4, WORD_BITS + Math.ceil(Math.log2(Math.min(1, settings.size))));
  const filling = program(kind, bits, 0);
  const whole = program(kind, bits, accesses);
  using peer = Native.compile(native(kind));
  const expected = peer?.run(bits, accesses).result;
  return await versus(
    `random ${kind}`,
    async () => {
      const without = await execute(filling, settings, tally);
      const { executing, result } = await execute(whole, settings, tally);
      if (expected !== undefined) mustAgree(result, expected);
      return ((executing - without.executing) * 1e6) / accesses;
    },
    peer &&
      (() => {
        const without = peer.run(bits, 0);
        return ((peer.run(bits, accesses).milliseconds - without.milliseconds) * 1e6) / accesses;
      }),
    settings.rounds,
  );
}

function program(kind: Kind, bits: number, accesses: number): Program {
  const bytes = 8 * 2 ** bits;
  return withResult(
    `
  main:
    mov parameters, r0                # accesses
    mov parameters+8, r3              # end of the range
    mov parameters+16, r10
    mov parameters+24, r11
    mov $${BASE}, r12
    mov $1, r1
    mov r12, r2
  fill:
    mov r2, (r2)
    add $8, r2, r2
    br:l r2:uq, r3, fill
    mov $0, r4
    mov $0, r5
    br:j test
  again:
    mul r1, r10, r1
    add r1, r11, r1
    shr r1:uq, $${64 - bits}, r2
    shl r2, $3, r2
    add r12, r2, r2
    ${ACCESS[kind].ours}
    add $1, r4, r4
  test:
    br:l r4, r0, again
    add r5, r1, result
    exit:c`,
    [accesses, BASE + bytes, MULTIPLIER, INCREMENT],
    `${BASE}, ${bytes}`,
  );
}

function native(kind: Kind): string {
  return `
static uint64_t work(const uint64_t *args) {
  uint64_t words = 1ull << args[0], shift = 64 - args[0], x = 1, sum = 0;
  uint64_t *base = malloc(8 * words);
  for (uint64_t i = 0; i < words; i++) {
    base[i] = ${BASE}ull + 8 * i;
    KEEP_MEMORY();
  }
  for (uint64_t i = 0; i < args[1]; i++) {
    x = x * ${MULTIPLIER}ull + ${INCREMENT}ull;
    uint64_t *p = base + (x >> shift);
    ${ACCESS[kind].native}
  }
  return sum + x;
}`;
}
