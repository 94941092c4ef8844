/** A timed network alone: homes that send each other numbers, under weather that a spec makes up. */

import fc from 'fast-check';
import type { Decisions, Treatment } from '../../sim/decisions.ts';
import { LINK_MISHAPS, type Mishap, type TimedMishap } from '../../sim/mishap.ts';
import { type Delivery, isMishap } from '../../sim/network.ts';
import { Codec } from '../../sim/timed/codec.ts';
import type { Pace } from '../../sim/timed/pace.ts';
import { TimedNetwork } from '../../sim/timed/timed-network.ts';
import { type Address, addressOf } from '../../src/actors/address.ts';

export const NODES = 3;

/** Every number another one, so that a spec sees which of them counts. */
export const PACE: Pace = {
  latency: 100,
  spread: 1,
  local: 3,
  message: 1,
  slice: 40,
  instructions: 1,
  resend: 1_000,
  connections: 'many',
};

export class Weather implements Decisions {
  readonly #treatments: readonly (Treatment | null)[];
  readonly #mishaps: readonly TimedMishap[];
  #message = 0;
  #mishap = 0;

  /** A treatment a message, in the order of posting. */
  constructor(treatments: readonly (Treatment | null)[] = [], mishaps: readonly TimedMishap[] = []) {
    this.#treatments = treatments;
    this.#mishaps = [...mishaps].sort((a, b) => a.time - b.time);
  }

  treat(): Treatment | null {
    return this.#treatments[this.#message++] ?? null;
  }

  nextMishap(): TimedMishap | null {
    return this.#mishaps[this.#mishap++] ?? null;
  }

  shorter(): number {
    return 0;
  }
}

export function networkIn(weather: Decisions, pace: Partial<Pace> = {}): TimedNetwork {
  return new TimedNetwork(NODES, { ...PACE, ...pace }, weather, new Codec(1));
}

/** Home `id` is on node `id % 3`. */
export const home = (id: number): Address => addressOf('home', id, id % NODES);

/** A message that carries its number. */
export function post(network: TimedNetwork, number: number, from: Address, to: Address, after = 0): void {
  network.post(
    {
      number,
      from,
      to,
      message: { type: 'settle', version: number } as never,
      step: 0,
      decided: 0,
      time: network.now,
    },
    after,
  );
}

/** All that still happens. */
export function drain(network: TimedNetwork): (Delivery | Mishap)[] {
  const all: (Delivery | Mishap)[] = [];
  for (let next = network.next(); next !== null; next = network.next()) all.push(next);
  return all;
}

/** `3@104`, `3@204 again`: which number has come when. */
export function arrivals(network: TimedNetwork): string[] {
  return drain(network).flatMap((one) =>
    isMishap(one) ? [] : [`${one.number}@${one.received}${one.repeated ? ' again' : ''}`],
  );
}

/** Posts of one home to another, each followed by so many steps of the network. */
export interface Post {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly treatment: Treatment | null;
}

const HOMES = 2 * NODES;

const anyTreatment: fc.Arbitrary<Treatment | null> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(null) },
  fc.record({ delay: fc.integer({ min: 1, max: 800 }) }),
  fc.record({ drops: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ repeat: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ replay: fc.integer({ min: 1, max: 5_000 }) }),
);

export const anyPosts: fc.Arbitrary<Post[]> = fc.array(
  fc.record({
    from: fc.nat(HOMES - 1),
    to: fc.nat(HOMES - 1),
    steps: fc.nat(3),
    treatment: anyTreatment,
  }),
  { minLength: 1, maxLength: 40 },
);

const anyNode = fc.nat(NODES - 1);
const anyWay = fc.tuple(anyNode, fc.integer({ min: 1, max: NODES - 1 }));

/** Whatever the network does by itself, so often at the same times that ties are met. */
export const anyMishap: fc.Arbitrary<TimedMishap> = fc
  .record({
    time: fc.nat(40).map((n) => n * 20),
    lasting: fc.integer({ min: 1, max: 40 }).map((n) => n * 20),
    node: anyNode,
    way: anyWay,
    kind: fc.constantFrom(...LINK_MISHAPS, 'slow-node', 'pause'),
  })
  .map(({ time, lasting, node, way: [from, step], kind }): TimedMishap => {
    const until = time + lasting;
    switch (kind) {
      case 'partition':
      case 'one-way-partition':
      case 'isolate':
        return { time, mishap: { kind, nodes: [node], until } };
      case 'clog':
      case 'half-open':
      case 'reset':
        return { time, mishap: { kind, from, to: (from + step) % NODES, until } };
      case 'slow-node':
        return { time, mishap: { kind, node, factor: 5, until } };
      default:
        return { time, mishap: { kind: 'pause', node, until } };
    }
  });

export const anyMishaps = fc.array(anyMishap, { maxLength: 6 });

/** What is delivered of the posts, in order. */
export function delivered(
  posts: readonly Post[],
  mishaps: readonly TimedMishap[],
  pace: Partial<Pace> = {},
): Delivery[] {
  const weather = new Weather(
    posts.map(({ treatment }) => treatment),
    mishaps,
  );
  const network = networkIn(weather, pace);
  const all: (Delivery | Mishap)[] = [];
  for (const [i, { from, to, steps }] of posts.entries()) {
    post(network, i + 1, home(from), home(to));
    for (let step = 0; step < steps; step += 1) {
      const next = network.next();
      if (next !== null) all.push(next);
    }
  }
  all.push(...drain(network));
  return all.filter((one): one is Delivery => !isMishap(one));
}
