import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VersionLedger } from '../../src/actors/version-ledger.ts';
import { runs } from '../support/runs.ts';

test('rule 14: what commits above the floor have superseded is kept for live snapshots, and no more', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ bytes: fc.nat(3).map((pages) => pages * 64) }),
          fc.record({ floor: fc.nat(30) }),
        ),
        { maxLength: 40 },
      ),
      (steps) => {
        const ledger = new VersionLedger();
        const commits: number[] = [];
        let floor = 0;
        for (const step of steps) {
          if ('bytes' in step) {
            commits.push(step.bytes);
            ledger.add(commits.length, step.bytes);
          } else {
            floor = Math.min(commits.length, Math.max(floor, step.floor));
            ledger.raiseFloor(floor);
            ledger.raiseFloor(Math.floor(floor / 2));
          }

          expect(ledger.bytes).toBe(commits.slice(floor).reduce((sum, bytes) => sum + bytes, 0));
        }
      },
    ),
    runs(300),
  );
});
