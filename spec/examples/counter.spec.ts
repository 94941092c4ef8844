import { expect, test } from 'vitest';
import { runExample } from '../support/example.ts';

test('five hundred runners in conflict count to exactly 500', async () => {
  const { report, words } = await runExample('counter.s', { rcomps: 2 });

  expect(report.status).toBe('done');
  expect(report.runners.conflicts).toBeGreaterThan(0);
  expect(report.runners.retries).toBe(report.runners.conflicts);
  expect(await words('counter', 'q')).toEqual([500n]);
});

test('with --on-conflict=abort a loser is ended, and the counter counts the winners', async () => {
  const { report, words } = await runExample('counter.s', { rcomps: 2, onConflict: 'abort' });

  expect(report.runners.conflicts).toBeGreaterThan(0);
  expect(await words('counter', 'q')).toEqual([500n - BigInt(report.runners.conflicts)]);
});
