import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WrittenMap } from '../../../src/memory/linear/written-map.ts';
import { runs } from '../../support/runs.ts';

/** A memory of 4 KiB; what is looked at is the last of it, as its map lies at the beginning. */
const LOW = 2048;
const HIGH = 4096;

const anyPlace = fc.integer({ min: LOW, max: HIGH - 8 });
const anyStores = fc.array(
  fc.oneof(
    fc.record({ at: anyPlace, size: fc.constantFrom(1, 2, 4, 8) }),
    fc.record({ at: anyPlace, size: fc.nat(200) }),
  ),
  { maxLength: 12 },
);

test('each byte has a bit, found one by one and by runs', () => {
  fc.assert(
    fc.property(anyStores, anyPlace, anyPlace, (stores, a, b) => {
      const bytes = new Uint8Array(HIGH);
      const map = new WrittenMap(bytes);
      const model = new Uint8Array(HIGH);
      for (const { at, size } of stores) {
        const to = Math.min(HIGH, at + size);
        if (size <= 8 && size > 0) map.mark(at, size);
        else map.markAll(at, to);
        model.fill(1, at, to);
      }
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const expected = (wanted: number) => {
        const found = model.subarray(from, to).indexOf(wanted);
        return found < 0 ? to : from + found;
      };

      expect(map.nextWritten(from, to)).toBe(expected(1));
      expect(map.nextUnwritten(from, to)).toBe(expected(0));
      for (const size of [1, 2, 4, 8])
        expect(map.mask(from, size)).toBe(
          model.subarray(from, from + size).reduce((mask, bit, i) => mask | (bit << i), 0),
        );
      expect([...bytes.subarray(LOW)].every((byte) => byte === 0)).toBe(true);
      map.clear(LOW, HIGH);
      expect(map.nextWritten(LOW, HIGH)).toBe(HIGH);
    }),
    runs(500),
  );
});
