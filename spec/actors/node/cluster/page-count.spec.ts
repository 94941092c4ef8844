import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PageCount } from '../../../../src/actors/node/cluster/page-count.ts';
import { pagesOf } from '../../../../src/memory/directory.ts';
import { runs } from '../../../support/runs.ts';

const PAGE = 16;

const anyRange = fc.record({
  base: fc.oneof(fc.nat(40 * PAGE), fc.integer({ min: 2 ** 46 - 40 * PAGE, max: 2 ** 46 })),
  length: fc.nat(5 * PAGE),
});

test('each page counts once, however often it is written', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyRange, { maxLength: 4 })), (commits) => {
      const count = new PageCount(PAGE);
      const pages = new Set<number>();
      for (const ranges of commits) {
        count.add(ranges);
        for (const range of ranges) for (const page of pagesOf(range, PAGE)) pages.add(page);
      }
      expect(count.bytes).toBe(pages.size * PAGE);
    }),
    runs(300),
  );
});
