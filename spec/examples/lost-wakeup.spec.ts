import { expect, test } from 'vitest';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { seeded } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import { createActor } from '../../src/actors/actor.ts';
import { runExample, sourceOfExample } from '../support/example.ts';
import { runSource, wordsAt } from '../support/scenario.ts';

const FIRST = 0x6_0000_0000;
const ORDERS = 3000;
const WEATHER = { slowLinks: true, config: { rcomps: 3, homes: 2 } };

test('the watcher sees both words', async () => {
  const { report, words } = await runExample('lost-wakeup.s');

  expect(report.status).toBe('done');
  expect(await words('first', 'q', 3)).toEqual([1n, 1n, 1n]);
});

test('rule 20: a watcher watches from its creator’s sv, so in thousands of orders no wake-up is lost', () => {
  const source = sourceOfExample('lost-wakeup.s');
  const setters = { first: 0, second: 0 };
  for (let seed = 0; seed < ORDERS; seed++) {
    const result = runSource(source, { ...WEATHER, choose: seeded(seed) });

    expect(result.summary.watchers, `seed ${seed}`).toEqual([]);
    expect(wordsAt(result, FIRST, 3), `seed ${seed}`).toEqual([1n, 1n, 1n]);
    for (const setter of setBehindItsBack(result)) setters[setter]++;
  }

  // The dangerous orders have been among them: counted from the creator's commit, these wake-ups would be lost.
  expect(setters.first).toBeGreaterThan(10);
  expect(setters.second).toBeGreaterThan(10);
});

test('were it to watch from its creator’s commit, some of these orders would end with a watcher that waits for ever', () => {
  const source = sourceOfExample('lost-wakeup.s');
  const { wrap } = MUTATIONS['watching-from-the-commit']!;
  const hung = Array.from({ length: 200 }, (_, seed) =>
    runSource(source, { ...WEATHER, choose: seeded(seed), create: wrap(createActor) }),
  ).filter(({ summary }) => summary.watchers.length > 0);

  expect(hung.length).toBeGreaterThan(0);
});

/** The words that were set after the snapshot of a runner that creates the watcher again, and before its commit. */
function setBehindItsBack({ log }: SimResult): ('first' | 'second')[] {
  const again = log.filter(
    ({ run }) => run?.control.watcher && run.end.type === 'commit' && run.end.children.length > 0,
  );
  return again.flatMap(({ sv, version }) =>
    log.slice(sv, version - 1).flatMap(({ spans }) => {
      if (spans.some(({ base }) => base === FIRST)) return ['first' as const];
      return spans.some(({ base }) => base === FIRST + 8) ? ['second' as const] : [];
    }),
  );
}
