import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeapRange } from '../../src/actors/control-block.ts';
import { uniteHeap } from '../../src/actors/newborn.ts';
import { terrainOf } from '../../src/actors/terrain.ts';
import { ZoneMap } from '../../src/actors/zones.ts';
import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import type { Range } from '../../src/memory/ranges.ts';
import { unite } from '../../src/memory/ranges.ts';
import { controlBlock, EMPTY_MAP } from '../support/actors.ts';
import { anyRange, anyRanges, anySpans, bytesOf, STRIP } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

/** Heap ranges whose merge types do not overlap. */
const anyHeap = anySpans.map((spans) => {
  const taken = new Set<number>();
  return uniteHeap(
    spans.filter((span): span is HeapRange => {
      const bytes = bytesOf([span]);
      if (span.length === 0 || [...bytes].some((byte) => taken.has(byte))) return false;
      for (const byte of bytes) taken.add(byte);
      return true;
    }),
  );
});

const anyScene = fc.record({
  heap: anyHeap,
  watched: anyRanges.map(unite),
  stack: anyRange,
  children: fc.array(anyRange, { maxLength: 4 }),
  assembled: anyRanges.map(unite),
  file: anyRange,
  lazy: fc.boolean(),
});

type Scene = typeof anyScene extends fc.Arbitrary<infer T> ? T : never;

const anyAccess = fc.record({
  address: fc.nat(STRIP + 4),
  size: fc.constantFrom(1, 2, 4, 8),
});

function zonesOf(scene: Scene): ZoneMap {
  const { heap, watched, stack, children, assembled, file, lazy } = scene;
  const terrain = terrainOf({ ...EMPTY_MAP, assembled, files: [{ ...file, io: 3 }] });
  const zones = new ZoneMap(controlBlock({ heap, watched, stack }), terrain, lazy);
  for (const child of children) if (child.length > 0) zones.addStack(child);
  return zones;
}

const inAny = (ranges: readonly Range[], address: number): boolean =>
  ranges.some(({ base, length }) => address >= base && address < base + length);

/** Rules 16 and 17 for one byte, in the order of the sentences. */
function kindOf({ heap, stack, children, watched, assembled, file }: Scene, address: number) {
  if (inAny(heap, address)) return 'heap';
  if (inAny([stack, ...children], address)) return 'stack';
  return inAny([...watched, ...assembled, file], address) ? 'readable' : 'outside';
}

function refusalAt(scene: Scene, byte: number, address: number, size: number) {
  const kind = kindOf(scene, byte);
  if (kind === 'stack') return null;
  if (kind !== 'heap') return kind === 'readable' ? 'write-to-read-only' : 'write-outside-ranges';
  if (inAny([scene.file], byte)) return 'write-to-read-only';
  const merges = scene.heap.some((range) => range.merge !== 0 && inAny([range], byte));
  return merges && (size !== 8 || address % 8 !== 0) ? 'bad-merge-store' : null;
}

const addressesOf = (address: number, size: number): number[] =>
  Array.from({ length: size }, (_, i) => address + i);

describe('rule 17: declared ranges are the contract', () => {
  test('each byte is heap, else stack, else readable, else outside; a child’s stack is the parent’s memory', () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        const zones = zonesOf(scene);
        for (let address = 0; address < STRIP + 30; address++)
          expect(zones.zoneOf(address, 1)).toBe(kindOf(scene, address));
      }),
      runs(300),
    );
  });

  test('an access of several bytes has their common kind; “mixed” is the answer where they differ', () => {
    fc.assert(
      fc.property(anyScene, anyAccess, (scene, { address, size }) => {
        const kinds = new Set(addressesOf(address, size).map((byte) => kindOf(scene, byte)));
        const zone = zonesOf(scene).zoneOf(address, size);
        const [only] = kinds;
        if (kinds.size > 1) expect(zone).toBe('mixed');
        // Readable for several reasons: then, too, each byte is judged by itself.
        else if (zone === 'mixed') expect(only).toBe('readable');
        else expect(zone).toBe(only);
      }),
      runs(1000),
    );
  });

  test('a store is refused for its lowest byte that may not be written, for that byte’s reason', () => {
    fc.assert(
      fc.property(anyScene, anyAccess, (scene, { address, size }) => {
        const refusals = addressesOf(address, size).map((byte) => refusalAt(scene, byte, address, size));

        expect(zonesOf(scene).refusalOfStore(address, size)).toBe(
          refusals.find((refusal) => refusal !== null) ?? null,
        );
      }),
      runs(1000),
    );
  });

  test('merge words are those of heap ranges with a merge type', () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        const zones = zonesOf(scene);
        const merging = scene.heap.filter(({ merge }) => merge !== 0);

        expect(zones.hasMerges).toBe(merging.length > 0);
        for (let word = 0; word < STRIP; word += 8)
          expect(zones.isMergeWord(word)).toBe(inAny(merging, word));
      }),
      runs(300),
    );
  });
});

describe('rule 18: where instructions come from', () => {
  test('from bytes that the attempt may read, never from a stack; elsewhere only where reads are lazy', () => {
    fc.assert(
      fc.property(anyScene, (scene) => {
        const zones = zonesOf(scene);
        for (let address = 0; address < STRIP + 30; address++) {
          const kind = kindOf(scene, address);
          expect(zones.executable(address)).toBe(
            kind === 'heap' || kind === 'readable' || (kind === 'outside' && scene.lazy),
          );
        }
      }),
      runs(300),
    );
  });
});

describe('what lies in the shared region before any runner has run', () => {
  const stream = { base: 4096, length: 128, io: 3 };
  const everything = [{ base: 0, length: 2 ** 46, merge: 0 as const }];
  const zones = new ZoneMap(
    controlBlock({ heap: everything }),
    terrainOf({ ...EMPTY_MAP, streams: [stream] }),
    false,
  );

  test.each([
    ['the count of bytes', 0, 'write-to-read-only'],
    ['the end of input', 8, 'write-to-read-only'],
    ['the cursor', 16, null],
    ['the header’s rest', 24, 'write-to-read-only'],
    ['the data', 64, 'write-to-read-only'],
  ])('rule 27: the cursor is the only word of a stream that runners write: %s', (_, offset, refusal) => {
    expect(zones.refusalOfStore(stream.base + offset, 8)).toBe(refusal);
  });

  test('system words are readable by all and written by none', () => {
    const nothing = new ZoneMap(controlBlock(), terrainOf(EMPTY_MAP), false);

    expect(nothing.zoneOf(SYSTEM_RANGE.base + 24, 8)).toBe('readable');
    expect(nothing.zoneOf(SYSTEM_RANGE.base + 32, 8)).toBe('outside');
    expect(zones.refusalOfStore(SYSTEM_RANGE.base, 8)).toBe('write-to-read-only');
  });
});
