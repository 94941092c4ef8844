import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { PageVersions } from '../../src/memory/page-versions.ts';

/** Gaps between the versions that write the page. */
const anyGaps = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 8 });

function written(gaps: readonly number[]): { page: PageVersions; versions: number[] } {
  const page = new PageVersions(null);
  const versions = [0];
  for (const gap of gaps) {
    versions.push(versions.at(-1)! + gap);
    page.apply(versions.at(-1)!, Uint8Array.of(versions.at(-1)!));
  }
  return { page, versions };
}

describe('versions of one page', () => {
  test('a snapshot sees the newest version that is not above its own, from … through', () => {
    fc.assert(
      fc.property(anyGaps, (gaps) => {
        const { page, versions } = written(gaps);
        for (let at = 0; at <= page.newest + 2; at++) {
          const from = versions.findLast((version) => version <= at)!;
          const next = versions.find((version) => version > at) ?? Number.POSITIVE_INFINITY;

          expect(page.at(at)).toEqual({
            bytes: from === 0 ? null : Uint8Array.of(from),
            from,
            through: next - 1,
          });
        }
      }),
    );
  });

  test('I11: collecting changes nothing at the floor or above, and keeps nothing that is not readable there', () => {
    fc.assert(
      fc.property(anyGaps, fc.nat(40), (gaps, floor) => {
        const { page } = written(gaps);
        const { page: whole, versions } = written(gaps);
        const readable = versions.filter(
          (version, i) => (versions[i + 1] ?? Infinity) > floor || version > floor,
        );

        expect(page.collect(floor)).toBe(versions.length - readable.length);
        expect(page.count).toBe(readable.length);
        for (let at = floor; at <= page.newest + 2; at++) expect(page.at(at)).toEqual(whole.at(at));
      }),
    );
  });

  test('superseded bytes are those of all kept versions but the newest', () => {
    const { page } = written([1, 1, 1]);

    expect(page.supersededBytes).toBe(2);
    page.collect(2);
    expect(page.supersededBytes).toBe(1);
    page.collect(3);
    expect(page.supersededBytes).toBe(0);
  });

  test('pages only grow newer, and what was collected cannot be read', () => {
    const { page } = written([5, 5]);
    page.collect(10);

    expect(() => page.apply(10, Uint8Array.of(1))).toThrow(InvariantError);
    expect(() => page.at(9)).toThrow(InvariantError);
  });
});
