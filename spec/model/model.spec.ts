/** That the reference model says what the memory model's rules say: small attempts with answers written by hand. */

import { describe, expect, it } from 'vitest';
import { attempt } from '../../sim/model/attempt.ts';
import { byteOf, Memory, merged } from '../../sim/model/memory.ts';
import type { Runner, World } from '../../sim/model/runner.ts';
import { at, build, imm } from '../../sim/programs/build.ts';
import { DEFAULT_CONFIG } from '../../src/actors/config.ts';
import { encode } from '../../src/isa/codec.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import { layoutOf } from '../../src/isa/layout.ts';

const RB = DEFAULT_CONFIG.regionBoundary;
const HEAP = RB + 0x1000;
const STACK = RB + 0x2000;
const BLOCKS = RB + 0x3000;
const R0 = layoutOf(RB).registers;

const RUNNER: Runner = {
  id: 256n,
  parent: 0n,
  index: 0,
  fi: RB,
  stack: { base: STACK, length: 16 },
  heap: [{ base: HEAP, length: 16, merge: 0 }],
  watcher: false,
  watched: [],
  persistent: false,
  serializable: false,
  status: null,
  image: new Map([[STACK + 1, 7]]),
};

const WORLD: World = {
  regionBoundary: RB,
  lazyReads: false,
  serializable: false,
  fuel: 100,
  limits: { children: 1, ranges: 4 },
  readable: [{ base: RB, length: 0x1000 }],
  readOnly: [],
  machineWritten: [],
  childId: (parent, index) => parent + BigInt(index) + 1n,
  seedOf: (id) => id,
};

/** One attempt at version 1 of code at the runner's first instruction; the heap's first byte was 1, then 2. */
function run(code: readonly Instruction[], runner: Partial<Runner> = {}, world: Partial<World> = {}) {
  const bytes = Uint8Array.from(code.flatMap((instruction) => [...encode(instruction)]));
  const memory = new Memory([
    { address: RB, bytes },
    { address: BLOCKS, bytes: blocks([STACK + 8, 16, 0, 0, RB]) },
  ]);
  memory.commit(new Map([[HEAP, 1]]));
  memory.commit(new Map([[HEAP, 2]]));
  return attempt({ ...WORLD, ...world }, { ...RUNNER, ...runner }, memory, 1);
}

/** Five words of control blocks, and before them the pointers to their parts. */
function blocks(words: readonly number[]): Uint8Array {
  const start = BLOCKS + 32;
  const pointers = [start, start + 16, start + 24, start + 32];
  return Uint8Array.from(
    [...pointers, ...words].flatMap((word) => [0, 1, 2, 3, 4, 5, 6, 7].map((i) => byteOf(BigInt(word), i))),
  );
}

const COMMIT = build('exit:c');
const NEWR = build('newr', at(BLOCKS), at(BLOCKS + 8), at(BLOCKS + 16), at(BLOCKS + 24));
const READS_BLOCKS = { readable: [...WORLD.readable, { base: BLOCKS, length: 0x100 }] };

describe('an attempt of the reference model', () => {
  it('reads its own latest write, else the state at its sv (rule 1)', () => {
    const { loads } = run([
      build('mov:b', at(HEAP), at(R0)),
      build('mov:b', imm(9), at(HEAP)),
      build('mov:b', at(HEAP), at(R0)),
      COMMIT,
    ]);
    expect(loads.map(({ bits }) => bits)).toEqual([1n, 9n]);
  });

  it('commits heap bytes and drops stack bytes; stores of equal values count (rules 4, 17)', () => {
    const { written } = run([build('mov:b', imm(1), at(HEAP)), build('mov:b', imm(5), at(STACK)), COMMIT]);
    expect([...written]).toEqual([[HEAP, 1]]);
  });

  it('hands a child what it wrote there, else its own image, else 0 (rule 16)', () => {
    const { children } = run(
      [NEWR, build('mov:b', imm(5), at(STACK + 20)), build('mov:b', imm(6), at(STACK + 9)), COMMIT],
      {
        image: new Map([
          [STACK + 8, 3],
          [STACK + 9, 4],
          [STACK + 1, 7],
        ]),
      },
      READS_BLOCKS,
    );
    expect(children.map(({ image }) => [...image])).toEqual([
      [
        [STACK + 8, 3],
        [STACK + 9, 6],
        [STACK + 20, 5],
      ],
    ]);
  });

  it.each([
    ['read-outside-ranges', build('mov', at(HEAP + 12), at(R0)), HEAP + 12],
    ['write-outside-ranges', build('mov', imm(1), at(HEAP + 12)), HEAP + 12],
    ['write-to-read-only', build('mov', imm(1), at(RB + 0x800)), RB + 0x800],
    ['bad-branch-target', build('br:j', at(STACK)), STACK],
    ['illegal-instruction', build('br:j', at(RB + 0x800)), RB + 0x800],
  ])('faults with %s where no rule allows the access (rules 17, 18)', (cause, instruction, address) => {
    expect(run([instruction, COMMIT]).fault).toMatchObject({ cause, address: BigInt(address) });
  });

  it('may not execute what it has written (rule 18)', () => {
    const heap = [{ base: RB, length: 0x100, merge: 0 }];
    const { fault } = run([build('mov:b', imm(1), at(RB + 0x40)), build('br:j', at(RB + 0x40))], { heap });
    expect(fault?.cause).toBe('bad-branch-target');
  });

  it('counts children against their limit, and control blocks against their rules', () => {
    expect(run([NEWR, NEWR, COMMIT], {}, READS_BLOCKS).fault?.cause).toBe('too-many-children');
    expect(run([NEWR, COMMIT], {}, { ...READS_BLOCKS, regionBoundary: RB }).fault).toBeNull();
  });

  it('validates a merge word that it loads before it stores it, and no other (rule 6)', () => {
    const heap = [{ base: HEAP, length: 16, merge: 1 }];
    const code = [
      build('mov', at(HEAP), at(R0)),
      build('mov', imm(1), at(HEAP)),
      build('mov', imm(1), at(HEAP + 8)),
      build('mov', at(HEAP + 8), at(R0)),
      COMMIT,
    ];
    expect(run(code, { heap }).reads).toEqual([{ base: HEAP, length: 8 }]);
    expect(run([build('mov:d', imm(1), at(HEAP)), COMMIT], { heap }).fault?.cause).toBe('bad-merge-store');
  });

  it('ends by fuel where it would go on for ever', () => {
    expect(run([build('br:j', at(RB))])).toMatchObject({
      end: 'fault',
      executed: 100,
      fault: { cause: 'fuel' },
    });
  });
});

it('merges by type: sum min max and or xor on signed words (rule 6)', () => {
  expect([1, 2, 3, 4, 5, 6].map((type) => BigInt.asIntN(64, merged(type, -4n, 6n)))).toEqual([
    2n,
    -4n,
    6n,
    4n,
    -2n,
    -6n,
  ]);
});
