import { execute, Tally, withResult } from './execution.ts';
import { type Benchmark, inTurns, rowOf, type Settings, scaled, stopwatch } from './measure.ts';

const TURNS = 300_000;
const INSTRUCTIONS_A_TURN = 3;

const CASES = [
  ['register words', 'add r1, $3, r1', ''],
  ['private memory', 'add 0x100020000, $3, 0x100020000', ''],
  ['heap', 'add (r2), $3, (r2)', '0x500000000, 0x1000'],
] as const;

export const interpreter: Benchmark = {
  name: 'interpreter',
  title:
    'The interpreter, which is the meaning: ns an instruction; the peer is the same loop of three operations on JavaScript bigints',
  async run(settings) {
    const turns = scaled(TURNS, settings);
    const interpreting: Settings = { ...settings, machine: { ...settings.machine, engine: 'interpreter' } };
    const each = (milliseconds: number) => (milliseconds * 1e6) / (turns * INSTRUCTIONS_A_TURN);
    const [peer, ...ours] = await inTurns(
      [
        async () => each(await stopwatch(() => bigints(turns))),
        ...CASES.map(([, instruction, heap]) => async () => {
          const { run } = await execute(loop(instruction, turns, heap), interpreting, new Tally());
          return each(run);
        }),
      ],
      settings.rounds,
    );
    return { rows: CASES.map(([name], i) => rowOf(name, ours[i]!, peer!)), notes: [] };
  },
};

function loop(instruction: string, turns: number, heap: string) {
  return withResult(
    `
  main:
    mov $0, r0
    mov $0x500000000, r2
  again:
    ${instruction}
    add $1, r0, r0
    br:l r0, $${turns}, again
    exit:c`,
    [],
    heap,
  );
}

function bigints(turns: number): bigint {
  let sum = 0n;
  for (let i = 0n; i < BigInt(turns); i = BigInt.asIntN(64, i + 1n)) sum = BigInt.asIntN(64, sum + 3n);
  return sum;
}
