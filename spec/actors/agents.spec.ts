/** What a step of the master costs in a large cluster: looks at agents and messages, never time. */

import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { AttemptEnd } from '../../src/actors/protocol.ts';
import { attemptOf, type Letter, SR } from '../support/actors.ts';
import {
  attemptOfChild,
  child,
  commit,
  ENTRY,
  ends,
  hostedMaster,
  join,
  run,
} from '../support/master-world.ts';

type Commit = Extract<AttemptEnd, { type: 'commit' }>;

const word = (n: number) => ({ base: SR + 64 * n, length: 8, merge: 0 as const });

/** A child with a word of its own. */
const writer = (index: number) => child(index, { heap: [word(index)] });

/** A master with many agents of one RComp each; the entry runs at the one that joined last, and makes children. */
function cluster(agents: number, children: number, config: Partial<MachineConfig> = {}) {
  const master = hostedMaster({ homes: agents, ...config });
  for (let id = 0; id < agents; id += 1) master.tell(join(id, 1));
  master.tell(run());
  const born = Array.from({ length: children }, (_, i) => writer(i));
  const letters = master.tell(ends(attemptOf(ENTRY), commit(0, { children: born }), agents - 1));
  return { master, letters, places: placesIn(letters) };
}

const only = (letters: readonly Letter[], type: Letter['type']) =>
  letters.filter((letter) => letter.type === type);

/** Where each runner was sent. */
function placesIn(letters: readonly Letter[]): ReadonlyMap<bigint, number> {
  return new Map(
    letters.flatMap((letter) =>
      letter.type === 'dispatch'
        ? letter.assignments.map(
            ({ attempt }) => [attempt.runner, Number(/:(\d+)@/.exec(letter.to)![1])] as const,
          )
        : [],
    ),
  );
}

/** The child has committed what it may write. */
const ending = (places: ReadonlyMap<bigint, number>, index: number, said: Partial<Commit> = {}) =>
  ends(
    attemptOfChild(index),
    commit(1, { spans: [word(index)], homes: [index % 1000], ...said }),
    places.get(child(index).id),
  );

describe('with a thousand agents', () => {
  test('a step looks at agents that it sends something to, and at no others', () => {
    const { master, letters, places } = cluster(1000, 500);
    expect(only(letters, 'dispatch')).toHaveLength(500);
    const before = master.state.agents.looks;
    for (let index = 0; index < 500; index += 1) master.tell(ending(places, index));

    expect(master.state.version).toBe(501);
    expect(master.state.agents.looks).toBe(before);
  });

  test('a commit is news to a few of those that hold runners ready, and in turn to all', () => {
    const { master, letters, places } = cluster(1000, 8000);
    expect(only(letters, 'dispatch')).toHaveLength(1000);
    const heard = new Set<string>();
    // One of the eight runners of each agent.
    for (let index = 0; index < 4000; index += 8) {
      const before = master.state.agents.looks;
      const news = only(master.tell(ending(places, index)), 'news');
      for (const { to } of news) heard.add(to);
      expect(news.length).toBeLessThanOrEqual(2);
      expect(master.state.agents.looks - before).toBeLessThanOrEqual(2);
    }

    expect(heard.size).toBe(1000);
  });

  test('the floor is announced to all at the cost of one message a commit', () => {
    const { master, letters } = cluster(1000, 1);
    let places = placesIn(letters);
    let announcements = 0;
    for (let index = 0; index < 2500; index += 1) {
      const said = master.tell(ending(places, index, { sv: index + 1, children: [writer(index + 1)] }));
      announcements += only(said, 'floor').length;
      places = placesIn(said);
    }

    expect(announcements).toBe(2000);
  });
});

describe('among agents', () => {
  test('what there is goes round in shares, and nobody is passed over', () => {
    const { letters } = cluster(10, 40);

    expect(
      only(letters, 'dispatch').map((letter) => letter.type === 'dispatch' && letter.assignments.length),
    ).toEqual(Array.from({ length: 10 }, () => 4));
  });

  test('one with an idle RComp goes before those that would only hold the runner ready', () => {
    const { master, places } = cluster(3, 6);
    const idle = places.get(child(0).id)!;
    const theirs = [0, 1, 2, 3, 4, 5].filter((index) => places.get(child(index).id) === idle);
    for (const index of theirs) master.tell(ending(places, index));
    const other = [0, 1, 2, 3, 4, 5].find((index) => !theirs.includes(index))!;
    const born = only(master.tell(ending(places, other, { children: [child(9)] })), 'dispatch');

    expect(theirs).toHaveLength(2);
    expect(placesIn(born).get(child(9).id)).toBe(idle);
  });

  test('of several with idle RComps the one that was heard from last goes first: it lacks the least news', () => {
    const { master, places } = cluster(100, 100);
    for (let index = 0; index < 99; index += 1) master.tell(ending(places, index));
    const born = only(master.tell(ending(places, 99, { children: [child(100)] })), 'dispatch');

    expect(placesIn(born).get(child(100).id)).toBe(places.get(child(99).id));
  });

  test('news name the homes that have changed since the last, and no others', () => {
    const { master, places } = cluster(100, 100);
    for (let index = 0; index < 50; index += 1) master.tell(ending(places, index));
    const tell = (index: number, made: number) =>
      only(master.tell(ending(places, index, { children: [child(made)] })), 'dispatch');

    expect(tell(60, 100)).toMatchObject([{ news: { touched: { length: 51 } } }]);
    // The same agent again, as it is the one that was heard from last.
    expect(
      master.tell(
        ends(attemptOfChild(100), commit(52, { children: [child(101)] }), places.get(child(60).id)),
      ),
    ).toMatchObject([{ type: 'dispatch', news: { touched: [] } }]);
  });
});
