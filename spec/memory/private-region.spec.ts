import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PrivateRegion } from '../../src/memory/private-region.ts';
import { runs } from '../support/runs.ts';

/** Bytes that are allocated at once. */
const PAGE = 512;

/** Around two page edges, and far away. */
const anyAddress = fc.oneof(
  fc.integer({ min: PAGE - 12, max: PAGE + 12 }),
  fc.integer({ min: 2 * PAGE - 12, max: 2 * PAGE + 12 }),
  fc.integer({ min: 0, max: 20 }).map((at) => 0x1_0000_0000 + at),
);

const anyAccesses = fc.array(
  fc.record({ address: anyAddress, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
  { maxLength: 30 },
);

const pagesUnder = (address: number, size: number): Set<number> =>
  new Set([Math.floor(address / PAGE), Math.floor((address + size - 1) / PAGE)]);

describe('the private region', () => {
  test('I17: a byte is 0 until it is written, then what was written last; across page edges, too', () => {
    fc.assert(
      fc.property(anyAccesses, fc.array(anyAddress, { maxLength: 30 }), (writes, reads) => {
        const region = new PrivateRegion(2 ** 30);
        const model = new Map<number, number>();
        for (const { address, bytes } of writes) {
          expect(region.write(address, bytes.length, bytes)).toBe(true);
          bytes.forEach((byte, i) => {
            model.set(address + i, byte);
          });
        }
        for (const address of [...reads, ...writes.map((write) => write.address)]) {
          const into = new Uint8Array(10).fill(0xee);
          region.read(address, 8, into);

          expect([...into]).toEqual([
            ...Array.from({ length: 8 }, (_, i) => model.get(address + i) ?? 0),
            0xee,
            0xee,
          ]);
        }
      }),
      runs(300),
    );
  });

  test('a write past the limit is refused, all or nothing; reading costs nothing', () => {
    fc.assert(
      fc.property(anyAccesses, fc.nat(4), anyAccesses, (writes, pages, reads) => {
        const region = new PrivateRegion(pages * PAGE);
        const into = new Uint8Array(8);
        const touched = new Set<number>();
        for (const { address, bytes } of reads) region.read(address, bytes.length, into);
        for (const { address, bytes } of writes) {
          const before = new Uint8Array(8);
          region.read(address, 8, before);
          const needed = new Set([...touched, ...pagesUnder(address, bytes.length)]);
          const granted = region.write(address, bytes.length, bytes);

          expect(granted).toBe(needed.size <= pages);
          for (const page of needed) touched.add(page);
          if (granted) continue;
          region.read(address, 8, into);
          expect(into).toEqual(before);
          return; // A refusal is a fault: nothing comes after it.
        }
      }),
      runs(300),
    );
  });

  test('a limit below one page allows nothing', () => {
    expect(new PrivateRegion(PAGE - 1).write(0, 1, Uint8Array.of(1))).toBe(false);
  });

  test('what is there before the runner starts is never refused, but counts', () => {
    const region = new PrivateRegion(PAGE);
    const into = new Uint8Array(8);
    region.preset(PAGE - 4, 8, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    region.read(PAGE - 4, 8, into);

    expect([...into]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(region.write(0, 1, into)).toBe(true);
    expect(region.write(2 * PAGE, 1, into)).toBe(false);
  });
});
