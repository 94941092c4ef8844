import { describe, expect, it } from 'vitest';
import { DEFAULT_EXPLORATION, explore } from '../../../sim/exhaustive/explore.ts';
import { SMALL_PROGRAMS, X, Y, Z } from '../../../sim/exhaustive/programs.ts';
import type { SimResult } from '../../../sim/result.ts';
import { attemptKey } from '../../../src/actors/control-block.ts';
import { everyOutcome, historyOf } from '../../support/every-state.ts';
import { wordAt } from '../../support/scenario.ts';

/** The log and the memory. */
const outcomeOf = (result: SimResult) =>
  [
    ...result.log.map(({ attempt, sv }) => `${attemptKey(attempt)} at ${sv}`),
    ...[X, Y, Z, Z + 8].map((address) => wordAt(result, address)),
  ].join();

/** `one-child+death`: with the death of an RComp. */
describe.each(['one-child', 'watcher', 'aborting-parent', 'merge', 'one-child+death'])(
  'of the orders of %s',
  (name) => {
    const [program, death] = name.split('+');
    const small = SMALL_PROGRAMS[program as keyof typeof SMALL_PROGRAMS];

    it('each that gives some actor another sequence of messages is executed once, and leads where it leads unreduced', () => {
      const outcomes: [string, string][] = [];
      const { orders, executions, complete } = explore(small.program, {
        ...DEFAULT_EXPLORATION,
        config: small.config,
        death: death !== undefined,
        seen: (result, order) => outcomes.push([historyOf(order), outcomeOf(result)]),
      });

      expect(new Map(outcomes)).toEqual(everyOutcome(small, death !== undefined, outcomeOf));
      expect({ orders, executions, complete }).toEqual({
        orders: outcomes.length,
        executions: new Set(outcomes.map(([history]) => history)).size,
        complete: true,
      });
    });
  },
);
