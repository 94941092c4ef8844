import { expect, test } from 'vitest';
import { runExample } from '../support/example.ts';
import { generated } from '../support/generator.ts';

test('fibonacci.s: procedures call themselves with `bl` and keep what they need on the stack', async () => {
  const { report, words } = await runExample('fibonacci.s');

  expect(report.status).toBe('done');
  expect(await words('result', 'q')).toEqual([6765n]);
});

test('quicksort.s: runners that fork sort a thousand numbers', async () => {
  const { report, words } = await runExample('quicksort.s');
  const numbers = generated(2012n);
  const sorted = Array.from({ length: 1000 }, () => numbers.next().value).sort((a, b) => a - b);

  expect(report.status).toBe('done');
  expect(await words('numbers', 'q', 1000)).toEqual(sorted.map(BigInt));
  // No part is longer than 32 numbers when it is sorted on the spot, so there are at least that many runners.
  expect(report.runners.committed).toBeGreaterThan(1000 / 32);
  expect(report.runners.conflicts).toBe(0);
});
