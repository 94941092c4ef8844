/** What the fuzzer has found, each as the shortest program that shows it. */

import { describe, expect, test } from 'vitest';
import { LinearCompartment } from '../../../src/actors/linear-compartment.ts';
import { LinearMemory } from '../../../src/actors/linear-memory.ts';
import { terrainOf } from '../../../src/actors/terrain.ts';
import { FLAGS_AT, FLAGS_BYTES } from '../../../src/isa/jit/linear-layout.ts';
import { Tier } from '../../../src/isa/jit/tier.ts';
import { UnitCache } from '../../../src/isa/jit/unit-cache.ts';
import { judge } from '../../support/jit/judge.ts';
import { TranslatedMachine } from '../../support/jit/translated.ts';
import { type Said, worldOfSource } from '../../support/jit/world.ts';

/** What the tiers disagree about in a program. */
function differenceIn(source: string, said: Said = {}, machine = new TranslatedMachine()): string | null {
  return judge(machine, worldOfSource(source, said))?.text ?? null;
}

/** Creates a child that commits at once. */
const NEWR = 'newr 0x100001000, 0x100001008, 0x100001010, 0x100001018';
const POINTERS = `
        mov $stack, 0x100001000
        mov $heap, 0x100001008
        mov $watch, 0x100001010
        mov $code, 0x100001018
`;
const BLOCKS = `
        .align 8
stack:  .quad 0, 0
heap:   .quad 0
watch:  .quad 0
code:   .quad child, 0
child:  exit:c
`;

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

describe('newr', () => {
  test('is seen by a word in a local that overlaps ctx.child but does not start there', () => {
    const source = `
        .entry main
main:   mov 0x100000414:ud, r1:uq
${POINTERS}
        ${NEWR}
        mov 0x100000414:ud, r2:uq
        exit:c
${BLOCKS}`;
    expect(differenceIn(source)).toBeNull();
  });

  test('moves a pointer that a record goes by', () => {
    const source = `
        .entry main
        .heap 0x600000000, 0x1000
main:
${POINTERS}
        mov $0x600000000, ctx.child
        mov (ctx.child), r1
        br:ge r1:uq, $0:uq, then
        exit:c
then:   mov (ctx.child), r1
        ${NEWR}
        mov 8(ctx.child), r2
        exit:c
${BLOCKS}`;
    expect(differenceIn(source)).toBeNull();
  });
});

describe('segments of translated code', () => {
  /** A function that reads some private words twice, and makes accesses that share no segments. */
  const wasteful = (n: number, words: readonly string[], moves: number, rest: string) => {
    const address = (i: number) => `0x${(0x1000000 + 0x10000 * (2 * moves * n + i)).toString(16)}`;
    return `
f${n}:     add r60, $1, r60
        ${words.map((word) => `add ${word}, ${word}, r50`).join('\n')}
        ${Array.from({ length: moves }, (_, i) => `mov (${address(2 * i)}), (${address(2 * i + 1)})`).join('\n')}
        ${rest}
`;
  };

  test('that are more than there is room for do not spill into the rest of linear memory', () => {
    const source = `
        .entry f0
        ${wasteful(0, [], 290, 'bl f1, r1\nexit:c')}
        ${wasteful(1, [], 290, 'bl f2, r2\nbr:j (r1)')}
        ${wasteful(2, [], 290, 'br:j (r2)')}
`;
    expect(differenceIn(source, { linear: 'tiny' })).toBeNull();
  });

  test('that are more than there is room for do not hide private words from being wiped', () => {
    const machine = new TranslatedMachine();
    const words = Array.from({ length: 64 }, (_, i) => `0x${(0x200000 + 0x400 * i).toString(16)}`);
    const writer = `
        .entry f0
        ${wasteful(0, words, 220, 'bl f1, r1\nexit:c')}
        ${wasteful(1, words, 220, 'bl f2, r2\nbr:j (r1)')}
        ${wasteful(2, words, 220, 'bl f3, r3\nbr:j (r2)')}
        ${wasteful(3, words, 220, 'bl f4, r4\nbr:j (r3)')}
f4:     ${words.map((word) => `mov $7, ${word}`).join('\n')}
        br:j (r4)
`;
    const reader = `
        .entry main
main:   ${words.map((word) => `add r1, ${word}, r1`).join('\n')}
        exit:c
`;
    expect(differenceIn(writer, {}, machine)).toBeNull();
    expect(differenceIn(reader, {}, machine)).toBeNull();
  });

  test('are not those that another tier has left in the same linear memory', () => {
    const machine = new TranslatedMachine();
    const source = (on: 0 | 1) => `
        .entry main
        .heap 0x600000000, 0x1000
main:   mov $0x600000000, r1
        br:z 0x600000008, skip
        mov $5, (r1)
skip:   exit:c
        .org 0x600000008
        .quad ${on}
`;
    expect(differenceIn(source(0), { pages: 'ahead' }, machine)).toBeNull();
    expect(differenceIn(source(1), { pages: 'fetched' }, machine)).toBeNull();
    expect(differenceIn(source(1), { pages: 'ahead' }, machine)).toBeNull();
  });
});

describe('a region boundary below frames that another machine has pinned', () => {
  const pinning = `
        .entry main
main:   mov $1, 0xf0000
        mov $2, 0x100000
        exit:c
`;

  test('ends a segment for loads', () => {
    const machine = new TranslatedMachine();
    const source = `
        .rb 0x100000
        .entry main
        .heap 0x100000, 0x1000
        .org 0x200000
main:   mov $0xffff0, r1
again:  add r2, (r1), r2
        mov r2, 0x20008
        add r1, $8, r1
        br:l r1, $0x100100, again
        exit:c
`;
    expect(differenceIn(pinning, {}, machine)).toBeNull();
    expect(differenceIn(source, { content: 1 }, machine)).toBeNull();
  });

  test('ends a segment for stores', () => {
    const machine = new TranslatedMachine();
    const ever = Array.from({ length: 14 }, (_, i) => `mov $0xf0000, r${i + 10}\nmov r2, (r${i + 10})`);
    const source = `
        .rb 0x100000
        .entry main
        .heap 0x100000, 0x1000
        .org 0x200000
main:   ${ever.join('\n')}
        add r23, $0xfff8, r23
        mov $7, (r23)
        add r23, $8, r23
        mov $7, (r23)
        exit:c
`;
    expect(differenceIn(pinning, {}, machine)).toBeNull();
    expect(differenceIn(source, {}, machine)).toBeNull();
  });
});

describe('an attempt that is dropped while it fetches', () => {
  test('leaves no flags of blocks for the next one, which would validate code that it has not executed', () => {
    const { config, map, control, snapshot } = worldOfSource(
      `
        .entry main
        .heap 0x600000000, 0x1000
main:   mov 0x600000000, r2
        exit:c
`,
      { config: { serializable: true } },
    );
    const linear = new LinearMemory(64);
    const memory = new LinearCompartment(config, terrainOf(map), control, 0, linear);
    memory.provide([snapshot.page(Math.floor(control.fi / config.pageSize))]);
    const dropped = new Error('dropped');
    const fetch = () => {
      throw dropped;
    };
    const tier = new Tier(linear.memory, new UnitCache(memory.layout), { suspends: false, fetch });
    expect(() => tier.run({ pc: control.fi, executed: 0 }, memory, 1000, 1000)).toThrow(dropped);
    memory.release();
    expect(new Uint8Array(linear.memory.buffer, FLAGS_AT, FLAGS_BYTES).every((flag) => flag === 0)).toBe(
      true,
    );
  });
});

describe('a loop that counts', () => {
  test('does not go by a place that an access of another kind has moved', () => {
    const source = `
        .entry main
        .heap 0x600000000, 0x300000
main:   mov $400, r19
again:  mov $0x60020f282, r11
        mov $0x600001114, r15
        mov $30, r58
loop:   sub r42:b, (r11):b, r42:b
        add r15:b, r3:b, (r15):b
        add r15, $0x4008, r15
        sub r58, $1, r58
        br:g r58, $0, loop
        sub r19, $1, r19
        br:nz r19, again
        exit:c
`;
    expect(differenceIn(source, { linear: 'tiny' })).toBeNull();
  });
});
