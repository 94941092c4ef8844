import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Extent, within } from '../../sim/model/extent.ts';
import { ExtentIndex } from '../../sim/model/extent-index.ts';
import { Memory, type Written } from '../../sim/model/memory.ts';
import { runs } from '../support/runs.ts';

const anyAddress = fc.integer({ min: 0, max: 300 });
const anyExtent: fc.Arbitrary<Extent> = fc.record({ base: anyAddress, length: fc.nat(150) });
const anyWritten: fc.Arbitrary<Written> = fc
  .array(fc.tuple(anyAddress, fc.nat(255)), { maxLength: 6 })
  .map((pairs) => new Map(pairs));
const anyLog = fc.array(anyWritten, { maxLength: 12 });

describe('the memory of the model', () => {
  it('is M_0, overwritten by W_1, W_2, … byte by byte, in every version', () => {
    fc.assert(
      fc.property(anyLog, fc.uint8Array({ minLength: 1, maxLength: 90 }), (log, loaded) => {
        const memory = new Memory([{ address: 30, bytes: loaded }]);
        const plain = [new Map([...loaded].map((byte, i) => [30 + i, byte]))];
        for (const written of log) {
          memory.commit(written);
          plain.push(new Map([...plain.at(-1)!, ...written]));
        }
        for (const [version, bytes] of plain.entries()) {
          const image = Uint8Array.from({ length: 310 }, (_, at) => bytes.get(at) ?? 0);
          expect(memory.bytes(0, 310, version)).toEqual(image);
          expect([...image.keys()].filter((at) => memory.at(at, version) !== image[at])).toEqual([]);
          expect(memory.difference(0, image, version)).toBeNull();
          image[200]! ^= 1;
          expect(memory.difference(100, image.subarray(100), version)).toBe(200);
        }
      }),
      runs(100),
    );
  });

  it('finds the first write to some bytes, as whoever looks through the whole log', () => {
    const anySearch = fc.record({
      extents: fc.array(anyExtent, { maxLength: 3 }),
      after: fc.nat(12),
      through: fc.nat(12),
      spared: fc.nat(12),
    });
    fc.assert(
      fc.property(anyLog, anySearch, (log, { extents, after, through, spared }) => {
        const memory = new Memory([]);
        for (const written of log) memory.commit(written);
        const first = log.findIndex(
          (written, i) =>
            i + 1 > after &&
            i + 1 <= through &&
            i + 1 !== spared &&
            [...written.keys()].some((at) => within(extents, at)),
        );
        const found = memory.firstWrite(extents, after, through, (version) => version !== spared);
        expect(found?.version ?? 0).toBe(first + 1);
      }),
      runs(300),
    );
  });
});

describe('the index of extents', () => {
  it('finds whom some bytes, or ranges, concern, as whoever asks them all', () => {
    const anyRange = fc.record({
      base: fc.nat(40_000),
      length: fc.oneof(fc.nat(10_000), fc.constant(400_000), fc.constant(0)),
    });
    const anyRanges = fc.array(anyRange, { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(anyRanges, { maxLength: 6 }),
        fc.nat(5),
        fc.array(fc.nat(50_000), { maxLength: 8 }),
        anyRanges,
        (owners, gone, bytes, ranges) => {
          const index = new ExtentIndex<number>();
          for (const [owner, its] of owners.entries()) index.add(owner, its);
          index.delete(gone);
          const all = [...owners.entries()].filter(([owner]) => owner !== gone);
          const touched = all.filter(([, its]) => bytes.some((at) => within(its, at)));
          const met = all.filter(([, its]) =>
            its.some((a) =>
              ranges.some((b) => Math.min(a.base + a.length, b.base + b.length) > Math.max(a.base, b.base)),
            ),
          );
          expect([...index.touched(bytes)].sort()).toEqual(touched.map(([owner]) => owner));
          expect([...index.overlapping(ranges)].sort()).toEqual(met.map(([owner]) => owner));
          expect(bytes.filter((at) => index.has(at))).toEqual(
            bytes.filter((at) => all.some(([, its]) => within(its, at))),
          );
        },
      ),
      runs(300),
    );
  });
});
