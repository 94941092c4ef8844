import { describe, expect, it, test } from 'vitest';
import { withoutOutside } from '../../sim/unsimulated.ts';

const ASKED: Readonly<Record<string, () => unknown>> = {
  Date: () => Date.now(),
  'Math.random': () => Math.random(),
  performance: () => performance.now(),
  crypto: () => crypto.getRandomValues(new Uint8Array(1)),
  setTimeout: () => setTimeout(() => {}, 0),
  setInterval: () => setInterval(() => {}, 0),
  setImmediate: () => setImmediate(() => {}),
  queueMicrotask: () => queueMicrotask(() => {}),
  fetch: () => fetch('data:,'),
  'process.hrtime': () => process.hrtime(),
  'process.nextTick': () => process.nextTick(() => {}),
};

const outside = () => [
  Date,
  Math.random,
  performance,
  crypto,
  setTimeout,
  fetch,
  process.hrtime,
  process.nextTick,
];

describe('within a simulated run', () => {
  test.each(Object.entries(ASKED))('whoever asks for %s is told that it is not simulated', (name, ask) => {
    expect(() => withoutOutside(ask)).toThrow(
      `${name} is not simulated: time and randomness arrive in messages`,
    );
  });
});

describe('afterwards all is as it was', () => {
  it('once a run is over', () => {
    const before = outside();
    expect(withoutOutside(() => 7)).toBe(7);
    expect(outside()).toEqual(before);
  });

  it('and once it has thrown', () => {
    const before = outside();
    expect(() =>
      withoutOutside(() => {
        throw new Error('of its own');
      }),
    ).toThrow('of its own');
    expect(outside()).toEqual(before);
    expect(Date.now()).toBeGreaterThan(0);
  });
});
