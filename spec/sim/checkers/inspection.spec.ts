import { describe, expect, it } from 'vitest';
import { CHECKERS } from '../../../sim/checkers/all.ts';
import { type Checker, NOTHING } from '../../../sim/checkers/checker.ts';
import { Inspection } from '../../../sim/checkers/inspection.ts';
import { SNAPSHOT_MUTATIONS } from '../../../sim/mutations/snapshots.ts';
import { Violated } from '../../../sim/violated.ts';
import { createActor } from '../../../src/actors/actor.ts';
import { family, runSource } from '../../support/scenario.ts';

const PAIR = family(
  { one: { code: 'add', heap: ['word, 8'] }, two: { code: 'add', heap: ['word, 8'] } },
  'add: add word:q, $1, word\nexit:c\nword = 0x600000000',
).replace('word = 0x600000000', '.equ word, 0x600000000');

/** Finds fault with whatever it hears of by these hooks. */
const fussy = (id: string, observer: ReturnType<Checker['watch']>): Checker => ({
  id,
  sentence: 'all is well',
  watch: () => observer,
});
const wrong = () => ['first', 'second'];

/** What a run throws. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return null;
}

describe('an inspection', () => {
  it('ends the run at the first violation, which comes to whoever runs it as it is', () => {
    const checkers = [fussy('X1', { committed: wrong }), fussy('X2', { started: wrong })];
    const inspection = new Inspection({ checkers, onViolation: 'throw' });
    const error = thrownBy(() => runSource(PAIR, { observers: [inspection] }));

    expect(error).toBeInstanceOf(Violated);
    expect(error).toMatchObject({ id: 'X2', sentence: 'all is well', text: 'first' });
    expect((error as Violated).step).toBeGreaterThan(0);
  });

  it('does so at the end, too', () => {
    const inspection = new Inspection({ checkers: [fussy('X', { over: wrong })], onViolation: 'throw' });
    expect(thrownBy(() => runSource(PAIR, { observers: [inspection] }))).toBeInstanceOf(Violated);
  });

  it('or keeps the first of each invariant, and the run goes on to its end', () => {
    const checkers = [
      fussy('X1', { committed: wrong, over: wrong }),
      fussy('X2', { sent: { fetch: wrong }, delivered: { fetched: wrong } }),
      fussy('X3', { runner: () => NOTHING }),
    ];
    const inspection = new Inspection({ checkers, onViolation: 'collect' });

    expect(runSource(PAIR, { observers: [inspection] }).summary.counts.committed).toBe(3);
    expect([...inspection.violations].map(([id, { text }]) => `${id} ${text}`)).toEqual([
      'X2 first',
      'X1 first',
    ]);
  });

  it('goes on, without a crash, where an attempt starts at a version that is not decided (I2)', () => {
    const create = SNAPSHOT_MUTATIONS['undecided-snapshot'].wrap(createActor);
    const inspection = new Inspection({ onViolation: 'collect' });
    const error = thrownBy(() => runSource(PAIR, { observers: [inspection], create }));

    expect(inspection.violations.get('I2')?.text).toContain('starts at 1, decided 0');
    expect(String(error)).not.toContain('TypeError');
  });

  it('knows each invariant by an id of its own', () => {
    expect(new Set(CHECKERS.map(({ id }) => id)).size).toBe(CHECKERS.length);
    expect(new Set(CHECKERS.map(({ sentence }) => sentence)).size).toBe(CHECKERS.length);
  });
});
