import { describe, expect, test } from 'vitest';
import { runExample, runScript } from '../support/example.ts';

const inputs = [{ base: 0x5_0000_0000, file: runScript('parallel-sum.input.mjs') }];

describe.each(['parallel-sum.s', 'parallel-sum-paper-boundary.s'])('%s', (file) => {
  test('section 4.2: "The example uses 10,240 runners to compute sums of 20,480 integers in parallel."', async () => {
    const { report, words } = await runExample(file, { inputs });

    expect(report.status).toBe('done');
    expect(await words('total', 'q')).toEqual([(20_480n * 20_481n) / 2n]);
    // One more for each time that a sum_watcher has created itself again.
    expect(report.runners.committed).toBeGreaterThanOrEqual(1 + 10_240 + 10_239);
    expect(report.runners).toMatchObject({ aborted: 0, faulted: 0, conflicts: 0, watching: 0 });
  });
});

test('each vertex of Figure 6 stores "the result in the global memory space", with the exit code behind it', async () => {
  const { words } = await runExample('parallel-sum.s', { inputs });
  const sums = Array.from({ length: 10_240 }, (_, i) => BigInt(2 * (2 * i) + 3));
  for (let i = 0; sums.length < 20_479; i++) sums.push(sums[2 * i]! + sums[2 * i + 1]!);

  const results = await words('RESULTS', 'q', 20_479 * 512);

  expect(sums.map((_, i) => [results[i * 512], results[i * 512 + 1]])).toEqual(sums.map((sum) => [sum, 1n]));
});
