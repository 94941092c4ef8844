import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runExample, runScript, sourceOfExample } from '../support/example.ts';
import { runs } from '../support/runs.ts';

const INPUT = 0x5_0000_0000;
const PROGRAM = 0x6_0000_0000;

describe('as printed', () => {
  test('multiplies, and can only show the answer by jumping to it', async () => {
    const { report } = await runExample('subleq-as-printed.s');

    expect(report.faults).toMatchObject([
      {
        cause: 'read-outside-ranges',
        address: BigInt.asUintN(64, -42n),
        file: 'examples/subleq-as-printed.s',
      },
    ]);
    expect(report.version).toBe(0);
  });
});

describe('repaired', () => {
  const emulate = (program: Uint8Array) =>
    runExample('subleq.s', { inputs: [{ base: INPUT, file: program }], fuel: 100_000 });
  const link = (source: string) => runScript('subleq/link.mjs', source);

  test('prints Hello', async () => {
    const { report, stdout } = await emulate(link(sourceOfExample('subleq/hello.subleq')));

    expect(report.status).toBe('done');
    expect(stdout).toBe('Hello, subleq!\n');
  });

  test.each([
    [6, 7],
    [1, 1],
    [-12, 12],
    [0, 5],
  ])('multiplies %i by %i', async (a, b) => {
    const source = sourceOfExample('subleq/multiply.subleq')
      .replace('6\n', `${a}\n`)
      .replace('7\n', `${b}\n`);
    const { words } = await emulate(link(source));

    expect(await words(PROGRAM + 24, 'q')).toEqual([BigInt(a * b)]);
  });

  test('"The emulator accepts an arbitrary subleq program and generates the corresponding output."', async () => {
    await fc.assert(
      fc.asyncProperty(anyProgram, async (cells) => {
        const expected = subleq(cells);
        fc.pre(expected !== null);
        const { report, stdout, words } = await emulate(wordsOf([cells.length, ...cells]));

        expect(report.status).toBe('done');
        expect(stdout).toBe(expected.output);
        expect(await words(PROGRAM, 'q', cells.length)).toEqual(expected.cells.map(BigInt));
      }),
      runs(40),
    );
  });
});

/** Five instructions and four cells of data; targets are instructions or the end. */
const anyProgram: fc.Arbitrary<number[]> = fc
  .record({
    code: fc.array(
      fc.record({
        a: fc.nat(18),
        b: fc.oneof({ weight: 5, arbitrary: fc.nat(18) }, { weight: 1, arbitrary: fc.constant(-1) }),
        c: fc.oneof(fc.constantFrom(0, 3, 6, 9, 12), fc.constant(-1)),
      }),
      { minLength: 5, maxLength: 5 },
    ),
    data: fc.array(fc.integer({ min: -3, max: 90 }), { minLength: 4, maxLength: 4 }),
  })
  .map(({ code, data }) => [
    ...code.flatMap(({ a, b, c }) => [a, b, c].map((cell) => (cell < 0 ? cell : PROGRAM + 8 * cell))),
    ...data,
  ]);

/** Subleq as everybody knows it. Null for a program that leaves its cells, or does not end soon. */
function subleq(program: readonly number[]): { readonly cells: number[]; readonly output: string } | null {
  const cells = [...program];
  const cellAt = (address: number) => (address - PROGRAM) / 8;
  const isCell = (address: number) =>
    Number.isInteger(cellAt(address)) && cellAt(address) >= 0 && cellAt(address) < cells.length;
  let output = '';
  let pc = PROGRAM;
  for (let steps = 0; steps < 1000; steps++) {
    if (pc < 0) return { cells, output };
    if (!isCell(pc) || !isCell(pc + 16)) return null;
    const [a, b] = cells.slice(cellAt(pc)) as [number, number];
    if (!isCell(a) || (b !== -1 && !isCell(b))) return null;
    if (b === -1) {
      const character = cells[cellAt(a)]!;
      if (character < 0 || character > 127) return null;
      output += String.fromCharCode(character);
      pc += 24;
    } else {
      const left = cells[cellAt(b)]! - cells[cellAt(a)]!;
      cells[cellAt(b)] = left;
      // Only now is C read: the instruction may have changed it.
      pc = left <= 0 ? cells[cellAt(pc) + 2]! : pc + 24;
    }
  }
  return null;
}

function wordsOf(values: readonly number[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}
