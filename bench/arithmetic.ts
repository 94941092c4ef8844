import type { Program } from '../src/index.ts';
import { execute, mustAgree, Tally, withResult } from './execution.ts';
import { type Benchmark, type Row, type Settings, scaled, versus } from './measure.ts';
import { Native, NO_COMPILER } from './native.ts';

/** Each needs the one before it: two numbers that grow as Fibonacci's do, so that nothing can be added up beforehand. */
const ADDS_A_TURN = 16;

interface Place {
  readonly name: string;
  readonly adds: number;
  readonly program: (turns: number) => Program;
  readonly native: string;
}

const IN_REGISTERS = 'a += b; KEEP(a); b += a; KEEP(b);';
const IN_MEMORY = '*p += *q; KEEP_MEMORY(); *q += *p; KEEP_MEMORY();';

const PLACES: readonly Place[] = [
  {
    name: 'register words; C in registers',
    adds: 2 ** 32,
    program: (turns) => loop(turns, '', 'r1', 'r2'),
    native: nativeLoop('', IN_REGISTERS),
  },
  {
    name: 'direct private words; C in registers',
    adds: 2 ** 32,
    program: (turns) => loop(turns, '', '0x100020000', '0x100020008'),
    native: nativeLoop('', IN_REGISTERS),
  },
  {
    name: 'heap range; C in memory',
    adds: 2 ** 28,
    program: (turns) =>
      loop(turns, 'mov $0x500000000, r4\n mov $0x500000008, r5', '(r4)', '(r5)', '0x500000000, 16'),
    native: nativeLoop(
      'uint64_t *p = malloc(16), *q = p + 1; *p = a; *q = b; KEEP(p); KEEP(q);',
      IN_MEMORY,
      '*p',
    ),
  },
];

export const arithmetic: Benchmark = {
  name: 'table3-arithmetic',
  title: 'A long loop of dependent 64-bit adds, ns an add (paper, Table 3); the peer is C',
  async run(settings) {
    const tally = new Tally();
    const rows: Row[] = [];
    for (const place of PLACES) rows.push(await rowFor(place, settings, tally));
    return {
      rows: [...rows, ...tally.rows()],
      notes: rows.some(({ peer }) => peer === null) ? [NO_COMPILER] : [],
    };
  },
};

async function rowFor(
  { name, adds, program, native }: Place,
  settings: Settings,
  tally: Tally,
): Promise<Row> {
  const count = scaled(adds, settings, ADDS_A_TURN);
  const assembled = program(count / ADDS_A_TURN);
  using peer = Native.compile(native);
  const expected = peer?.run(count / ADDS_A_TURN).result;
  return await versus(
    name,
    async () => {
      const { run, result } = await execute(assembled, settings, tally);
      if (expected !== undefined) mustAgree(result, expected);
      return (run * 1e6) / count;
    },
    peer && (() => (peer.run(count / ADDS_A_TURN).milliseconds * 1e6) / count),
    settings.rounds,
  );
}

function loop(turns: number, prepare: string, a: string, b: string, heap = ''): Program {
  const pair = `add ${a}, ${b}, ${a}\n add ${b}, ${a}, ${b}\n`;
  return withResult(
    `
  main:
    ${prepare}
    mov parameters, r0
    mov parameters+8, ${a}
    mov parameters+16, ${b}
    mov $0, r3
  again:
    ${pair.repeat(ADDS_A_TURN / 2)}
    add $1, r3, r3
    br:l r3, r0, again
    mov ${a}, result
    exit:c`,
    [turns, 1, 2],
    heap,
  );
}

function nativeLoop(prepare: string, pair: string, result = 'a'): string {
  return `
static uint64_t work(const uint64_t *args) {
  uint64_t a = 1, b = 2;
  KEEP(a);
  KEEP(b);
  ${prepare}
  for (uint64_t i = 0; i < args[0]; i++) {
    ${pair.repeat(ADDS_A_TURN / 2)}
    KEEP(i);
  }
  return ${result};
}`;
}
