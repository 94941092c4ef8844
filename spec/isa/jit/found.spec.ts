/** What the fuzzer has found, each as the shortest program that shows it. */

import { describe, expect, test } from 'vitest';
import { judge } from '../../support/jit/judge.ts';
import { TranslatedMachine } from '../../support/jit/translated.ts';
import { type Said, worldOfSource } from '../../support/jit/world.ts';

/** What the tiers disagree about in a program. */
function differenceIn(source: string, said: Said = {}): string | null {
  return judge(new TranslatedMachine(), worldOfSource(source, said))?.text ?? null;
}

describe('calls', () => {
  test('a return to what may not be executed any more faults at the return', () => {
    const source = `
        .entry main
        .heap main, 256
main:   mov $0:b, back:b
        bl f, r0
back:   exit:c
f:      br:j (r0)
`;
    expect(differenceIn(source)).toBeNull();
  });
});
