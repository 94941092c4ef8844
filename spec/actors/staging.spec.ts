import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import type { Places, Replica } from '../../src/actors/places.ts';
import { Staging } from '../../src/actors/staging.ts';
import { homeOf } from '../../src/memory/directory.ts';
import type { PagePatch } from '../../src/memory/patch.ts';
import { attemptOf, CONFIG, lettersIn } from '../support/actors.ts';

const patch = (page: number): PagePatch => ({
  page,
  runs: [{ address: page * CONFIG.pageSize, bytes: Uint8Array.of(1), merge: 0 }],
});

/** A page of each of the two homes. */
const PAGES = [0, 1].map((home) => {
  let page = 0;
  while (homeOf(page, 2) !== home) page += 1;
  return page;
});

const A = attemptOf(0x1000n);

const replicas = (...all: (readonly [node: number, replica: number])[]): Replica[] =>
  all.map(([node, replica]) => ({ node, replica, ready: true }));

const places = (generation: number, ...homes: Replica[][]): Places => ({ generation, homes, lost: [] });

const FIRST = places(1, replicas([0, 0], [1, 1]), replicas([1, 2], [2, 3]));

const staging = (at = FIRST) =>
  new Staging(addressOf('rcomp', 4), { attempt: A, sv: 5, patches: PAGES.map(patch) }, at);

const asked = (effects: Parameters<typeof lettersIn>[0]) => lettersIn(effects).map(({ to }) => to);

describe('what is staged', () => {
  test('goes to all who keep the pages, each its part, and is held once all of them have said so', () => {
    const one = staging();

    expect(asked(one.ask())).toEqual(['home:0@0', 'home:0@1', 'home:1@1', 'home:1@2']);
    for (const replica of [0, 1, 2]) {
      one.held(replica);
      expect(one.isHeld).toBe(false);
    }
    one.held(3);
    expect([one.isHeld, one.homes, one.generation]).toEqual([true, [0, 1], 1]);
  });

  test('waits no longer for who keeps them no more', () => {
    const one = staging();
    one.ask();
    for (const replica of [0, 2, 3]) one.held(replica);

    expect(asked(one.moved(places(2, replicas([0, 0]), replicas([1, 2], [2, 3]))))).toEqual([]);
    expect([one.isHeld, one.generation]).toEqual([true, 2]);
  });

  test('goes also to who has come to keep them, and that is waited for', () => {
    const one = staging();
    one.ask();
    for (const replica of [0, 1, 2, 3]) one.held(replica);

    expect(asked(one.moved(places(2, replicas([0, 0], [1, 1], [3, 4]), replicas([1, 2], [2, 3]))))).toEqual([
      'home:0@3',
    ]);
    expect(one.isHeld).toBe(false);
    one.held(4);
    expect(one.isHeld).toBe(true);
  });

  test('goes anew to a node that has come back, as what it held before is gone', () => {
    const one = staging();
    one.ask();
    for (const replica of [0, 1, 2, 3]) one.held(replica);

    expect(asked(one.moved(places(4, replicas([0, 0], [1, 8]), replicas([1, 2], [2, 3]))))).toEqual([
      'home:0@1',
    ]);
    expect(one.isHeld).toBe(false);
  });

  test('is never held where nobody keeps the pages any more', () => {
    const one = staging(places(1, [], replicas([1, 2])));
    one.ask();
    one.held(2);

    expect(one.isHeld).toBe(false);
  });
});
