import { describe, expect, test } from 'vitest';
import { Arrivals, wordBytes, writerOf } from '../../src/actors/arrivals.ts';
import { homeOf } from '../../src/memory/directory.ts';
import { FIRST_RUNNER_ID } from '../../src/memory/ids.ts';
import { CONFIG, lettersIn, SR } from '../support/actors.ts';

const IO = 3;
const ATTEMPT = { runner: writerOf(IO), epoch: 1, number: 1 };

/** Two addresses whose pages have different homes, 0 and 1. */
const [NEAR, FAR] = [0, 1].map((home) => {
  let address = SR;
  while (homeOf(address / CONFIG.pageSize, CONFIG.homes) !== home) address += CONFIG.pageSize;
  return address;
}) as [number, number];

const runsAt = (...addresses: number[]) =>
  addresses.map((address) => ({ address, bytes: Uint8Array.of(1, 2) }));

const arrival = (number: number, base: number, last = false) => ({
  to: 'master:0@0',
  type: 'arrival',
  io: IO,
  number,
  spans: [{ base, length: 2, merge: 0 }],
  homes: [base === NEAR ? 0 : 1],
  generation: 0,
  last,
});

describe('an arrival', () => {
  test('is staged at every home that it touches, and the master is asked once all of them hold it', () => {
    const arrivals = new Arrivals(IO, CONFIG);
    const stages = lettersIn(arrivals.begin(runsAt(NEAR, FAR), true));

    expect(stages).toMatchObject([
      { to: 'home:0@0', type: 'stage', attempt: ATTEMPT, sv: null },
      { to: 'home:1@0', type: 'stage', attempt: ATTEMPT, sv: null },
    ]);
    expect(arrivals.staged(1, ATTEMPT)).toEqual([]);
    expect(arrivals.staged(1, ATTEMPT)).toEqual([]);
    expect(lettersIn(arrivals.staged(0, ATTEMPT))).toEqual([
      {
        ...arrival(1, NEAR, true),
        spans: [NEAR, FAR].sort((a, b) => a - b).map((base) => ({ base, length: 2, merge: 0 })),
        homes: [0, 1],
      },
    ]);
    expect(arrivals.staged(0, ATTEMPT)).toEqual([]);
  });

  test('is on its way until the master says so; a late word about an earlier one does not count', () => {
    const arrivals = new Arrivals(IO, CONFIG);
    arrivals.begin(runsAt(NEAR), false);
    arrivals.staged(0, ATTEMPT);

    expect([arrivals.pending, arrivals.arrived(1), arrivals.pending]).toEqual([true, true, false]);
    arrivals.begin(runsAt(FAR), false);
    expect([arrivals.arrived(1), arrivals.pending]).toEqual([false, true]);
    expect(arrivals.staged(1, ATTEMPT)).toEqual([]);
    expect(lettersIn(arrivals.staged(1, { ...ATTEMPT, number: 2 }))).toEqual([arrival(2, FAR)]);
  });

  test('is cut at page edges', () => {
    const arrivals = new Arrivals(IO, CONFIG);
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const [stage] = lettersIn(arrivals.begin([{ address: SR + 62, bytes }], false));
    const page = SR / CONFIG.pageSize;

    expect(stage).toMatchObject({
      patches: [
        { page, runs: [{ address: SR + 62, bytes: Uint8Array.of(1, 2), merge: 0 }] },
        { page: page + 1, runs: [{ address: SR + 64, bytes: Uint8Array.of(3, 4), merge: 0 }] },
      ],
    });
  });
});

test('writers that are no runners have ids of their own, below those of runners', () => {
  expect(writerOf(0)).toBe(1n);
  expect(writerOf(253)).toBeLessThan(FIRST_RUNNER_ID);
});

test('a word is eight bytes, little endian', () => {
  expect(wordBytes(2n ** 63n + 258n)).toEqual(Uint8Array.of(2, 1, 0, 0, 0, 0, 0, 0x80));
  expect(wordBytes(1)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
});
