import { describe, expect, test } from 'vitest';
import type { Create } from '../../sim/cluster.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { changing, doing } from '../../sim/mutations/mutation.ts';
import { createActor } from '../../src/actors/actor.ts';
import type { Effect } from '../../src/actors/behaviour.ts';
import { behaviourSuite } from '../../testing/suites/behaviour.ts';
import { failureIn } from '../support/failing.ts';
import { scale } from '../support/runs.ts';

const SEED = 1;

describe('our own behaviours', () => {
  for (const { name, run } of behaviourSuite(createActor, { scale })) test(name, run);
});

describe('the suite finds', () => {
  test.each([
    ['no-validation', 'all invariants'],
    ['newest-served', 'all invariants'],
    ['first-home-only', 'all invariants'],
    ['aborted-children-kept', 'all invariants'],
    ['retry-keeps-children', 'all invariants'],
  ])('the planted bug %s', async (bug, name) => {
    const create: Create = MUTATIONS[bug]!.wrap(createActor);

    expect(await failureIn(behaviourSuite(create, { seed: SEED }), name)).toContain(
      'expected in the cluster of seed',
    );
  });

  test('an actor that heeds a message that comes again', async () => {
    const again = changing('io', (receive) => {
      let offset = 0;
      return (message) => {
        if (message.type !== 'output') return receive(message);
        offset += message.bytes.length;
        return receive({ ...message, offset: offset - message.bytes.length });
      };
    })(createActor);

    expect(await failureIn(behaviourSuite(again, { seed: SEED }), 'each message once')).toContain('expected');
  });

  test('actors of which one goes by what another has heard before', async () => {
    let last = 0;
    const gossiping: Create = (init) => {
      if (init.kind === 'master') last = 0;
      return changing('rcomp', (receive, { id }) => (message) => {
        const second = message.type === 'staged' && last < id;
        last = id;
        return second ? receive(message).map(ended) : receive(message);
      })(createActor)(init);
    };

    expect(await failureIn(behaviourSuite(gossiping, { seed: SEED }), 'neighbouring')).toContain('swapped');
  });

  test('actors that have something in common', async () => {
    let effects = 0;
    const sharing = doing('rcomp', (effect) => {
      effects += 1;
      return effects % 50 === 0 && effect.type === 'trace' ? [effect, effect] : [effect];
    })(createActor);

    expect(await failureIn(behaviourSuite(sharing, { seed: SEED }), 'the same messages')).toContain(
      'told the same',
    );
  });

  test('an actor that changes what it has heard', async () => {
    const scribbling = changing('home', (receive) => (message) => {
      const effects = receive(message);
      if (message.type === 'stage')
        for (const { runs } of message.patches) for (const { bytes } of runs) bytes.fill(0);
      return effects;
    })(createActor);

    expect(await failureIn(behaviourSuite(scribbling, { seed: SEED }), 'all invariants')).toContain(
      'expected',
    );
  });

  test('an actor that asks what time it is', async () => {
    const asking = changing(
      'agent',
      (receive) => (message) => (Date.now() > 0 ? receive(message) : []),
    )(createActor);

    expect(await failureIn(behaviourSuite(asking, { seed: SEED }), 'nobody asks')).toContain(
      'Date is not simulated',
    );
  });
});

/** A commit becomes an abort. */
function ended(effect: Effect): Effect {
  if (effect.type !== 'send' || effect.message.type !== 'ended' || effect.message.end.type !== 'commit')
    return effect;
  const { sv } = effect.message.end;
  const end = { type: 'abort', sv, detach: false, executed: 0 };
  return { ...effect, message: { ...effect.message, end } } as Effect;
}
