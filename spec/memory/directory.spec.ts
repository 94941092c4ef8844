import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_PAGE_SIZE, homeOf, pageOf, pagesOf } from '../../src/memory/directory.ts';
import { anyRange, bytesOf } from '../support/memory.ts';

describe('the directory', () => {
  test('the pages of a range are those of its bytes, ascending', () => {
    fc.assert(
      fc.property(anyRange, fc.constantFrom(16, 32), (range, pageSize) => {
        const pages = new Set([...bytesOf([range])].map((byte) => pageOf(byte, pageSize)));

        expect([...pagesOf(range, pageSize)]).toEqual([...pages]);
      }),
    );
  });

  test('the last address of the shared region lies in the last page', () => {
    const last = 2 ** 46 - 1;

    expect(pageOf(last, DEFAULT_PAGE_SIZE)).toBe(2 ** 34 - 1);
    expect([...pagesOf({ base: last, length: 1 }, DEFAULT_PAGE_SIZE)]).toEqual([2 ** 34 - 1]);
  });

  test('sixteen neighbouring pages share a home', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30), fc.integer({ min: 1, max: 1000 }), (block, homes) => {
        const of16 = new Set(Array.from({ length: 16 }, (_, i) => homeOf(block * 16 + i, homes)));

        expect(of16.size).toBe(1);
        expect([...of16][0]).toBeLessThan(homes);
        expect([...of16][0]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test.each([
    ['consecutive', 1],
    ['2^20 blocks apart', 2 ** 20],
    ['2^32 blocks apart, with the smallest pages', 2 ** 32],
  ])('blocks %s spread evenly over the homes', (_how, stride) => {
    const homes = 7;
    const blocks = Math.min(7000, 2 ** 38 / stride);
    const load = new Array<number>(homes).fill(0);
    for (let i = 0; i < blocks; i++) load[homeOf(i * stride * 16, homes)]!++;

    const fair = blocks / homes;
    const slack = 5 * Math.sqrt(fair);
    for (const count of load) expect(Math.abs(count - fair)).toBeLessThan(slack);
  });
});
