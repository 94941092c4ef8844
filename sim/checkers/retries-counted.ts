/** Rule 9: every effect of a runner is buffered, so nobody can tell that it ran twice. */

import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const retriesCounted: Checker = {
  id: 'rule 9',
  sentence: 'a loser runs again by itself, unless a conflict is to end it',
  watch: ({ setting: { config } }) => {
    const losers = new Set<bigint>();
    return {
      rejected({ attempt }) {
        losers.add(attempt.runner);
        return NOTHING;
      },
      restarted() {
        losers.clear();
        return NOTHING;
      },
      *runner({ runner, state, end }) {
        const lost = losers.delete(runner);
        if (end === 'conflict' && config.onConflict === 'retry') yield `${hex(runner)} ends by a conflict`;
        if (end === 'conflict' && !lost) yield `${hex(runner)} ends by a conflict that it did not lose`;
        if (lost && config.onConflict === 'abort' && end !== 'conflict')
          yield `${hex(runner)} has lost and becomes ${state}`;
      },
    };
  },
};
