import { describe, expect, it } from 'vitest';
import { lifeCycle } from '../../../sim/checkers/life-cycle.ts';
import { oneAcceptable } from '../../../sim/checkers/one-acceptable.ts';
import { session } from '../../../sim/checkers/session.ts';
import { doing, hearing, type Mutation } from '../../../sim/mutations/mutation.ts';
import { seeded } from '../../../sim/random.ts';
import { foundBy } from '../../support/planted.ts';
import { family } from '../../support/scenario.ts';

const WORD = 0x6_0000_0000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Six runners that add to one word, on three nodes. */
const SIX = family(
  Object.fromEntries(NAMES.map((name) => [name, { code: 'add', heap: [`${WORD}, 8`] }])),
  `add: add ${WORD}:q, $1, ${WORD}\nexit:c`,
);
/** Each node runs one and holds one ready. */
const NODES = { config: { nodes: 3, rcomps: 3 }, slowLinks: true };
const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

describe('I13, of several nodes', () => {
  const find = (wrap: Mutation['wrap'] | null) =>
    SEEDS.map((seed) => foundBy(session, SIX, wrap, { ...NODES, choose: seeded(seed) })).find(
      (text) => text !== null,
    );

  it('finds nothing wrong where each node stamps what it has heard of itself', () => {
    expect(find(null)).toBeUndefined();
  });

  it('finds a node that stamps less than it has heard of', () => {
    const exact = hearing('agent', (message) =>
      message.type === 'dispatch'
        ? { ...message, assignments: message.assignments.map((one) => ({ ...one, exact: true })) }
        : message,
    );
    expect(find(exact)).toContain('when its node has heard of');
  });

  it('finds a start below what its dispatch named', () => {
    const below = doing('agent', (effect) =>
      effect.type === 'trace' && effect.event.type === 'start'
        ? [{ ...effect, event: { ...effect.event, sv: effect.event.sv - 1 } }]
        : [effect],
    );
    expect(find(below)).toContain('starts at -1, dispatched at 0');
  });
});

describe('I21', () => {
  it('finds an attempt number that is given out twice', () => {
    const again = doing('master', (effect) => {
      if (effect.type !== 'send' || effect.message.type !== 'dispatch') return [effect];
      const assignments = effect.message.assignments.map((one) => ({
        ...one,
        attempt: { ...one.attempt, number: 1 },
      }));
      return [{ ...effect, message: { ...effect.message, assignments } } as typeof effect];
    });
    expect(foundBy(oneAcceptable, SIX, null, { ...NODES, choose: seeded(1) })).toBeNull();
    expect(foundBy(oneAcceptable, SIX, again, { ...NODES, choose: seeded(1) })).toContain(
      'is dispatched after attempt 1',
    );
  });
});

describe('I20', () => {
  it('finds an RComp that is sent a runner under another, also where RComps die', () => {
    const eager = doing('agent', (effect) =>
      effect.type === 'send' && effect.message.type === 'start' ? [effect, effect] : [effect],
    );
    const deadly = { ...NODES, deaths: 9 };
    for (const seed of SEEDS)
      expect(foundBy(lifeCycle, SIX, null, { ...deadly, choose: seeded(seed) })).toBeNull();
    expect(foundBy(lifeCycle, SIX, eager, { ...deadly, choose: seeded(1) })).toContain('is sent');
  });
});
