/** `div`, `mul`, `sub` as one division: the same for all types, values and ways to write it. */

import { expect, test } from 'vitest';
import type { ValueType } from '../../../src/isa/value-type.ts';
import { integerTypes } from '../../support/instructions.ts';
import { judge } from '../../support/jit/judge.ts';
import { TranslatedMachine } from '../../support/jit/translated.ts';
import { worldOfSource } from '../../support/jit/world.ts';

/** Where quotient, multiple and remainder go: all in one register, apart, over the dividend, over the divisor. */
const WAYS = [
  'div A, B, r3\nmul r3, B, r3\nsub A, r3, r3',
  'div A, B, r3\nmul B, r3, r3\nsub A, r3, r4',
  'div A, B, r3\nmul r3, B, r3\nsub A, r3, r1',
  'div A, B, r3\nmul r3, B, r3\nsub A, r3, r2',
  // Those are no remainders.
  'div A, B, r1\nmul r1, B, r1\nsub A, r1, r4',
  'div A, B, r3\nmul r3, A, r3\nsub A, r3, r4',
  'div A, B, r3\nmul r3, B, r4\nsub A, r4, r5',
];

const VALUES = [0n, 1n, 2n, 7n, 100n, 0x7fn, 0x80n, 0xffn, 0x1234_5678_9abc_def0n, -(2n ** 63n), -1n, -2n];

function program(type: ValueType, way: string, a: bigint, b: bigint): string {
  const typed = way.replaceAll(/, (r\d|[AB])$/gm, (end) => `${end}:${type}`);
  return `
        .entry main
main:   mov $${a}, r1
        mov $${b}, r2
        mov $-1, r3
        mov $-1, r4
${typed.replaceAll('A', 'r1').replaceAll('B', 'r2')}
        exit:c
`;
}

test.each(WAYS.map((way) => [way.replaceAll('\n', '; '), way]))('%s', (_, way) => {
  const machine = new TranslatedMachine();
  for (const type of integerTypes)
    for (const a of VALUES)
      for (const b of VALUES.filter((_value, i) => i % 2 === Number(a & 1n)))
        expect(judge(machine, worldOfSource(program(type, way, a, b)))?.text).toBeUndefined();
});
