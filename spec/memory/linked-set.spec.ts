import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LinkedSet } from '../../src/memory/linked-set.ts';
import { runs } from '../support/runs.ts';

const calls = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ what: fc.constantFrom('add', 'delete'), item: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.constant({ what: 'clear', item: 0 }) },
  ),
  { maxLength: 60 },
);

it('a linked set keeps what an array would, the newest last', () => {
  fc.assert(
    fc.property(calls, (drawn) => {
      const set = new LinkedSet<number>();
      let array: number[] = [];
      for (const { what, item } of drawn) {
        if (what === 'delete') expect(set.delete(item)).toBe(array.includes(item));
        if (what === 'add') set.add(item);
        if (what === 'clear') set.clear();
        array = what === 'clear' ? [] : array.filter((one) => one !== item);
        if (what === 'add') array.push(item);
        expect([...set]).toEqual(array);
        expect([...set.newestFirst()]).toEqual(array.toReversed());
        expect([set.size, set.oldest, set.newest]).toEqual([array.length, array[0], array.at(-1)]);
        expect(set.has(item)).toBe(array.includes(item));
      }
    }),
    runs(500),
  );
});
