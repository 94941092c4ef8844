import fc from 'fast-check';
import { expect, it } from 'vitest';
import { REGION_BYTES, SpilledRegion } from '../../../src/memory/linear/spilled-region.ts';
import { runs } from '../../support/runs.ts';

/** Around the edges of blocks of 512 bytes and of the region. */
const anyOffset = fc.oneof(
  fc.nat(3_000),
  fc.constantFrom(0, 511, 512, 1_023, 1_024, REGION_BYTES - 1_600, REGION_BYTES - 513, REGION_BYTES - 1),
);
const anyStep = fc.record({
  forgets: fc.boolean(),
  offset: anyOffset,
  length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 400, max: 1_600 })),
});

it('holds what was written and not forgotten, in runs that do not touch', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), anyOffset, anyOffset, (steps, a, b) => {
      const region = new SpilledRegion();
      const model = new Map<number, number>();
      for (const [i, { forgets, offset, length }] of steps.entries()) {
        const to = Math.min(REGION_BYTES, offset + length);
        const bytes = Uint8Array.from({ length: to - offset }, (_, at) => (i * 37 + at) & 0xff);
        if (forgets) region.forget({ from: offset, to });
        else region.write(offset, bytes);
        for (let at = offset; at < to; at += 1)
          if (forgets) model.delete(at);
          else model.set(at, bytes[at - offset]!);
      }
      const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
      const found = region.runs(from, to);
      const bytes = found.flatMap((run) => [...region.read(run)].map((byte, i) => [run.from + i, byte]));
      const expected = [...model].filter(([at]) => at >= from && at < to).sort(([x], [y]) => x - y);

      expect(bytes).toEqual(expected);
      for (const [i, run] of found.entries()) expect(run.from).toBeGreaterThan(found[i - 1]?.to ?? -1);
      expect(region.isEmpty).toBe(model.size === 0);
    }),
    runs(300),
  );
});
