import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Treatment } from '../../../sim/decisions.ts';
import { FAULT_EVENTS, type FaultKind } from '../../../sim/faults.ts';
import type { Mishap } from '../../../sim/mishap.ts';
import type { Delivery } from '../../../sim/network.ts';
import { isMishap } from '../../../sim/network.ts';
import { addressOf } from '../../../src/actors/address.ts';
import { runs } from '../../support/runs.ts';
import {
  anyMishaps,
  anyPosts,
  arrivals,
  delivered,
  drain,
  home,
  NODES,
  networkIn,
  PACE,
  post,
  Weather,
} from '../../support/timed.ts';

const pairOf = ({ from, to }: Delivery) => `${from.id}>${to.id}`;
const nodes = ({ from, to }: Delivery) => [from, to].map(({ id }) => Number(id) % NODES);
const linkOf = (delivery: Delivery) => nodes(delivery).join('>');
const isRemote = (delivery: Delivery) => new Set(nodes(delivery)).size === 2;
const numbers = (deliveries: readonly Delivery[]) => deliveries.map(({ number }) => number);
const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

/** Within each group, what comes for the first time comes in the order of sending. */
function expectInOrder(deliveries: readonly Delivery[], groupOf: (delivery: Delivery) => string): void {
  const firsts = deliveries.filter(({ repeated }) => !repeated);
  for (const group of new Set(firsts.map(groupOf))) {
    const sent = numbers(firsts.filter((one) => groupOf(one) === group));
    expect(sent).toEqual(ascending(sent));
  }
}

describe('whatever goes wrong between nodes', () => {
  const always = (name: string, check: (deliveries: Delivery[], count: number) => void) =>
    it(name, () => {
      fc.assert(
        fc.property(anyPosts, anyMishaps, (posts, mishaps) => check(delivered(posts, mishaps), posts.length)),
        runs(300),
      );
    });

  always('from one actor to another messages arrive in the order of sending', (deliveries) =>
    expectInOrder(deliveries, pairOf),
  );

  always('each message comes once for the first time while both ends live', (deliveries, count) => {
    const firsts = deliveries.filter(({ repeated }) => !repeated);
    expect(ascending(numbers(firsts))).toEqual(Array.from({ length: count }, (_, i) => i + 1));
  });

  always('what comes again is marked, and comes after the first time', (deliveries) => {
    const seen = new Set<number>();
    for (const { number, repeated } of deliveries) {
      expect(repeated).toBe(seen.has(number));
      seen.add(number);
    }
  });

  always('virtual time never falls, and nothing arrives before it is sent', (deliveries) => {
    const times = deliveries.map(({ received }) => received);
    expect(times).toEqual(ascending(times));
    for (const { time, received } of deliveries) expect(received).toBeGreaterThan(time);
  });

  always('a node handles one message at a time', (deliveries) => {
    for (let node = 0; node < NODES; node += 1) {
      const times = deliveries.filter(({ to }) => Number(to.id) % NODES === node).map((one) => one.received);
      for (const [i, time] of times.entries())
        if (i > 0) expect(time - times[i - 1]!).toBeGreaterThanOrEqual(PACE.message);
    }
  });

  it('one connection reorders nothing between two nodes', () => {
    fc.assert(
      fc.property(anyPosts, anyMishaps, (posts, mishaps) =>
        expectInOrder(delivered(posts, mishaps, { connections: 'one' }).filter(isRemote), linkOf),
      ),
      runs(300),
    );
  });
});

/** Something that is still under way when all else is over: where nothing is, nothing goes wrong. */
const LATER = [home(2), home(5), 900] as const;

/** What becomes of messages 1 and 2, posted at 0 from node 0 to node 1, where nothing goes wrong. */
const UNDISTURBED = ['1@100', '2@101'];

function treated(first: Treatment): string[] {
  const network = networkIn(new Weather([first]));
  post(network, 1, home(0), home(1));
  post(network, 2, home(0), home(1));
  return arrivals(network);
}

/** Two messages there, and two back, with a mishap before they arrive. */
function disturbed(mishap: Mishap): Record<'there' | 'back', string[]> {
  const network = networkIn(new Weather([], [{ time: 50, mishap }]));
  for (const number of [1, 2]) post(network, number, home(0), home(1));
  for (const number of [3, 4]) post(network, number, home(1), home(0));
  const all = arrivals(network);
  return {
    there: all.filter((one) => /^[12]@/.test(one)),
    back: all.filter((one) => /^[34]@/.test(one)),
  };
}

const BACK = ['3@100', '4@101'];

describe('each kind of fault has its effect:', () => {
  const shown = new Set<FaultKind>();
  const kind = (name: FaultKind, check: () => void) => {
    shown.add(name);
    test(name, check);
  };

  kind('delay', () => expect(treated({ delay: 70 })).toEqual(['1@170', '2@171']));
  kind('drop', () => expect(treated({ drops: 2 })).toEqual(['1@2100', '2@2101']));
  kind('duplicate', () => expect(treated({ repeat: 30 })).toEqual([...UNDISTURBED, '1@130 again']));
  kind('late-replay', () => expect(treated({ replay: 9_000 })).toEqual([...UNDISTURBED, '1@9100 again']));

  kind('reorder', () => {
    const order = (connections: 'many' | 'one') => {
      const network = networkIn(new Weather([{ delay: 70 }]), { connections });
      post(network, 1, home(0), home(1));
      post(network, 2, home(3), home(4));
      return arrivals(network);
    };
    expect(order('many')).toEqual(['2@100', '1@170']);
    expect(order('one')).toEqual(['1@170', '2@171']);
  });

  kind('clog', () =>
    expect(disturbed({ kind: 'clog', from: 0, to: 1, until: 500 })).toEqual({
      there: ['1@500', '2@501'],
      back: BACK,
    }),
  );

  kind('half-open', () => {
    const network = networkIn(
      new Weather([], [{ time: 150, mishap: { kind: 'half-open', from: 0, to: 1, until: 500 } }]),
    );
    post(network, 1, home(0), home(1));
    post(network, 2, home(0), home(1), 60);
    expect(arrivals(network)).toEqual(['1@100', '2@500', '1@600 again']);
  });

  kind('reset', () => {
    const network = networkIn(
      new Weather([], [{ time: 150, mishap: { kind: 'reset', from: 0, to: 1, until: 160 } }]),
    );
    post(network, 1, home(0), home(1));
    post(network, 2, home(1), home(0));
    post(network, 3, ...LATER);
    expect(arrivals(network)).toEqual(['1@100', '2@100', '1@260 again', '2@260 again', '3@903']);
  });

  kind('partition', () =>
    expect(disturbed({ kind: 'partition', nodes: [0, 2], until: 500 })).toEqual({
      there: ['1@500', '2@501'],
      back: ['3@500', '4@501'],
    }),
  );

  kind('one-way-partition', () => {
    const { there, back } = disturbed({ kind: 'one-way-partition', nodes: [0], until: 500 });
    expect(there).toEqual(['1@500', '2@501']);
    // Node 1 hears of nothing that it was heard, and sends again.
    expect(back).toEqual([...BACK, '3@600 again', '4@601 again']);
  });

  kind('isolate', () =>
    expect(disturbed({ kind: 'isolate', nodes: [1], until: 500 })).toEqual({
      there: ['1@500', '2@501'],
      back: ['3@500', '4@501'],
    }),
  );

  kind('slow-node', () =>
    expect(disturbed({ kind: 'slow-node', node: 1, factor: 30, until: 500 })).toEqual({
      there: ['1@100', '2@130'],
      back: BACK,
    }),
  );

  kind('pause', () =>
    expect(disturbed({ kind: 'pause', node: 1, until: 500 })).toEqual({
      there: ['1@500', '2@501'],
      back: BACK,
    }),
  );

  kind('node-crash', () => {
    const crash = { kind: 'node-crash', node: 1, until: 500, noticedAfter: 9, loses: true } as const;
    const network = networkIn(new Weather([], [{ time: 50, mishap: crash }]));
    post(network, 1, addressOf('agent', 1), home(0));
    expect(drain(network)).toEqual([crash, { kind: 'node-restart', node: 1 }]);
  });

  kind('compartment-death', () => {
    const network = networkIn(new Weather([{ deadly: true }]));
    post(network, 1, addressOf('rcomp', 1), addressOf('compartment', 1));
    expect(network.next()).toMatchObject({ number: 1, deadly: true });
  });

  /** What befalls actors, the network only tells of; what they make of it, the cluster's specs show. */
  test.each<Mishap>([
    { kind: 'rcomp-crash', rcomp: 1 },
    { kind: 'clock-jump', word: 0x3f00_0000_0010, events: 3 },
    { kind: 'cancel' },
    { kind: 'node-leave', node: 1 },
    { kind: 'master-crash', unsynced: 1, since: 0 },
    { kind: 'device-failure', io: 1 },
  ])('$kind', (mishap) => {
    shown.add(mishap.kind as FaultKind);
    const network = networkIn(new Weather([], [{ time: 50, mishap }]));
    post(network, 1, home(0), home(1));
    expect(drain(network)).toEqual([mishap, expect.objectContaining({ number: 1, received: 100 })]);
    expect(network.counts.of(mishap.kind as FaultKind)).toBe(1);
  });

  test('and none is without its line here', () => {
    expect(FAULT_EVENTS.filter((name) => !shown.has(name))).toEqual([]);
  });
});

it('what has waited at a cut is not overtaken by what arrives at the moment in which it is mended', () => {
  const cut: Mishap = { kind: 'clog', from: 0, to: 1, until: 500 };
  const network = networkIn(new Weather([], [{ time: 50, mishap: cut }]));
  post(network, 1, home(0), home(1));
  post(network, 2, home(2), home(5), 60);
  // One is under way when the link is cut, one sets out later.
  post(network, 3, home(0), home(4), 400);
  expect([network.next(), network.next()]).toEqual([cut, expect.objectContaining({ number: 2 })]);
  post(network, 4, home(3), home(1), 500 - network.now - PACE.latency);

  expect(arrivals(network)).toEqual(['1@500', '3@501', '4@502']);
});

describe('who dies', () => {
  it('gets nothing that was under way to it, not even later', () => {
    const network = networkIn(new Weather([{ replay: 700 }]));
    post(network, 1, home(0), home(1));
    network.forget(home(1));
    post(network, 2, home(0), home(1));

    expect(arrivals(network)).toEqual(['2@100']);
  });

  it('is not sent again what its earlier incarnation had got', () => {
    const network = networkIn(
      new Weather([], [{ time: 150, mishap: { kind: 'half-open', from: 0, to: 1, until: 500 } }]),
    );
    post(network, 1, home(0), home(1));
    post(network, 2, ...LATER);
    expect(network.next()).toMatchObject({ number: 1 });
    network.forget(home(1));

    expect(arrivals(network)).toEqual(['2@903']);
  });

  it('sends nothing again', () => {
    const crash = { kind: 'node-crash', node: 1, until: 400, noticedAfter: 9, loses: false } as const;
    const network = networkIn(
      new Weather(
        [],
        [
          { time: 150, mishap: { kind: 'half-open', from: 1, to: 0, until: 500 } },
          { time: 160, mishap: crash },
        ],
      ),
    );
    post(network, 1, addressOf('agent', 1), home(0));
    post(network, 2, ...LATER);

    expect(arrivals(network)).toEqual(['1@100', '2@903']);
  });

  it('does not die again while it is dead', () => {
    const crash = { kind: 'node-crash', node: 1, until: 400, noticedAfter: 9, loses: true } as const;
    const network = networkIn(
      new Weather(
        [],
        [
          { time: 50, mishap: crash },
          { time: 60, mishap: crash },
        ],
      ),
    );
    post(network, 1, home(0), home(2));

    expect(drain(network).filter(isMishap)).toEqual([crash, { kind: 'node-restart', node: 1 }]);
    expect(network.counts.of('node-crash')).toBe(1);
  });
});

it('once the program is over nothing more goes wrong', () => {
  const network = networkIn(new Weather([], [{ time: 50, mishap: { kind: 'pause', node: 1, until: 500 } }]));
  network.calm();
  post(network, 1, home(0), home(1));

  expect(arrivals(network)).toEqual(['1@100']);
});
