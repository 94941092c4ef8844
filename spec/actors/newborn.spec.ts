import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemoryMap } from '../../src/actors/config.ts';
import { newborn, uniteHeap } from '../../src/actors/newborn.ts';
import type { RawControl } from '../../src/isa/control.ts';
import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import { FaultTrap } from '../../src/isa/port.ts';
import { EMPTY_MAP, SR } from '../support/actors.ts';
import { anySpan, kindsOf } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

const RB = BigInt(SR);
const LIMIT = 2n ** 46n;
const PLAIN: RawControl = {
  stack: { base: 0n, length: 0n },
  heap: [],
  watched: [],
  persistent: false,
  serializable: false,
  fi: RB,
  status: null,
};
const MAP: MemoryMap = {
  ...EMPTY_MAP,
  files: [{ base: SR + 0x1000, length: 100, io: 3 }],
  streams: [{ base: SR + 0x2000, length: 128, io: 4 }],
};

const born = (raw: Partial<RawControl>) =>
  newborn({ ...PLAIN, ...raw }, { id: 0x2000n, parent: 0x1000n, index: 3 }, SR, MAP);

function refusalOf(raw: Partial<RawControl>): FaultTrap {
  try {
    born(raw);
  } catch (trap) {
    if (trap instanceof FaultTrap) return trap;
    throw trap;
  }
  throw new Error('it was born');
}

describe('newr: a range that wraps, leaves 46 bits, crosses or lies below RB faults the parent, the range named', () => {
  const bad: [string, { base: bigint; length: bigint }][] = [
    ['wraps around the address space', { base: 2n ** 64n - 8n, length: 16n }],
    ['leaves the 46-bit address space', { base: LIMIT - 8n, length: 9n }],
    ['leaves the 46-bit address space', { base: 2n ** 63n, length: 8n }],
    ['lies below the region boundary', { base: RB - 8n, length: 8n }],
    ['crosses the region boundary', { base: RB - 8n, length: 9n }],
  ];
  const places: [string, (range: { base: bigint; length: bigint }) => Partial<RawControl>][] = [
    ['stack', (stack) => ({ stack })],
    ['heap range', (range) => ({ heap: [{ ...range, merge: 0 }] })],
    ['watched range', (range) => ({ watched: [range] })],
  ];

  test.each(places.flatMap(([what, raw]) => bad.map(([why, range]) => [what, why, range, raw] as const)))(
    'a %s that %s',
    (what, why, range, raw) => {
      expect(refusalOf(raw(range))).toMatchObject({
        cause: 'bad-runner-control',
        address: range.base,
        detail: `${what} 0x${range.base.toString(16)} + 0x${range.length.toString(16)} ${why}`,
      });
    },
  );

  test('the first and the last byte of the shared region may be declared', () => {
    const { heap, watched } = born({
      heap: [{ base: RB, length: 8n, merge: 0 }],
      watched: [{ base: LIMIT - 8n, length: 8n }],
    });

    expect(heap).toEqual([{ base: SR, length: 8, merge: 0 }]);
    expect(watched).toEqual([{ base: 2 ** 46 - 8, length: 8 }]);
  });

  test('an empty range is ignored, wherever it lies', () => {
    const nowhere = { base: 7n, length: 0n };

    expect(born({ stack: nowhere, heap: [{ ...nowhere, merge: 1 }], watched: [nowhere] })).toMatchObject({
      stack: { length: 0 },
      heap: [],
      watched: [],
    });
  });
});

describe('newr: what else is bad-runner-control', () => {
  test.each<[string, Partial<RawControl>, bigint]>([
    [
      'a stack that overlaps the child’s own heap',
      { stack: { base: RB, length: 64n }, heap: [{ base: RB + 63n, length: 8n, merge: 0 }] },
      RB,
    ],
    ['a merge range whose base is not aligned', { heap: [{ base: RB + 4n, length: 8n, merge: 1 }] }, RB + 4n],
    ['a merge range whose length is not aligned', { heap: [{ base: RB, length: 12n, merge: 6 }] }, RB],
    [
      'heap ranges of two merge types that overlap',
      {
        heap: [
          { base: RB, length: 16n, merge: 1 },
          { base: RB + 8n, length: 16n, merge: 2 },
        ],
      },
      RB + 8n,
    ],
    [
      'a plain range over a merge range',
      {
        heap: [
          { base: RB, length: 64n, merge: 0 },
          { base: RB + 8n, length: 8n, merge: 1 },
        ],
      },
      RB + 8n,
    ],
    ['fi below the shared region', { fi: RB - 1n }, RB - 1n],
    ['fi above it', { fi: LIMIT }, LIMIT],
    ['a status address that is not aligned', { status: RB + 4n }, RB + 4n],
    ['a status address below the shared region', { status: RB - 8n }, RB - 8n],
    ['a status record that leaves it', { status: LIMIT - 56n }, LIMIT - 56n],
    [
      'a status record on system words',
      { status: BigInt(SYSTEM_RANGE.base) - 56n },
      BigInt(SYSTEM_RANGE.base) - 56n,
    ],
    ['a status record on an input file', { status: RB + 0x1060n }, RB + 0x1060n],
    ['a status record on an input stream', { status: RB + 0x1fc8n }, RB + 0x1fc8n],
  ])('%s', (_, raw, address) => {
    const refusal = refusalOf(raw);

    expect(refusal).toMatchObject({ cause: 'bad-runner-control', address });
    expect(refusal.detail).not.toBe('');
  });

  test.each<[string, Partial<RawControl>]>([
    [
      'a stack beside the heap',
      { stack: { base: RB, length: 8n }, heap: [{ base: RB + 8n, length: 8n, merge: 0 }] },
    ],
    ['a stack on watched bytes', { stack: { base: RB, length: 8n }, watched: [{ base: RB, length: 8n }] }],
    [
      'merge ranges of two types side by side',
      {
        heap: [
          { base: RB + 8n, length: 8n, merge: 2 },
          { base: RB, length: 8n, merge: 1 },
        ],
      },
    ],
    ['the last place of a status record', { status: LIMIT - 64n }],
    ['the last address as fi', { fi: LIMIT - 1n }],
  ])('but not %s', (_, raw) => {
    expect(() => born(raw)).not.toThrow();
  });
});

describe('a control block as it is born', () => {
  test('heap and watched ranges are united; kinship and flags are taken over', () => {
    const ranges = [
      { base: RB + 8n, length: 8n },
      { base: RB, length: 9n },
    ];

    expect(
      born({
        heap: ranges.map((range) => ({ ...range, merge: 0 as const })),
        watched: ranges,
        persistent: true,
        serializable: true,
        status: RB + 0x100n,
      }),
    ).toEqual({
      id: 0x2000n,
      parent: 0x1000n,
      index: 3,
      fi: SR,
      stack: { base: 0, length: 0 },
      heap: [{ base: SR, length: 16, merge: 0 }],
      watcher: true,
      watched: [{ base: SR, length: 16 }],
      persistent: true,
      serializable: true,
      status: SR + 0x100,
      image: [],
    });
  });

  test('a runner whose watched ranges are all empty is a watcher; one without is not, nor is it persistent', () => {
    expect(born({ watched: [{ base: 0n, length: 0n }] })).toMatchObject({ watcher: true, watched: [] });
    expect(born({ persistent: true })).toMatchObject({ watcher: false, persistent: false });
  });

  test('united heap ranges hold the same bytes under the same types, sorted and disjoint', () => {
    fc.assert(
      fc.property(fc.array(anySpan, { minLength: 2, maxLength: 6 }), (spans) => {
        const heap = spans.filter(({ length }) => length > 0);
        const ways = new Map<number, Set<number>>();
        for (const span of heap)
          for (const byte of kindsOf([span]).keys())
            ways.set(byte, (ways.get(byte) ?? new Set()).add(span.merge));
        if ([...ways.values()].some((types) => types.size > 1)) {
          expect(() => uniteHeap(heap)).toThrow(FaultTrap);
          return;
        }
        const united = uniteHeap(heap);

        expect(kindsOf(united)).toEqual(kindsOf(heap));
        united.slice(1).forEach(({ base, merge }, i) => {
          const left = united[i]!;
          expect(base).toBeGreaterThanOrEqual(left.base + left.length + (merge === left.merge ? 1 : 0));
        });
      }),
      runs(300),
    );
  });
});
