import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Delivery, isMishap } from '../../sim/network.ts';
import { FAIR, OrderedNetwork, type Weather } from '../../sim/ordered-network.ts';
import { chosen } from '../../sim/random.ts';
import { addressOf } from '../../src/actors/address.ts';
import { anyChoices } from '../support/choices.ts';
import { runs } from '../support/runs.ts';

const [A, B, C] = [0, 1, 2].map((id) => addressOf('home', id)) as [never, never, never];

/** A message that carries a number. */
const numbered = (version: number) => ({ type: 'settle', version }) as const;
const numberOf = ({ message }: Delivery) => (message.type === 'settle' ? message.version : -1);

function deliveries(network: OrderedNetwork): Delivery[] {
  const all: Delivery[] = [];
  for (let next = network.next(); next !== null; next = network.next()) if (!isMishap(next)) all.push(next);
  return all;
}

function filled(options: Weather, choices: readonly number[]): OrderedNetwork {
  const network = new OrderedNetwork(options, 1, chosen(choices));
  for (let n = 0; n < 8; n += 1)
    for (const from of [A, B])
      network.post({ from, to: C, message: numbered(n), number: 0, step: 0, decided: 0, time: 0 });
  return network;
}

describe('the simulated network', () => {
  it('delivers from one sender to one receiver in the order of sending, whatever is chosen', () => {
    fc.assert(
      fc.property(anyChoices, fc.boolean(), (choices, duplicates) => {
        const firsts = deliveries(filled({ ...FAIR, duplicates, slowLinks: true }, choices)).filter(
          ({ repeated }) => !repeated,
        );
        for (const from of [A, B])
          expect(firsts.filter((one) => one.from === from).map(numberOf)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      }),
      runs(200),
    );
  });

  it('delivers each message once to three times when it duplicates, and a repetition after the first', () => {
    fc.assert(
      fc.property(anyChoices, (choices) => {
        const counts = new Map<string, number>();
        for (const delivery of deliveries(filled({ ...FAIR, duplicates: true }, choices))) {
          const key = `${delivery.from === A} ${numberOf(delivery)}`;
          expect(delivery.repeated).toBe(counts.has(key));
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        expect(counts.size).toBe(16);
        for (const count of counts.values()) expect(count).toBeLessThanOrEqual(3);
      }),
      runs(200),
    );
  });

  it('delivers the oldest first when nothing is chosen', () => {
    expect(deliveries(filled(FAIR, [])).map(numberOf)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((n) => [n, n]),
    );
  });

  it('can deliver all of one sender before anything of another', () => {
    const late = deliveries(filled(FAIR, new Array<number>(16).fill(1)));
    expect(late.slice(0, 8).every(({ from }) => from === B)).toBe(true);
  });

  it('loses what is under way to a receiver that dies', () => {
    const network = filled({ ...FAIR, duplicates: true }, new Array<number>(64).fill(7));
    network.next();
    network.post({ from: A, to: B, message: numbered(99), number: 0, step: 0, decided: 0, time: 0 });
    network.forget(C);
    expect(new Set(deliveries(network).map(numberOf))).toEqual(new Set([99]));
  });

  it('hands on copies when it isolates', () => {
    const network = new OrderedNetwork({ ...FAIR, isolated: true }, 1, chosen([]));
    const message = numbered(1);
    network.post({ from: A, to: C, message, number: 0, step: 0, decided: 0, time: 0 });
    expect((network.next() as Delivery).message).not.toBe(message);
  });
});
