import { expect, test } from 'vitest';
import { addressOfLabel } from '../../src/index.ts';
import { decode } from '../../src/isa/codec.ts';
import { INSTRUCTIONS, type Instruction } from '../../src/isa/instructions.ts';
import type { Section } from '../../src/isa/program.ts';
import { VALUE_TYPES } from '../../src/isa/value-type.ts';
import { assembleExample, runExample, runSource, sourceOfExample } from '../support/example.ts';

test('every check of the tour holds', async () => {
  const { report, stdout } = await runExample('tour.s');

  expect(stdout).toBe('ok\n');
  expect(report).toMatchObject({ status: 'done', watchers: [] });
});

test.each([
  ['100, 27, 127', '100, 27, 126', '1\n'],
  ['move b, -1, q, -1', 'move b, -1, q, -2', /^\d+\n$/],
  ['stays ne, \\type, 3\\point, 3\\point', 'stays ne, \\type, 3\\point, 2\\point', /^\d+\n$/],
])('a check that does not hold is told: %s → %s', async (right, wrong, told) => {
  const { stdout } = await runSource(sourceOfExample('tour.s').replace(right, wrong));

  expect(stdout).toMatch(told);
});

test('the tour has every instruction with every option, every type and every addressing mode', () => {
  const toured = new Set(instructionsOf('tour.s').flatMap(sights));
  const all = INSTRUCTIONS.flatMap((row) => {
    const name = `${row.mnemonic}/${row.slots.length}`;
    return [
      ...row.options.map((option) => `${name} option ${option}`),
      ...typesOf(row).map((type) => `${name} type ${type}`),
      ...row.slots.flatMap((slot, i) => modesOf(slot).map((mode) => `${name} operand ${i} ${mode}`)),
    ];
  });

  expect(all.filter((sight) => !toured.has(sight))).toEqual([]);
});

function sights({ mnemonic, option, type, operands }: Instruction): string[] {
  const name = `${mnemonic}/${operands.length}`;
  return [
    `${name} option ${option}`,
    `${name} type ${type}`,
    ...operands.map(({ mode }, i) => `${name} operand ${i} ${mode}`),
  ];
}

function typesOf({ typing }: (typeof INSTRUCTIONS)[number]): string[] {
  const types = Object.keys(VALUE_TYPES);
  if (typing === 'none') return [];
  return typing === 'any' ? types : types.filter((type) => !type.startsWith('f'));
}

function modesOf(slot: string): string[] {
  return [...(slot === 'D' ? ['immediate'] : []), 'direct', 'indirect', 'displacement'];
}

/** All of its code, which lies in front of its data. */
function instructionsOf(file: string): Instruction[] {
  const program = assembleExample(file);
  const [{ address: start, bytes }] = program.sections as [Section];
  const end = addressOfLabel(program, 'no_stack_at');
  const code = program.lines.map(({ address }) => address).filter((address) => address < end);
  return code.flatMap((address) => decode(bytes, address - start)?.instruction ?? []);
}
