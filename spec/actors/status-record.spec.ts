import { describe, expect, test } from 'vitest';
import { statusRecord } from '../../src/actors/status-record.ts';
import { FAULT_CAUSES, type Fault, faultNumber } from '../../src/isa/fault.ts';
import { applyPatch, type PagePatch } from '../../src/memory/patch.ts';
import { controlBlock, SR } from '../support/actors.ts';

const ID = 0xfedc_ba98_7654_3210n;
const control = controlBlock({ id: ID, status: SR + 24 });
const fault: Fault = { cause: 'divide-by-zero', pc: SR + 5, address: 2n ** 64n - 1n, detail: '' };

/** The eight words, put together from the pages that they lie on. */
function wordsOf(patches: readonly PagePatch[], pageSize: number): bigint[] {
  const memory = new Map(patches.map((patch) => [patch.page, applyPatch(null, pageSize, patch)]));
  return Array.from({ length: 8 }, (_, word) => {
    let bits = 0n;
    for (let i = 7; i >= 0; i--) {
      const address = SR + 24 + 8 * word + i;
      const byte = memory.get(Math.floor(address / pageSize))?.[address % pageSize] ?? 0;
      bits = (bits << 8n) | BigInt(byte);
    }
    return bits;
  });
}

describe('rule 25: a status record is eight words', () => {
  test.each([
    ['committed', null, [1n, ID, 0n, 0n, 0n, 7n, 0n, 0n]],
    ['aborted', null, [2n, ID, 0n, 0n, 0n, 7n, 0n, 0n]],
    ['faulted', fault, [3n, ID, 8n, BigInt(SR + 5), 2n ** 64n - 1n, 7n, 0n, 0n]],
    ['faulted', { ...fault, address: null }, [3n, ID, 8n, BigInt(SR + 5), 0n, 7n, 0n, 0n]],
    ['conflict', null, [4n, ID, 0n, 0n, 0n, 7n, 0n, 0n]],
  ] as const)('%s: state, id, cause, pc, address, version, 0, 0', (how, why, words) => {
    expect(wordsOf(statusRecord(control, how, why, 7, 4096), 4096)).toEqual(words);
  });

  test.each([16, 32, 64])(
    'it lies on several pages where it must, the same bytes (pages of %i)',
    (pageSize) => {
      const patches = statusRecord(control, 'committed', null, 7, pageSize);

      expect(patches.length).toBeGreaterThan(1);
      expect(wordsOf(patches, pageSize)).toEqual([1n, ID, 0n, 0n, 0n, 7n, 0n, 0n]);
      expect(patches.flatMap(({ runs }) => runs).every(({ merge }) => merge === 0)).toBe(true);
    },
  );

  test('nothing is stored for runners that ask for none', () => {
    expect(statusRecord(controlBlock(), 'faulted', fault, 7, 64)).toEqual([]);
  });

  test('each cause has a number of its own, from 1', () => {
    expect(FAULT_CAUSES.map(faultNumber)).toEqual(FAULT_CAUSES.map((_, i) => i + 1));
  });
});
