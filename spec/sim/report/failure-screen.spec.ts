import { describe, expect, it } from 'vitest';
import { failureScreen } from '../../../sim/report/failure-screen.ts';
import { HOME, message, RCOMP, runOf, violation } from '../../support/recorded-runs.ts';

const STEPS = [
  message([RCOMP, HOME], [14, 120], 'stage', { text: '{attempt 7.1.1, sv 0}' }),
  violation(HOME, 124, 'version 2 is decided over version 1 at 0x40'),
];
const KNOBS = ['homes', 'rcomps', 'page size', 'retry ticks', 'duplicates', 'slow links'].map(
  (name, i) => [name, String(i + 1)] as const,
);

describe('a failure as one screen', () => {
  it('says what was violated, under which knobs, how, and how to see it again', () => {
    expect(
      failureScreen(runOf(STEPS, { configuration: KNOBS }), { columns: 80, lines: 40 }),
    ).toMatchInlineSnapshot(`
      "I4: no commit overlaps what another wrote between its snapshot and itself
        version 2 is decided over version 1 at 0x40

        nodes 2 · actors 4 · homes 1 · rcomps 2 · page size 3 · retry ticks 4
        duplicates 5 · slow links 6

               node 0           node 1
           µs  home 0           rcomp 0
          120  │◀──── stage ────┤  {attempt 7.1.1, sv 0}
          124  ✗ violation      │
               ✗ version 2 is decided over version 1 at 0x40

      replay with:
      dvm sim --seed 7
      "
    `);
  });

  it('fits its lines', () => {
    const many = Array.from({ length: 100 }, (_, i) => message([RCOMP, HOME], [i, i + 1], 'stage'));

    const lines = failureScreen(runOf(many), { columns: 80, lines: 30 }).trimEnd().split('\n');

    expect(lines.length).toBeLessThanOrEqual(30);
    expect(lines.length).toBeGreaterThan(25);
  });

  it('ends in the whole command, however long it is', () => {
    const replay = `dvm sim --seed 7 --choices ${'1,'.repeat(200)}1`;

    expect(
      failureScreen(runOf(STEPS, { replay }), { columns: 80, lines: 40 }).endsWith(`\n${replay}\n`),
    ).toBe(true);
  });
});
