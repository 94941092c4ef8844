/** A replica that comes later: whatever goes on while it copies, it answers as the one from which it copies. */

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { createHome, type HomeState, receiveAsHome } from '../../src/actors/page-home.ts';
import type { ToHome } from '../../src/actors/protocol.ts';
import { attemptOf, CONFIG, EMPTY_MAP, Hosted, type Letter } from '../support/actors.ts';
import { runs } from '../support/runs.ts';

const PAGE = 16;
const PAGES = 5;

type Home = Hosted<HomeState, ToHome>;

/** `copies`: it has nothing yet. */
function home(node: number, copies: boolean, pageSize = PAGE): Home {
  const image = Array.from({ length: PAGES }, (_, page) => ({
    page,
    bytes: new Uint8Array(pageSize).fill(page),
  }));
  return new Hosted(
    createHome({
      kind: 'home',
      id: 0,
      node,
      replica: node,
      config: { ...CONFIG, pageSize, homes: 1, replicas: 2, nodes: 2 },
      map: EMPTY_MAP,
      image: copies ? null : image,
    }),
    receiveAsHome,
  );
}

const stage = (version: number, page: number, sv: number | null, replica = 0): ToHome => ({
  type: 'stage',
  from: addressOf('rcomp', 1),
  replica,
  attempt: attemptOf(sv === null ? 5n : 0x1000n, version),
  sv,
  patches: [
    { page, runs: [{ address: page * PAGE + (version % PAGE), bytes: Uint8Array.of(version), merge: 0 }] },
  ],
});

const decide = (version: number, previous: number, sv: number | null): ToHome => ({
  type: 'decide',
  epoch: 1,
  attempt: attemptOf(sv === null ? 5n : 0x1000n, version),
  version,
  previous,
  record: [],
});

const COPY: ToHome = {
  type: 'copy',
  epoch: 1,
  replica: 1,
  copy: 1,
  source: addressOf('home', 0, 0),
  needs: 0,
};

/** What a home answers about a page as of a version; null: it waits. */
function read(one: Home, page: number, at: number): unknown {
  const [answer] = one.tell({
    type: 'fetch',
    from: addressOf('agent', 0),
    pages: [{ page, have: -1 }],
    at,
    needs: at,
  });
  return answer?.type === 'fetched' ? answer.pages : null;
}

/** A step of the world around two replicas. */
type Event =
  | { readonly type: 'commit'; readonly page: number; readonly isArrival: boolean }
  | { readonly type: 'floor'; readonly lag: number }
  /** The master takes the end of a decided attempt, heard again, for one of no use. */
  | { readonly type: 'drop' }
  | { readonly type: 'deliver'; readonly what: 'copying' | 'world'; readonly again: boolean };

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant('commit' as const), page: fc.nat(PAGES - 1), isArrival: fc.boolean() }),
  fc.record({ type: fc.constant('floor' as const), lag: fc.nat(3) }),
  fc.record({ type: fc.constant('drop' as const) }),
  fc.record({
    type: fc.constant('deliver' as const),
    what: fc.constantFrom('copying' as const, 'world' as const, 'world' as const),
    again: fc.boolean(),
  }),
);

/** Carries what two replicas say to each other; everything else is heard by both, by the second one late. */
class Pair {
  readonly source = home(0, false);
  readonly copy = home(1, true);
  readonly #between: { readonly to: Home; readonly message: ToHome }[] = [];
  readonly #late: ToHome[] = [];
  hasCopied = false;
  version = 0;
  floor = 0;

  /** What happens before the copy is in the directory, only the source hears. */
  constructor(before: readonly Event[]) {
    for (const event of before) this.#happen(event, [this.source]);
    this.#tell(this.copy, { ...COPY, needs: this.version } as ToHome);
  }

  happen(event: Event): void {
    if (event.type === 'deliver') this.#deliver(event.what, event.again);
    else this.#happen(event, [this.source, this.copy]);
  }

  finish(): void {
    while (this.#late.length > 0) this.#deliver('world', false);
    while (this.#between.length > 0) this.#deliver('copying', false);
  }

  #happen(event: Event, hearers: readonly Home[]): void {
    if (event.type === 'commit') {
      this.version += 1;
      const { version } = this;
      const sv = event.isArrival ? null : version - 1;
      this.#say(hearers, (replica) => stage(version, event.page, sv, replica));
      this.#say(hearers, () => decide(version, version - 1, sv));
    } else if (event.type === 'drop') {
      this.#say(hearers, () => ({ type: 'drop', epoch: 1, attempt: attemptOf(0x1000n, this.version) }));
    } else if (event.type === 'floor') {
      this.floor = Math.max(this.floor, this.version - event.lag);
      const { floor } = this;
      this.#say(hearers, () => ({ type: 'floor', epoch: 1, floor }));
    }
  }

  #say(hearers: readonly Home[], messageTo: (replica: number) => ToHome): void {
    if (hearers.includes(this.source)) this.#tell(this.source, messageTo(0));
    if (hearers.includes(this.copy)) this.#late.push(messageTo(1));
  }

  /** One message between the two arrives, or the copy hears one of the world's. */
  #deliver(what: 'copying' | 'world', again: boolean): void {
    if (what === 'copying') {
      const next = this.#between.shift();
      if (next === undefined) return;
      this.#tell(next.to, next.message);
      if (again) this.#tell(next.to, next.message);
    } else {
      const late = this.#late.shift();
      if (late === undefined) return;
      this.#tell(this.copy, late);
      if (again) this.#tell(this.copy, late);
    }
  }

  #tell(one: Home, message: ToHome): void {
    for (const letter of one.tell(message)) this.#carry(letter);
  }

  #carry({ to, ...message }: Letter): void {
    if (message.type === 'copied') this.hasCopied = true;
    if (to === 'home:0@0') this.#between.push({ to: this.source, message: message as ToHome });
    if (to === 'home:0@1') this.#between.push({ to: this.copy, message: message as ToHome });
  }
}

describe('a replica that copies', () => {
  it('answers every fetch as its source does, whatever was committed before and meanwhile', () => {
    fc.assert(
      fc.property(
        fc.array(anyEvent, { maxLength: 12 }),
        fc.array(anyEvent, { maxLength: 30 }),
        (before, meanwhile) => {
          const pair = new Pair(before);
          for (const event of meanwhile) pair.happen(event);
          pair.finish();

          expect(pair.hasCopied).toBe(true);
          for (let at = pair.floor; at <= pair.version; at += 1)
            for (let page = 0; page <= PAGES; page += 1)
              expect(read(pair.copy, page, at)).toEqual(read(pair.source, page, at));
          expect(pair.copy.state.store.applied).toBe(pair.source.state.store.applied);
          expect([...pair.copy.state.arrivals]).toEqual([...pair.source.state.arrivals]);
          expect(pair.copy.state.store.retainedBytes).toBe(pair.source.state.store.retainedBytes);
        },
      ),
      runs(500),
    );
  });

  test('answers nothing before it has everything, and then all who have waited', () => {
    const [source, copy] = [home(0, false), home(1, true)];
    const [pull] = copy.tell(COPY);
    expect(read(copy, 1, 0)).toBeNull();
    const [part] = source.tell(pull as unknown as ToHome);

    expect(copy.tell(part as unknown as ToHome)).toMatchObject([
      { to: 'home:0@0', type: 'release', replica: 1 },
      { to: 'master:0@0', type: 'copied', home: 0, replica: 1 },
      { to: 'agent:0@0', type: 'fetched' },
    ]);
  });

  test('asks for a large home part by part', () => {
    const size = 2 ** 17;
    const [source, copy] = [home(0, false, size), home(1, true, size)];
    let parts = 0;
    for (let [pull] = copy.tell(COPY); pull?.type === 'pull'; parts += 1) {
      const [part] = source.tell(pull as unknown as ToHome);
      [pull] = copy.tell(part as unknown as ToHome);
    }

    expect(parts).toBe(3);
    expect(read(copy, 4, 0)).toMatchObject([{ state: 'bytes', bytes: new Uint8Array(size).fill(4) }]);
  });

  test('begins anew with another source, and heeds no part of the one before', () => {
    const [dead, alive, copy] = [home(0, false), home(2, false), home(1, true)];
    const [early] = copy.tell(COPY);
    const [part] = dead.tell(early as unknown as ToHome);
    alive.tell(stage(1, 3, 0, 2));
    alive.tell(decide(1, 0, 0));
    const [pull] = copy.tell({
      type: 'copy',
      epoch: 1,
      replica: 1,
      copy: 2,
      source: addressOf('home', 0, 2),
      needs: 1,
    });

    expect(pull).toMatchObject({ to: 'home:0@2', type: 'pull', part: 0, needs: 1 });
    expect(copy.tell(part as unknown as ToHome)).toEqual([]);
    copy.tell(alive.tell(pull as unknown as ToHome)[0] as unknown as ToHome);
    expect(read(copy, 3, 1)).toEqual(read(alive, 3, 1));
  });
});

test('a home to which nobody has ever written begins anew, with nothing', () => {
  const one = home(1, true);
  expect(one.tell({ ...COPY, source: null } as ToHome)).toEqual([
    { to: 'master:0@0', type: 'copied', home: 0, replica: 1 },
  ]);
  expect(read(one, 1, 0)).toMatchObject([{ state: 'zero' }]);
});

describe('the replica that is copied', () => {
  const PULL = {
    type: 'pull',
    from: addressOf('home', 0, 1),
    replica: 1,
    copy: 1,
    part: 0,
    needs: 0,
  } as const;

  test('answers only once it has what the other needs', () => {
    const source = home(0, false);
    expect(source.tell({ ...PULL, needs: 1 })).toEqual([]);
    source.tell(stage(1, 2, 0));

    expect(source.tell(decide(1, 0, 0))).toMatchObject([
      { to: 'home:0@1', type: 'part', last: true, contents: { applied: 1 } },
    ]);
  });

  test('keeps nothing for who has everything, or is dead, though its question is heard again (I29)', () => {
    const source = home(0, false);
    expect(source.tell(PULL)).toHaveLength(1);
    source.tell({ type: 'release', replica: 1 });

    expect(source.tell(PULL)).toEqual([]);
  });
});

test('what is said to the replica that stood here before is not for this one', () => {
  expect(home(1, true).tell({ ...COPY, replica: 0 } as ToHome)).toEqual([]);
  expect(home(1, false).tell(stage(1, 2, 0, 0))).toEqual([]);
});

test('a replica that is to go says so and is no more; an order for the one before it is not for this one', () => {
  const one = home(1, false);

  expect(one.tell({ type: 'retire', epoch: 1, replica: 0 })).toEqual([]);
  expect(one.tell({ type: 'retire', epoch: 1, replica: 1 })).toEqual([
    { to: 'master:0@0', type: 'retired', home: 0, replica: 1 },
  ]);
  expect(one.effects).toContainEqual({ type: 'stop' });
});
