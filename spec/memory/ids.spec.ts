import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { childId, nameOf, ROOT_ID, type RunnerId, seedOf } from '../../src/memory/ids.ts';

const anyId: fc.Arbitrary<RunnerId> = fc.bigInt({ min: 256n, max: 2n ** 64n - 1n });

/** The inverse of `x ^ (x >> by)` on 64 bits. */
function unshift(value: bigint, by: bigint): bigint {
  let x = value;
  for (let known = by; known < 64n; known += by) x = value ^ (x >> by);
  return x;
}

/** The inverse of an odd factor modulo 2^64, by Newton. */
function inverse(factor: bigint): bigint {
  let x = factor;
  for (let i = 0; i < 6; i++) x = BigInt.asUintN(64, x * (2n - factor * x));
  return x;
}

/** The parent whose first child splitmix64 would call `id`. */
function parentOf(id: bigint): RunnerId {
  let z = unshift(id, 31n);
  z = unshift(BigInt.asUintN(64, z * inverse(0x94d049bb133111ebn)), 27n);
  z = unshift(BigInt.asUintN(64, z * inverse(0xbf58476d1ce4e5b9n)), 30n);
  return BigInt.asUintN(64, z - 0x9e3779b97f4a7c15n);
}

describe('runner ids', () => {
  test('rule 15: a child’s id is a function of (parent’s id, its index)', () => {
    expect(childId(ROOT_ID, 3)).toBe(childId(ROOT_ID, 3));
    expect(nameOf(ROOT_ID)).toBe('0xe220a8397b1dcdaf');
    expect(nameOf(childId(ROOT_ID, 0))).toBe('0xa706dd2f4d197e6f');
  });

  test('ids are unsigned 64-bit numbers from 256 on; smaller ones are no runners', () => {
    fc.assert(
      fc.property(anyId, fc.nat(65_535), (parent, index) => {
        const id = childId(parent, index);

        expect(BigInt.asUintN(64, id)).toBe(id);
        expect(id).toBeGreaterThanOrEqual(256n);
      }),
    );
    for (let reserved = 0n; reserved < 256n; reserved++) {
      expect(childId(parentOf(reserved), 0)).toBeGreaterThanOrEqual(256n);
    }
    expect(childId(parentOf(256n), 0)).toBe(256n);
  });

  test('the children of many runners are all different', () => {
    const ids = new Set<RunnerId>([ROOT_ID]);
    const level = Array.from({ length: 200 }, (_, i) => childId(ROOT_ID, i));
    for (const id of level) ids.add(id);
    for (const parent of level) for (let i = 0; i < 200; i++) ids.add(childId(parent, i));

    expect(ids.size).toBe(1 + 200 + 200 * 200);
  });

  test('one bit of the parent or one step of the index changes about half of the bits', () => {
    const ones = (value: bigint): number => value.toString(2).replaceAll('0', '').length;
    let changed = 0;
    for (let bit = 0n; bit < 64n; bit++) {
      const parent = childId(ROOT_ID, Number(bit));
      changed += ones(childId(parent, 7) ^ childId(parent ^ (1n << bit), 7));
      changed += ones(childId(parent, 7) ^ childId(parent, 8));
    }

    expect(changed / 128).toBeGreaterThan(30);
    expect(changed / 128).toBeLessThan(34);
  });

  test('a seed depends on the machine’s seed and on the runner, and on nothing else', () => {
    fc.assert(
      fc.property(anyId, fc.bigInt({ min: 0n, max: 2n ** 64n - 2n }), (id, machine) => {
        const seed = seedOf(machine, id);

        expect(seed).toBe(seedOf(machine, id));
        expect(BigInt.asUintN(64, seed)).toBe(seed);
        expect(seed).not.toBe(seedOf(machine + 1n, id));
        expect(seed).not.toBe(seedOf(machine, id ^ 1n));
      }),
    );
  });

  test('people see ids as 0x and sixteen digits', () => {
    expect(nameOf(256n)).toBe('0x0000000000000100');
    expect(nameOf(2n ** 64n - 1n)).toBe('0xffffffffffffffff');
  });
});
