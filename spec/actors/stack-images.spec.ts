import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImageRun } from '../../src/actors/control-block.ts';
import { StackImages } from '../../src/actors/stack-images.ts';
import { unite } from '../../src/memory/ranges.ts';
import { WriteSet } from '../../src/memory/write-set.ts';
import { anyRange, anyRanges, bytesOf, STRIP } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

/** Sorted, disjoint, never 0: so that a lost byte shows. */
const anyImage: fc.Arbitrary<ImageRun[]> = anyRanges.map((ranges) =>
  unite(ranges).map(({ base, length }) => ({
    address: base,
    bytes: Uint8Array.from({ length }, (_, i) => 100 + ((base + i) % 100)),
  })),
);

const anyWrites = fc.array(
  fc.record({ address: fc.nat(STRIP), bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  { maxLength: 6 },
);

function contentOf(image: readonly ImageRun[]): Map<number, number> {
  return new Map(
    image.flatMap(({ address, bytes }) => [...bytes].map((byte, i) => [address + i, byte] as const)),
  );
}

describe('rule 16: a child’s stack image', () => {
  test('is, byte by byte, what the parent wrote there; else, on the parent’s own stack, the parent’s image; else 0', () => {
    fc.assert(
      fc.property(anyImage, anyRange, anyRange, anyWrites, (own, ownStack, child, writes) => {
        const set = new WriteSet(16);
        const written = new Map<number, number>();
        for (const { address, bytes } of writes) {
          set.write(address, bytes.length, bytes);
          bytes.forEach((byte, i) => {
            written.set(address + i, byte);
          });
        }
        const image = new StackImages(own).imageFor(child, ownStack, set);
        const content = contentOf(image);
        const inherited = contentOf(own);
        const onOwnStack = bytesOf([ownStack]);
        for (const byte of bytesOf([child]))
          expect(content.get(byte) ?? 0).toBe(
            written.get(byte) ?? (onOwnStack.has(byte) ? inherited.get(byte) : undefined) ?? 0,
          );

        const within = bytesOf([child]);
        expect([...content.keys()].every((byte) => within.has(byte))).toBe(true);
      }),
      runs(500),
    );
  });

  test('is sorted, disjoint, and one run where runs would touch', () => {
    fc.assert(
      fc.property(anyImage, anyRange, anyWrites, (own, child, writes) => {
        const set = new WriteSet(16);
        for (const { address, bytes } of writes) set.write(address, bytes.length, bytes);
        const ranges = new StackImages(own)
          .imageFor(child, child, set)
          .map(({ address, bytes }) => ({ base: address, length: bytes.length }));

        expect(unite(ranges)).toEqual(ranges);
      }),
      runs(300),
    );
  });

  test('does not change when the parent writes on', () => {
    const set = new WriteSet(16);
    set.write(4, 1, Uint8Array.of(1));
    const image = new StackImages([]).imageFor({ base: 0, length: 16 }, { base: 0, length: 0 }, set);
    set.write(4, 1, Uint8Array.of(2));

    expect(image).toEqual([{ address: 4, bytes: Uint8Array.of(1) }]);
  });
});

test('a stack that its runner has not written reads as its image, and as 0 where the image says nothing', () => {
  fc.assert(
    fc.property(anyImage, fc.nat(STRIP), fc.constantFrom(1, 2, 4, 8), (image, address, size) => {
      const into = new Uint8Array(size + 1).fill(0xee);
      new StackImages(image).read(address, size, into);
      const content = contentOf(image);

      expect([...into]).toEqual([
        ...Array.from({ length: size }, (_, i) => content.get(address + i) ?? 0),
        0xee,
      ]);
    }),
    runs(300),
  );
});
