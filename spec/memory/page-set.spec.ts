import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pagesOf } from '../../src/memory/directory.ts';
import { PageSet } from '../../src/memory/page-set.ts';
import { runs } from '../support/runs.ts';

const PAGE = 16;

const anyRange = fc.record({
  base: fc.oneof(fc.nat(40 * PAGE), fc.integer({ min: 2 ** 46 - 40 * PAGE, max: 2 ** 46 })),
  length: fc.nat(5 * PAGE),
});

test('each page is in it once, however often it is added', () => {
  fc.assert(
    fc.property(fc.array(anyRange), (ranges) => {
      const set = new PageSet(PAGE);
      const pages = new Set<number>();
      for (const range of ranges) {
        set.addRange(range);
        for (const page of pagesOf(range, PAGE)) pages.add(page);
      }
      expect([set.size, set.bytes]).toEqual([pages.size, pages.size * PAGE]);
      expect(new Set(set)).toEqual(pages);
      expect([...set]).toHaveLength(pages.size);
    }),
    runs(300),
  );
});
