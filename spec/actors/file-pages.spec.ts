import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { FilePages, partOf } from '../../src/actors/file-pages.ts';
import type { ToHome } from '../../src/actors/protocol.ts';
import { end, unite } from '../../src/memory/ranges.ts';
import { anyRanges } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

const PAGE = 16;
const CONTENT = Uint8Array.from({ length: PAGE }, (_, i) => i);

/** Disjoint, as a machine's files are. */
const anyFiles = anyRanges.map((ranges) => unite(ranges).map((range, io) => ({ ...range, io })));

const fetch = (page: number): Extract<ToHome, { type: 'fetch' }> => ({
  type: 'fetch',
  from: addressOf('agent'),
  pages: [{ page, have: -1 }],
  at: 0,
  needs: 0,
});

describe('input files under a page', () => {
  test('their bytes lie over the page’s own, wherever the parts come from and in whatever order', () => {
    fc.assert(
      fc.property(anyFiles, fc.nat(5), fc.boolean(), (files, page, backwards) => {
        const base = page * PAGE;
        const covering = (address: number) =>
          files.find((file) => address >= file.base && address < end(file));
        const under = new Set(
          Array.from({ length: PAGE }, (_, i) => covering(base + i)).filter((file) => file !== undefined),
        );
        const pages = new FilePages(files, PAGE);

        expect(new Set(pages.under(page))).toEqual(under);
        if (under.size === 0) return;
        expect(pages.wait(page, fetch(page))).toBe(true);
        const parts = backwards ? [...under].reverse() : [...under];
        const complete = parts.map(({ io, ...file }) =>
          pages.arrived(io, page, new Uint8Array(partOf(file, page, PAGE).length).fill(100 + io)),
        );
        expect(complete.slice(0, -1).every((early) => early === null)).toBe(true);
        const last = complete.at(-1)!;
        const model = Uint8Array.from(CONTENT, (byte, i) => {
          const file = covering(base + i);
          return file === undefined ? byte : 100 + file.io;
        });
        expect(last!.overlay(CONTENT)).toEqual(model);
        expect(last!.whole).toBe(model.every((byte) => byte >= 100));
        expect(last!.waiting).toEqual([fetch(page)]);
      }),
      runs(300),
    );
  });

  test('are asked for once while they are on their way, and anew afterwards', () => {
    const pages = new FilePages([{ base: 0, length: PAGE, io: 3 }], PAGE);

    expect([pages.wait(0, fetch(0)), pages.wait(0, fetch(0))]).toEqual([true, false]);
    expect(pages.arrived(3, 0, CONTENT)!.waiting).toHaveLength(2);
    expect(pages.arrived(3, 0, CONTENT)).toBeNull();
    expect(pages.wait(0, fetch(0))).toBe(true);
  });

  test('the zero page under them is zero', () => {
    const pages = new FilePages([{ base: 4, length: 2, io: 3 }], PAGE);
    pages.wait(0, fetch(0));

    expect(pages.arrived(3, 0, Uint8Array.of(7, 8))!.overlay(new Uint8Array())).toEqual(
      Uint8Array.from({ length: PAGE }, (_, i) => ({ 4: 7, 5: 8 })[i] ?? 0),
    );
  });
});
