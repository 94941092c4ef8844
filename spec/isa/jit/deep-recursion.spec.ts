/** Recursion deeper than the host's stack. */

import { expect, test } from 'vitest';
import { judge } from '../../support/jit/judge.ts';
import { TranslatedMachine } from '../../support/jit/translated.ts';
import { worldOfSource } from '../../support/jit/world.ts';

/** Counts down by recursion; a function with as many words in locals as there may be. */
const SOURCE = `
        .entry main
        .heap 0x600000000, 0x1000000
main:   mov $20000, r1
        mov $0x600000000, r63
        bl down, r0
        exit:c
down:   br:z r1, back
        mov r0, (r63)
        add r63, $8, r63
        sub r1, $1, r1
${Array.from({ length: 60 }, (_, i) => `add r${(i % 50) + 2}, $${i}, 0x${(0x1_0000_2000 + 8 * i).toString(16)}`).join('\n')}
        bl down, r0
        sub r63, $8, r63
        mov (r63), r0
back:   br:j (r0)
`;

test('deep recursion does not overflow the host’s stack, and means the same', () => {
  const machine = new TranslatedMachine();

  expect(judge(machine, worldOfSource(SOURCE, { fuel: 1e9 }))).toBeNull();
  expect(machine.interpreted).toBe(0);
});
