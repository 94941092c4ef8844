import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../sim/report/plain-text.ts';
import { textDiagram } from '../../../sim/report/text-diagram.ts';
import {
  AGENT,
  anyRun,
  event,
  fault,
  HOME,
  MASTER,
  message,
  RCOMP,
  runOf,
  violation,
} from '../../support/recorded-runs.ts';
import { runs } from '../../support/runs.ts';

const SIZE = { columns: 100, lines: 40 };

describe('a space-time diagram as text', () => {
  it('has lanes for those who take part, arrows for messages, and the violation last', () => {
    const steps = [
      message([AGENT, RCOMP], [10, 12], 'start'),
      message([RCOMP, RCOMP], [12, 13], 'slice'),
      message([RCOMP, RCOMP], [13, 14], 'slice'),
      message([RCOMP, HOME], [14, 120], 'stage', { text: '{attempt 7.1.1, sv 0}' }),
      message([HOME, RCOMP], [120, 1230], 'staged', { text: '{home 0}' }),
      event(HOME, 1230, 'applied'),
      violation(HOME, 1240, 'version 2 is decided over version 1 at 0x40'),
    ];

    expect(textDiagram(runOf(steps), SIZE)).toMatchInlineSnapshot(`
      "         node 0           node 1
           µs  home 0           agent 0          rcomp 0
           12  │                │                ○  start, slice ×2
          120  │◀──── stage ────┼────────────────┤  {attempt 7.1.1, sv 0}
        1,230  ├──── staged ────┼───────────────▶│  {home 0}
        1,230  ● applied        │                │
        1,240  ✗ violation      │                │
               ✗ version 2 is decided over version 1 at 0x40"
    `);
  });

  it('tells the weather: faults across all lanes, lost and repeated messages, and those that were overtaken', () => {
    const steps = [
      fault(5, 'partition {0} | {1} until 3,400 µs'),
      message([MASTER, AGENT], [10, null], 'dispatch', { text: '{batch 1}' }),
      message([AGENT, MASTER], [3000, 3500], 'ends'),
      message([MASTER, AGENT], [3400, 3600], 'news'),
      message([MASTER, AGENT], [3300, 3700], 'dispatch', { text: '{batch 1}' }),
      message([AGENT, MASTER], [3000, 3900], 'ends', { repeated: true }),
    ];

    expect(textDiagram(runOf(steps), SIZE)).toMatchInlineSnapshot(`
      "         node 0           node 1
           µs  master           agent 0
            5  ═══ partition {0} | {1} until 3,400 µs ════════════════════════════════════════════════════
           10  ├────────✗       │  dispatch; lost; {batch 1}
        3,500  │◀───── ends ────┤
        3,600  ├───── news ────▶│
        3,700  ├─── dispatch ──▶│  sent 3,300; {batch 1}
        3,900  │◀╌╌╌╌╌ ends ╌╌╌╌┤  again; sent 3,000"
    `);
  });

  it('draws across lanes, and names an arrow beside it where its name does not fit', () => {
    const steps = [
      message([MASTER, RCOMP], [1, 2], 'dispatch'),
      message([RCOMP, MASTER], [2, 3], 'compartment-ended', { text: '{rcomp 0}' }),
      message([AGENT, HOME], [3, 4], 'a-message-with-a-name-that-is-longer', { text: '{home 0}' }),
      event(AGENT, 5, 'an event with more words than fit beside it'),
    ];

    expect(textDiagram(runOf(steps), { columns: 80, lines: 40 })).toMatchInlineSnapshot(`
      "         node 0                  node 1
           µs  master      home 0      agent 0     rcomp 0
            2  ├─ dispatch ┼───────────┼──────────▶│
            3  │◀──────── compartment-ended ───────┤  {rcomp 0}
            4  │           │◀──────────┤           │  a-message-with-a-name-that-is-l…
            5  │           │           ●           │  an event with more words than f…"
    `);
  });

  it('gives each node one lane where actors are too many', () => {
    const actors = Array.from({ length: 12 }, (_, i) => ({ name: `rcomp ${i}`, node: i % 2 }));
    const steps = actors.map((_, i) =>
      message([i, (i + 1 + (i % 3)) % 12], [i, i + 1], 'pages', { text: '{page 1}' }),
    );

    expect(textDiagram(runOf(steps, { actors }), { columns: 80, lines: 40 })).toMatchInlineSnapshot(`
      "     µs  node 0           node 1
            1  ├──── pages ────▶│  rcomp 0 ▸ rcomp 1; {page 1}
            2  │                ○  pages; rcomp 1 ▸ rcomp 3
            3  ├──── pages ────▶│  rcomp 2 ▸ rcomp 5; {page 1}
            4  │◀──── pages ────┤  rcomp 3 ▸ rcomp 4; {page 1}
            5  ○                │  pages; rcomp 4 ▸ rcomp 6
            6  │◀──── pages ────┤  rcomp 5 ▸ rcomp 8; {page 1}
            7  ├──── pages ────▶│  rcomp 6 ▸ rcomp 7; {page 1}
            8  │                ○  pages; rcomp 7 ▸ rcomp 9
            9  ├──── pages ────▶│  rcomp 8 ▸ rcomp 11; {page 1}
           10  │◀──── pages ────┤  rcomp 9 ▸ rcomp 10; {page 1}
           11  ○                │  pages; rcomp 10 ▸ rcomp 0
           12  │◀──── pages ────┤  rcomp 11 ▸ rcomp 2; {page 1}"
    `);
  });

  it('keeps the last steps that matter, and says how many it left out', () => {
    const steps = Array.from({ length: 60 }, (_, i) =>
      message([RCOMP, HOME], [10 * i, 10 * i + 5], i % 2 === 0 ? 'stage' : 'other', {
        relevant: i % 2 === 0,
      }),
    );
    const run = runOf([fault(0, 'pause'), ...steps, violation(HOME, 700, 'wrong')]);

    expect(textDiagram(run, { columns: 80, lines: 12 })).toMatchInlineSnapshot(`
      "… 54 steps are left out, faults among them: 1
               node 0           node 1
           µs  home 0           rcomp 0
          465  │◀──── stage ────┤
          485  │◀──── stage ────┤
          505  │◀──── stage ────┤
          525  │◀──── stage ────┤
          545  │◀──── stage ────┤
          565  │◀──── stage ────┤
          585  │◀──── stage ────┤
          700  ✗ violation      │
               ✗ wrong"
    `);
  });

  it('keeps a fault that is not over yet when what it shows begins', () => {
    const steps = Array.from({ length: 60 }, (_, i) => message([RCOMP, HOME], [10 * i, 10 * i + 5], 'stage'));
    const faults = [fault(0, 'over', { until: 400 }), fault(0, 'lasts', { until: 590 }), fault(0, 'at once')];
    const text = textDiagram(runOf([...faults, ...steps]), { columns: 80, lines: 12 });

    expect(text).toContain('lasts');
    expect(text).toContain('faults among them: 2');
  });

  it('fits its size, whatever the texts are', () => {
    fc.assert(
      fc.property(
        anyRun,
        fc.integer({ min: 60, max: 120 }),
        fc.integer({ min: 12, max: 40 }),
        (run, columns, lines) => {
          const text = textDiagram(run, { columns, lines }).split('\n');
          expect(text.length).toBeLessThanOrEqual(lines);
          for (const line of text) {
            expect(widthOf(line)).toBeLessThanOrEqual(columns);
            expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
          }
        },
      ),
      runs(200),
    );
  });
});
