import { expect, test } from 'vitest';
import type { MachineConfig } from '../../src/actors/config.ts';
import { runExample, sourceOfExample } from '../support/example.ts';
import { runOrders, wordsAt } from '../support/scenario.ts';

const ON_CALL = 0x6_0000_0000;
const ORDERS = 300;

test('by default both doctors leave: each wrote what the other only read', async () => {
  const { report, words } = await runExample('write-skew.s', { deterministic: true });

  expect(await words('on_call', 'q', 2)).toEqual([0n, 0n]);
  expect(report.runners.conflicts).toBe(0);
});

test('serializable, one of them runs again and stays', async () => {
  const { report, words } = await runExample('write-skew.s', { deterministic: true, serializable: true });

  expect(await words('on_call', 'q', 2)).toEqual([0n, 1n]);
  expect(report.runners.conflicts).toBe(1);
});

test('by default there are orders of messages in which both leave', () => {
  expect(new Set(stayingInEachOrder({ rcomps: 2 }))).toContain(0n);
});

test('serializable, exactly one stays in whatever order messages arrive', () => {
  expect(new Set(stayingInEachOrder({ rcomps: 2, serializable: true }))).toEqual(new Set([1n]));
});

/** How many doctors stay, for many orders of messages. */
function stayingInEachOrder(config: Partial<MachineConfig>): bigint[] {
  return runOrders(sourceOfExample('write-skew.s'), ORDERS, { config }).map((result) => {
    const [alice, bob] = wordsAt(result, ON_CALL, 2);
    return alice! + bob!;
  });
}
