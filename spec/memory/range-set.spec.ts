import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RangeSet } from '../../src/memory/range-set.ts';
import { end, type Range } from '../../src/memory/ranges.ts';
import { anyRange, bytesOf, STRIP } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

const someRange = anyRange.filter(({ length }) => length > 0);
const anyChange = fc.record({ adds: fc.boolean(), range: someRange });

test('ranges that are added and removed make the set of their bytes', () => {
  fc.assert(
    fc.property(fc.array(anyChange, { maxLength: 8 }), someRange, fc.nat(STRIP), (changes, range, by) => {
      const set = new RangeSet();
      const model = new Set<number>();
      for (const { adds, range: changed } of changes) {
        if (adds) set.add(changed.base, changed.length);
        else set.remove(changed.base, changed.length);
        for (const byte of bytesOf([changed])) adds ? model.add(byte) : model.delete(byte);
      }
      const bytes = [...bytesOf([range])];

      expect(set.isEmpty).toBe(model.size === 0);
      expect(set.meets(range.base, range.length)).toBe(bytes.some((byte) => model.has(byte)));
      expect(set.covers(range.base, range.length)).toBe(bytes.every((byte) => model.has(byte)));
      const address = range.base + (by % range.length);
      expect(set.gapAround(address, range)).toEqual(gap(model, address, range));
    }),
    runs(500),
  );
});

function gap(model: ReadonlySet<number>, address: number, within: Range): Range | null {
  if (model.has(address)) return null;
  let base = address;
  while (base > within.base && !model.has(base - 1)) base -= 1;
  let stop = address + 1;
  while (stop < end(within) && !model.has(stop)) stop += 1;
  return { base, length: stop - base };
}
