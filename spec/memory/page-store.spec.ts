import { describe, expect, test, vi } from 'vitest';
import { PageStore } from '../../src/memory/page-store.ts';
import { PageVersions } from '../../src/memory/page-versions.ts';
import { pageStoreSuite } from '../../testing/suites/page-store.ts';
import { scale } from '../support/runs.ts';

const PAGE_SIZE = 16;

describe('what a page home keeps', () => {
  for (const { name, run } of pageStoreSuite((options) => new PageStore(options), { scale })) test(name, run);

  test('raising the floor visits the pages that were written since, not all', () => {
    const collect = vi.spyOn(PageVersions.prototype, 'collect');
    const store = new PageStore({ pageSize: PAGE_SIZE });
    for (let page = 0; page < 10_000; page++) store.load(page, new Uint8Array(PAGE_SIZE));
    for (let version = 1; version <= 100; version++) {
      const runs = [{ address: version * PAGE_SIZE, bytes: Uint8Array.of(1), merge: 0 as const }];
      store.decide(null, version, [{ page: version, runs }]);
      store.raiseFloor(version);
    }

    expect(collect).toHaveBeenCalledTimes(100);
    collect.mockRestore();
  });
});
