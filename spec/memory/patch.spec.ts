import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { type MergeType, merge } from '../../src/memory/merge.ts';
import { applyPatch, type PatchRun } from '../../src/memory/patch.ts';
import { runs } from '../support/runs.ts';

const PAGE_SIZE = 64;
const PAGE = 2 ** 40;
const START = PAGE * PAGE_SIZE;

const anyPage = fc.uint8Array({ minLength: PAGE_SIZE, maxLength: PAGE_SIZE });

const plainRun: fc.Arbitrary<PatchRun> = fc
  .tuple(fc.nat(PAGE_SIZE - 1), fc.uint8Array({ maxLength: PAGE_SIZE }))
  .map(([offset, bytes]) => ({
    address: START + offset,
    bytes: bytes.slice(0, PAGE_SIZE - offset),
    merge: 0,
  }));

const mergeRun: fc.Arbitrary<PatchRun> = fc
  .tuple(fc.nat(PAGE_SIZE / 8 - 1), fc.nat(3), fc.constantFrom<MergeType>(1, 2, 3, 4, 5, 6), anyPage)
  .map(([word, words, type, bytes]) => ({
    address: START + word * 8,
    bytes: bytes.slice(0, Math.min(words * 8, PAGE_SIZE - word * 8)),
    merge: type,
  }));

/** The same by bytes and by words, in a map. */
function patched(page: Uint8Array | null, runs: readonly PatchRun[]): number[] {
  const bytes = new Map(Array.from({ length: PAGE_SIZE }, (_, i) => [START + i, page?.[i] ?? 0]));
  const word = (at: (i: number) => number): bigint =>
    BigInt.asIntN(
      64,
      [7, 6, 5, 4, 3, 2, 1, 0].reduce((value, i) => value * 256n + BigInt(at(i)), 0n),
    );
  for (const run of runs) {
    const operands = run.bytes;
    if (run.merge === 0) operands.forEach((byte, i) => void bytes.set(run.address + i, byte));
    for (let at = 0; run.merge !== 0 && at < operands.length; at += 8) {
      const old = word((i) => bytes.get(run.address + at + i)!);
      let left = BigInt.asUintN(
        64,
        merge(
          run.merge,
          old,
          word((i) => operands[at + i]!),
        ),
      );
      for (let i = 0; i < 8; i++, left >>= 8n) bytes.set(run.address + at + i, Number(left & 255n));
    }
  }
  return [...bytes.values()];
}

describe('patches', () => {
  test('a patched page is the old page with each run stored, or contributed word by word (rule 6)', () => {
    fc.assert(
      fc.property(
        fc.option(anyPage),
        fc.array(fc.oneof(plainRun, mergeRun), { maxLength: 5 }),
        (page, runs) => {
          expect([...applyPatch(page, PAGE_SIZE, { page: PAGE, runs })]).toEqual(patched(page, runs));
        },
      ),
      runs(500),
    );
  });

  test('the old page stays as it was, for the snapshots that share it', () => {
    const page = new Uint8Array(PAGE_SIZE).fill(7);
    const runs: PatchRun[] = [{ address: START, bytes: new Uint8Array(PAGE_SIZE), merge: 0 }];

    applyPatch(page, PAGE_SIZE, { page: PAGE, runs });

    expect(page).toEqual(new Uint8Array(PAGE_SIZE).fill(7));
  });

  test('a run that is all of its page is the page, without a copy: pages and runs are never changed', () => {
    const bytes = new Uint8Array(PAGE_SIZE).fill(9);
    const whole = (merge: MergeType): PatchRun => ({ address: START, bytes, merge });

    expect(applyPatch(null, PAGE_SIZE, { page: PAGE, runs: [whole(0)] })).toBe(bytes);
    expect(applyPatch(null, PAGE_SIZE, { page: PAGE, runs: [whole(1)] })).not.toBe(bytes);
  });

  test.each([
    ['before its page', { address: START - 1, bytes: new Uint8Array(2), merge: 0 }],
    ['past its page', { address: START + PAGE_SIZE - 1, bytes: new Uint8Array(2), merge: 0 }],
    ['of operands at odd addresses', { address: START + 4, bytes: new Uint8Array(8), merge: 1 }],
    ['of half an operand', { address: START, bytes: new Uint8Array(4), merge: 1 }],
  ] as const)('a run %s is our own mistake', (_where, run) => {
    expect(() => applyPatch(null, PAGE_SIZE, { page: PAGE, runs: [run] })).toThrow(InvariantError);
  });
});
