import { expect, test } from 'vitest';
import { runExample } from '../support/example.ts';
import { generated } from '../support/generator.ts';

test('a thousand transfers in conflict leave every account as a thousand in a row would', async () => {
  const { report, words } = await runExample('bank.s', { rcomps: 2 });
  const balances = await words('accounts', 'q', 10);

  expect(report.status).toBe('done');
  expect(report.runners.committed).toBe(1001);
  expect(report.runners.conflicts).toBeGreaterThan(0);
  expect(balances).toEqual(oneByOne());
  expect(balances.reduce((sum, balance) => sum + balance)).toBe(10_000n);
});

function oneByOne(): bigint[] {
  const numbers = generated(2012n);
  const accounts = Array<bigint>(10).fill(1000n);
  for (let i = 0; i < 1000; i++) {
    const payer = numbers.next().value % 10;
    const payee = (payer + (numbers.next().value % 9) + 1) % 10;
    const amount = BigInt(numbers.next().value % 100);
    accounts[payer]! -= amount;
    accounts[payee]! += amount;
  }
  return accounts;
}
