import { expect, test } from 'vitest';
import { runExample } from '../support/example.ts';

test('section 2.2: "a sum operation of two 64-bit integers by a sum_runner runner"', async () => {
  const { report, words } = await runExample('sum.s');

  expect(report.status).toBe('done');
  expect(await words('result', 'q')).toEqual([42n]);
  expect(await words('exit_code', 'q')).toEqual([1n]);
});

test("under the paper's region boundary the listing finds its scratch words in the runner's stack", async () => {
  const { report, words } = await runExample('sum-paper-boundary.s');

  expect(report.status).toBe('done');
  expect(await words('result', 'q')).toEqual([42n]);
  expect(await words('exit_code', 'q')).toEqual([1n]);
  expect(await words(0x1_0000_1000, 'q', 2)).toEqual([0n, 0n]);
});
