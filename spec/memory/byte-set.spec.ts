import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ByteSet } from '../../src/memory/byte-set.ts';
import { unite } from '../../src/memory/ranges.ts';
import { runs } from '../support/runs.ts';

const accesses = fc.array(
  fc.record({
    base: fc.oneof(
      fc.nat(600),
      fc.nat(20).map((n) => 2 ** 46 - 40 + n),
    ),
    length: fc.integer({ min: 1, max: 20 }),
  }),
);

it('holds the bytes of every access that was added, and no others', () => {
  fc.assert(
    fc.property(accesses, (drawn) => {
      const set = new ByteSet();
      for (const { base, length } of drawn) set.add(base, length);

      expect(unite(set.ranges())).toEqual(unite(drawn));
    }),
    runs(300),
  );
});

it('costs no more for an access that comes again and again', () => {
  const set = new ByteSet();
  for (let turn = 0; turn < 1_000; turn++) set.add(250, 12);

  expect(set.ranges()).toEqual([
    { base: 250, length: 6 },
    { base: 256, length: 6 },
  ]);
});
