/** I37: the one limit that is the whole machine's. */

import type { AttemptId } from '../../src/actors/control-block.ts';
import { attemptText } from '../names.ts';
import { type Checker, NOTHING } from './checker.ts';

export const roomForRunners: Checker = {
  id: 'I37b',
  sentence: 'a commit whose children the machine has no room for faults its runner, and no other does',
  watch: (evidence) => {
    const { limits } = evidence.setting.config;
    const alive = new Set<bigint>();
    const judge = (attempt: AttemptId, refused: boolean) => {
      const end = evidence.rerunOf(attempt)?.event.end;
      const children = end?.type === 'commit' ? end.children.length : 0;
      const fits = alive.size - 1 + children <= limits.runners;
      if (children === 0 || fits !== refused) return NOTHING;
      const what = `${refused ? 'faults' : 'commits'} among ${alive.size} of ${limits.runners}`;
      return [`${attemptText(attempt)} with ${children} children ${what}`];
    };
    return {
      runner({ runner, state }) {
        if (state === 'finished') alive.delete(runner);
        else alive.add(runner);
        return NOTHING;
      },
      restarted({ runners }) {
        alive.clear();
        for (const runner of runners.keys()) alive.add(runner);
        return NOTHING;
      },
      committed: ({ attempt }) => judge(attempt, false),
      ended: ({ attempt, why, fault }) =>
        why === 'fault' ? judge(attempt, fault?.cause !== 'compartment-lost') : NOTHING,
    };
  },
};
