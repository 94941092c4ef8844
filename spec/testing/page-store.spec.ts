/** Our own store runs the suite in `spec/memory/page-store.spec.ts`; these are stores that it must not let pass. */

import { describe, expect, test } from 'vitest';
import { PageStore } from '../../src/memory/page-store.ts';
import type { PageAt } from '../../src/memory/page-versions.ts';
import { storingIn } from '../../testing/behaviour/replaced.ts';
import { behaviourSuite } from '../../testing/suites/behaviour.ts';
import { pageStoreSuite } from '../../testing/suites/page-store.ts';
import { failureIn } from '../support/failing.ts';

const SEED = 5;

class Newest extends PageStore {
  override read(page: number, at: number): PageAt | 'below-floor' {
    const read = super.read(page, Math.max(at, this.applied));
    return at < this.floor || read === 'below-floor'
      ? 'below-floor'
      : { ...read, from: Math.min(at, read.from) };
  }
}

class Data extends PageStore {
  override read(page: number, at: number): PageAt | 'below-floor' {
    return super.read(page, Math.max(at, this.floor));
  }
}

class Again extends PageStore {
  #drops = 0;

  override drop(key: string): void {
    super.drop(key);
    this.#drops += 1;
    if (this.#drops > 1) this.decide(null, this.applied + 1);
  }
}

class Hoarding extends PageStore {
  override raiseFloor(): void {}
}

describe('the suite finds', () => {
  test.each([
    ['serves its newest version', Newest, 'I10'],
    ['answers with data below its floor', Data, 'I10'],
    ['counts what is dropped again', Again, 'I29'],
    ['collects nothing', Hoarding, 'I12'],
  ])('a store that %s', async (_, Store, name) => {
    const tests = pageStoreSuite((options) => new Store(options), { seed: SEED });

    expect(await failureIn(tests, name)).toContain('expected');
  });

  test('in drawn clusters, a store that serves its newest version', async () => {
    const tests = behaviourSuite(
      storingIn((options) => new Newest(options)),
      { seed: SEED },
    );

    expect(await failureIn(tests, 'all invariants')).toContain('expected in the cluster of seed');
  });
});

describe('in drawn clusters', () => {
  const tests = behaviourSuite(
    storingIn((options) => new PageStore(options)),
    { seed: SEED, scale: 0.2 },
  );

  test('our own store passes as a guest', async () => {
    expect(await failureIn(tests, 'all invariants')).toBe('nothing fails');
  });
});
