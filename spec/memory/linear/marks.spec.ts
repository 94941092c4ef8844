import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Marks } from '../../../src/memory/linear/marks.ts';
import { runs } from '../../support/runs.ts';

test.each([0, 1, 5, 31, 32, 100])(
  'marks of %i numbers are a set, also where it is asked for runs',
  (length) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(length), fc.nat(40)), { maxLength: 8 }), (added) => {
        const marks = new Marks(length);
        const model = new Set<number>();
        for (const [from, count] of added) {
          const to = Math.min(length, from + count);
          if (count === 1 && from < length) marks.add(from);
          else marks.addAll(from, to);
          for (let i = from; i < to; i++) model.add(i);
        }
        const numbers = Array.from({ length }, (_, i) => i);

        expect(numbers.filter((i) => marks.has(i))).toEqual(numbers.filter((i) => model.has(i)));
        for (let i = 0; i <= length; i++) {
          expect(marks.next(i)).toBe(numbers.find((n) => n >= i && model.has(n)) ?? length);
          expect(marks.nextFree(i)).toBe(numbers.find((n) => n >= i && !model.has(n)) ?? length);
          expect(marks.lastFree(i)).toBe(numbers.findLast((n) => n < i && !model.has(n)) ?? -1);
        }
      }),
      runs(100),
    );
  },
);
