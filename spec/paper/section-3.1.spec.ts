/** Section 3.1, DISA: the sentences that promise behaviour. */

import { expect, test } from 'vitest';
import { assemble } from '../../src/isa/assembler.ts';
import { INSTRUCTIONS } from '../../src/isa/instructions.ts';
import { departs, heldBy } from '../support/paper.ts';
import { runSource, wordsAt } from '../support/scenario.ts';

const OUT = 0x6_0000_0000;

test('"DISA, as shown in Table 1, includes a selected group of frequently used instructions."', () => {
  const base = INSTRUCTIONS.filter(({ profile }) => profile === 'base').map(({ mnemonic }) => mnemonic);
  const extended = assemble('.entry a\na: rem $7, $2, r0', { file: 'a.s', profile: 'base' });

  expect([...new Set(base)]).toEqual([
    ...['mov', 'add', 'sub', 'mul', 'div', 'and', 'or', 'xor', 'br', 'bl', 'newr', 'exit'],
  ]);
  expect(extended.ok).toBe(false);
});

heldBy(
  '"The newr and exit instructions in DISA facilitate construction of concurrent programs with a plurality of execution flows."',
  'spec/examples/counter.spec.ts',
  'five hundred runners',
);

heldBy(
  '"The emulator accepts an arbitrary subleq program and generates the corresponding output."',
  'spec/examples/subleq.spec.ts',
  'The emulator accepts an arbitrary subleq program and generates the corresponding output.',
);
departs(
  'The emulator accepts an arbitrary subleq program and generates the corresponding output.',
  '0012-subleq-repairs',
);

test('"jump to next if 0 is less than the value in the 64-bit memory range whose address is stored in addr2"', () => {
  const branches = [-1, 0, 1].map((value) => {
    const result = runSource(`
.heap ${OUT}, 16
.entry main
main:
mov $${OUT}, addr2
mov $${value}, (addr2)
br:l $0:q, (addr2), next
mov $1, ${OUT + 8}
next:
exit:c
.equ addr2, 0x1000
`);
    return wordsAt(result, OUT + 8, 1)[0] === 0n;
  });

  expect(branches).toEqual([false, false, true]);
});

test('"DISA\'s architecture does not explicitly contain registers.", yet "the memory model allows some addresses to be affiliated with registers"', () => {
  const result = runSource(`
.heap ${OUT}, 8
.entry main
main:
mov $42, 0x200000028
mov r5, ${OUT}
exit:c
`);

  expect(wordsAt(result, OUT, 1)).toEqual([42n]);
});

heldBy(
  '"the operands can refer to immediate values or memory content using direct, indirect or displacement addressing mode"',
  'spec/examples/tour.spec.ts',
  'every addressing mode',
);
