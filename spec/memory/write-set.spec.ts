import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyPatch, type PagePatch } from '../../src/memory/patch.ts';
import { end, type Range, unite } from '../../src/memory/ranges.ts';
import { WriteSet } from '../../src/memory/write-set.ts';
import type { WrittenRun } from '../../src/memory/written.ts';
import { anyRange, anyRanges, STRIP } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

const PAGE = 16;
/** A strip at the start of memory, and one at its end. */
const PLACES = [0, 2 ** 46 - 128];

const anyWrites = fc.array(
  fc.record({
    address: fc.nat(STRIP),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }),
  }),
  { maxLength: 12 },
);

const anyScene = fc.record({ place: fc.constantFrom(...PLACES), writes: anyWrites });

function written({
  place,
  writes,
}: {
  place: number;
  writes: readonly { address: number; bytes: Uint8Array }[];
}) {
  const set = new WriteSet(PAGE);
  const model = new Map<number, number>();
  for (const { address, bytes } of writes) {
    set.write(place + address, bytes.length, bytes);
    bytes.forEach((byte, i) => {
      model.set(place + address + i, byte);
    });
  }
  return { set, model };
}

const bytesIn = (written: readonly WrittenRun[]): [number, number][] =>
  written.flatMap(({ address, bytes }) => [...bytes].map((byte, i): [number, number] => [address + i, byte]));

/** What the model holds within a range, by address. */
const within = (model: ReadonlyMap<number, number>, range: Range): [number, number][] =>
  [...model].filter(([address]) => address >= range.base && address < end(range)).sort(([a], [b]) => a - b);

describe('what an attempt has written', () => {
  test('an overlay is the bytes written last, and no byte that was only near them', () => {
    fc.assert(
      fc.property(anyScene, anyRange, (scene, { base, length }) => {
        const { set, model } = written(scene);
        const address = scene.place + base;
        const into = new Uint8Array(length).fill(0xee);
        const count = within(model, { base: address, length }).length;

        expect(set.countWritten(address, length)).toBe(count);
        expect(set.overlay(address, length, into)).toBe(count);
        expect([...into]).toEqual(Array.from({ length }, (_, i) => model.get(address + i) ?? 0xee));
        expect(set.isEmpty).toBe(model.size === 0);
      }),
      runs(500),
    );
  });

  test('its runs in a range are the written bytes there, by address, and none crosses a page', () => {
    fc.assert(
      fc.property(anyScene, anyRange, (scene, { base, length }) => {
        const { set, model } = written(scene);
        const range = { base: scene.place + base, length };
        const found = set.runsIn(range);

        expect(bytesIn(found)).toEqual(within(model, range));
        found.forEach((run, i) => {
          const last = run.address + run.bytes.length - 1;
          expect(Math.floor(run.address / PAGE)).toBe(Math.floor(last / PAGE));
          const next = found[i + 1];
          if (next !== undefined && next.address === last + 1) expect(next.address % PAGE).toBe(0);
        });
      }),
      runs(500),
    );
  });

  test('I15: a commit stages the written bytes within its ranges, all of them and no others, each page once', () => {
    fc.assert(
      fc.property(anyScene, anyRanges, (scene, drawn) => {
        const { set, model } = written(scene);
        const ranges = unite(drawn).map(({ base, length }, i) => ({
          base: scene.place + base,
          length,
          merge: (i % 2) as 0 | 1,
        }));
        const patches = set.patches(ranges);
        const staged = patches.flatMap(({ page, runs: parts }) => {
          expect(parts.every(({ address }) => Math.floor(address / PAGE) === page)).toBe(true);
          return parts;
        });

        expect(bytesIn(staged)).toEqual(ranges.flatMap((range) => within(model, range)));
        expect(new Set(patches.map(({ page }) => page)).size).toBe(patches.length);
        for (const { address, merge } of staged) {
          const range = ranges.find(({ base, length }) => address >= base && address < base + length);
          expect(merge).toBe(range!.merge);
        }
      }),
      runs(500),
    );
  });

  test('what is staged does not change with what is written later', () => {
    const set = new WriteSet(PAGE);
    set.write(4, 2, Uint8Array.of(1, 2));
    const before = set.runsIn({ base: 0, length: PAGE });
    set.write(4, 2, Uint8Array.of(8, 9));

    expect(before).toEqual([{ address: 4, bytes: Uint8Array.of(1, 2) }]);
  });

  test('two runners that write neighbouring bytes of one page lose nothing of each other', () => {
    const ranges = [{ base: 0, length: PAGE, merge: 0 as const }];
    const patchOf = (address: number): PagePatch => {
      const set = new WriteSet(PAGE);
      set.write(address, 1, Uint8Array.of(address));
      return set.patches(ranges)[0]!;
    };

    expect(applyPatch(applyPatch(null, PAGE, patchOf(3)), PAGE, patchOf(4)).slice(2, 6)).toEqual(
      Uint8Array.of(0, 3, 4, 0),
    );
  });

  test('a range of nearly all memory costs what was written, not what it could hold', () => {
    const set = new WriteSet(PAGE);
    set.write(2 ** 45 - 2, 4, Uint8Array.of(1, 2, 3, 4));
    set.write(7, 1, Uint8Array.of(5));
    const all = { base: 0, length: 2 ** 46, merge: 0 as const };

    expect(set.runsIn(all)).toEqual([
      { address: 7, bytes: Uint8Array.of(5) },
      { address: 2 ** 45 - 2, bytes: Uint8Array.of(1, 2) },
      { address: 2 ** 45, bytes: Uint8Array.of(3, 4) },
    ]);
    expect(set.patches([all])).toHaveLength(3);
  });
});
