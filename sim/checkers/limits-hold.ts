/** I37: a runaway runner is its own problem. */

import { INPUT_LOST } from '../../src/actors/replay.ts';
import { isIncomplete } from '../evidence/reruns.ts';
import { type Checker, NOTHING } from './checker.ts';
import { name } from './texts.ts';

export const limitsHold: Checker = {
  id: 'I37',
  sentence: 'a breached limit faults the runner and the machine goes on to its end',
  watch: ({ setting: { config, map } }) => {
    let outsideFailed = false;
    let inputMayBeLost = false;
    return {
      sent: {
        'device-failed'() {
          outsideFailed = true;
          return NOTHING;
        },
      },
      restarted() {
        inputMayBeLost ||= map.streams.length > 0;
        return NOTHING;
      },
      *attempted({ event }) {
        const { end } = event;
        if (isIncomplete(end)) return;
        if (end.executed > config.fuel) yield `${name({ event })} executes ${end.executed} of ${config.fuel}`;
        if (end.type !== 'commit') return;
        if (end.children.length > config.limits.children)
          yield `${name({ event })} has ${end.children.length} children`;
        for (const { heap, watched } of end.children)
          if (heap.length + watched.length > config.limits.ranges)
            yield `${name({ event })} has a child of too many ranges`;
      },
      *over({ summary }) {
        const isExcused = outsideFailed || (inputMayBeLost && summary.error === INPUT_LOST);
        if (summary.status === 'failed' && !isExcused) yield `the machine failed: ${summary.error}`;
      },
    };
  },
};
