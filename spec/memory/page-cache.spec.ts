import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CachedPage, PageCache } from '../../src/memory/page-cache.ts';
import { runs } from '../support/runs.ts';

const PAGE = 16;

/** The content that begins at version `from`, vouched for through `through`. */
const content = (from: number, through: number): CachedPage => ({
  bytes: Uint8Array.of(from),
  from,
  through,
});

const anyEntry = fc.tuple(fc.nat(6), fc.nat(4)).map(([from, more]): CachedPage => content(from, from + more));

describe('the page cache of a node', () => {
  test('the newest content that was put is held, for all the versions that any answer vouched for', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), anyEntry), { maxLength: 30 }), (puts) => {
        const cache = new PageCache(PAGE * 100, PAGE);
        const put: [number, CachedPage][] = [];
        for (const [page, entry] of puts) {
          cache.put(page, entry);
          put.push([page, entry]);
          const all = put.filter(([other]) => other === page).map(([, given]) => given);
          const from = Math.max(...all.map((given) => given.from));
          const through = Math.max(
            ...all.filter((given) => given.from === from).map((given) => given.through),
          );

          expect(cache.get(page)).toEqual(content(from, through));
        }
      }),
      runs(300),
    );
  });

  test('of a full cache the page that was asked for longest ago goes first', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.tuple(fc.boolean(), fc.nat(7)), { maxLength: 60 }),
        (capacity, steps) => {
          const cache = new PageCache(capacity * PAGE, PAGE);
          let held = Array.from({ length: capacity }, (_, i) => 100 + i);
          for (const page of held) cache.put(page, content(1, 1));
          for (const [asks, page] of steps) {
            if (asks) {
              expect(cache.get(page) !== undefined).toBe(held.includes(page));
              if (held.includes(page)) held = [...held.filter((other) => other !== page), page];
            } else {
              cache.put(page, content(1, 1));
              if (!held.includes(page)) held = [...held, page].slice(-capacity);
            }
            expect(cache.size).toBe(held.length);
          }
          for (const page of held) expect(cache.get(page)).toBeDefined();
        },
      ),
      runs(300),
    );
  });

  test('a cache too small for a page holds one all the same, so that a fetched page can be used', () => {
    const cache = new PageCache(1, PAGE);
    cache.put(1, content(1, 1));
    cache.put(2, { bytes: null, from: 0, through: 4 });

    expect(cache.get(1)).toBeUndefined();
    expect(cache.get(2)).toEqual({ bytes: null, from: 0, through: 4 });
  });
});
