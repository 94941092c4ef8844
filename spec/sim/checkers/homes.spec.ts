import { describe, expect, it } from 'vitest';
import { collectedAtRest } from '../../../sim/checkers/collected-at-rest.ts';
import { homeRefinement } from '../../../sim/checkers/home-refinement.ts';
import { keptVersions } from '../../../sim/checkers/kept-versions.ts';
import { quiescence } from '../../../sim/checkers/quiescence.ts';
import { stablePrefix } from '../../../sim/checkers/stable-prefix.ts';
import { doing, type Mutation, together } from '../../../sim/mutations/mutation.ts';
import { SNAPSHOT_MUTATIONS } from '../../../sim/mutations/snapshots.ts';
import type { FetchedPage } from '../../../src/actors/protocol.ts';
import { foundBy } from '../../support/planted.ts';
import { family } from '../../support/scenario.ts';

const WORD = 0x6_0000_0000;

/** Two runners that add to one word: one of them loses and runs again. */
const TWO = family(
  { one: { code: 'add', heap: [`${WORD}, 8`] }, two: { code: 'add', heap: [`${WORD}, 8`] } },
  `add: add ${WORD}:q, $1, ${WORD}\nexit:c`,
);

const answering = (rewrite: (page: FetchedPage) => FetchedPage): Mutation['wrap'] =>
  doing('home', (effect) => {
    if (effect.type !== 'send' || effect.message.type !== 'fetched') return [effect];
    const pages = effect.message.pages.map(rewrite);
    return [{ ...effect, message: { ...effect.message, pages } } as typeof effect];
  });

/** A master that does not send these. */
const silent = (...types: readonly string[]): Mutation['wrap'] =>
  doing('master', (effect) =>
    effect.type === 'send' && types.includes(effect.message.type) ? [] : [effect],
  );

describe('I10', () => {
  const find = (wrap: Mutation['wrap'] | null) => foundBy(homeRefinement, TWO, wrap);

  it('finds nothing wrong with homes as they are', () => {
    expect(find(null)).toBeNull();
  });

  it('finds one wrong byte, also where nobody loads it', () => {
    const spoilt = answering((page) =>
      page.state === 'zero' ? { ...page, state: 'bytes', bytes: new Uint8Array(4096).fill(1, 4095) } : page,
    );
    expect(find(spoilt)).toContain('0x600000fff is 0 in version 0, not 1');
  });

  it('finds a home that vouches for versions that are not decided', () => {
    expect(find(answering((page) => ({ ...page, through: page.through + 1 })))).toContain('it vouches for');
  });

  it('finds a home that vouches for versions from before the page became so', () => {
    expect(find(answering((page) => ({ ...page, from: 0 })))).toContain('in version 0, not');
  });
});

describe('I9', () => {
  const find = (wrap: Mutation['wrap'] | null) => foundBy(stablePrefix, TWO, wrap);
  const announcing = (change: (readable: number) => number): Mutation['wrap'] =>
    doing('master', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'dispatch') return [effect];
      const news = { ...effect.message.news, readable: change(effect.message.news.readable) };
      return [{ ...effect, message: { ...effect.message, news } } as typeof effect];
    });

  it('finds nothing wrong with what agents hear', () => {
    expect(find(null)).toBeNull();
  });

  it('finds an announcement of what is not decided', () => {
    expect(find(announcing((readable) => readable + 1))).toContain('is readable, decided 0');
  });

  it('finds an announcement that falls', () => {
    let announced = 0;
    expect(find(announcing((readable) => (++announced > 2 ? 0 : readable)))).toContain(
      'is readable, after 1',
    );
  });

  it('finds a fetch that nobody answers', () => {
    const extra = doing('agent', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'fetch') return [effect];
      const pages = [...effect.message.pages, { page: 7, have: -1 }];
      return [{ ...effect, message: { ...effect.message, pages } } as typeof effect];
    });
    const refused = doing('home', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'fetched') return [effect];
      const pages = effect.message.pages.filter(({ page }) => page !== 7);
      return [{ ...effect, message: { ...effect.message, pages } } as typeof effect];
    });
    expect(find(together(extra, refused))).toContain('page 7 at 0 from home');
  });
});

describe('I11 and I12', () => {
  const flooring = (change: (floor: number) => number): Mutation['wrap'] =>
    doing('master', (effect) =>
      effect.type === 'send' && effect.message.type === 'floor'
        ? [
            {
              ...effect,
              message: { ...effect.message, floor: change(effect.message.floor) },
            } as typeof effect,
          ]
        : [effect],
    );

  it('find nothing wrong with the floor as it is', () => {
    expect(foundBy(keptVersions, TWO, null)).toBeNull();
    expect(foundBy(collectedAtRest, TWO, null)).toBeNull();
  });

  it('find a floor that passes what a live attempt may read', () => {
    const { wrap } = SNAPSHOT_MUTATIONS['collected-too-early'];
    const found = foundBy(keptVersions, TWO, wrap, { config: { rcomps: 1 } });
    expect(found).toContain('floor 2 passes attempt 1');
  });

  it('find a home that answers with data from below its floor', () => {
    const late = doing('home', (effect) =>
      effect.type === 'send' && effect.message.type === 'fetched' && effect.to.kind === 'client'
        ? [{ ...effect, message: { ...effect.message, at: 0 } } as typeof effect]
        : [effect],
    );
    expect(foundBy(keptVersions, TWO, late)).toContain('at 0 with');
  });

  it('find homes that keep old versions at rest', () => {
    expect(
      foundBy(
        collectedAtRest,
        TWO,
        flooring((floor) => floor - 1),
      ),
    ).toContain('home 0 on 0 keeps');
    expect(foundBy(collectedAtRest, TWO, silent('floor'))).toContain('home 0 on 0 keeps');
  });
});

describe('I32', () => {
  it('finds nothing left by a run as it is', () => {
    expect(foundBy(quiescence, TWO, null)).toBeNull();
  });

  it('finds what a loser staged and nobody dropped', () => {
    expect(foundBy(quiescence, TWO, silent('drop', 'floor'))).toContain('is still staged');
  });
});
