import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Agenda } from '../../../sim/timed/agenda.ts';
import { runs } from '../../support/runs.ts';

/** Beyond what a double tells apart to the millionth. */
const LATE = 2 ** 45;

it('what is scheduled happens by time, and at one time in the order of scheduling, however late it is', () => {
  const anySteps = fc.array(fc.option(fc.nat(3)), { maxLength: 60 });
  fc.assert(
    fc.property(anySteps, (steps) => {
      const agenda = new Agenda<number>();
      const waiting: { time: number; entry: number }[] = [];
      let now = LATE;
      for (const [entry, step] of steps.entries())
        if (step === null) {
          const [first] = waiting.sort((a, b) => a.time - b.time || a.entry - b.entry);
          expect(agenda.time).toBe(first?.time ?? Number.POSITIVE_INFINITY);
          expect(agenda.take()).toBe(first?.entry);
          now = waiting.shift()?.time ?? now;
        } else {
          waiting.push({ time: now + step, entry });
          agenda.push(now + step, entry);
        }
    }),
    runs(500),
  );
});
