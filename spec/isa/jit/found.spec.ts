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

describe('ranges larger than linear memory', () => {
  test('a loop that loads and stores finds its segments again when their windows have gone', () => {
    const source = `
        .entry main
        .heap 0x6000010f8, 0x300000
main:   mov $3, r3
outer:  mov $0x600001125, r1
        mov $264, r2
inner:  add (r1):uw, 532:uw, (r1):uw
        add r1, $0x7fe, r1
        sub r2, $1, r2
        br:nz r2, inner
        sub r3, $1, r3
        br:nz r3, outer
        exit:c
`;
    expect(differenceIn(source, { linear: 'tiny', content: 1 })).toBeNull();
  });

  test('so does one that loads from there and stores elsewhere', () => {
    const source = `
        .entry main
        .heap 0x600000000, 0x300000
main:   mov $3, r3
outer:  mov $0x600000124, r1
        mov $39, r2
inner:  add (r1), r4, r4
        mov (r1), 0x30018
        add r1, $0x4008, r1
        sub r2, $1, r2
        br:nz r2, inner
        sub r3, $1, r3
        br:nz r3, outer
        exit:c
`;
    expect(differenceIn(source, { linear: 'tiny', content: 1, words: [0x30018] })).toBeNull();
  });

  test('and one that stores until it leaves the range', () => {
    const source = `
        .entry main
        .heap 0x600000000, 0x300000
main:   mov $1, 592
        mov $0x600000000, r1
again:  add r1, $0, (r1)
        add r1, $128, r1
        br:nz 592, again
        exit:c
`;
    expect(differenceIn(source, { linear: 'tiny', content: 1 })).toBeNull();
  });
});

describe('private words', () => {
  test('two of them are kept apart where linear memory has room for few frames', () => {
    const source = `
        .entry main
main:   mov $1, 0x6418
        mov $2, 0x6080
        exit:c
`;
    for (const linear of ['tiny', 'small', 'large'] as const)
      expect(differenceIn(source, { linear, words: [0x6418, 0x6080] })).toBeNull();
  });
});
