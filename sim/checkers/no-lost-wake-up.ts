/** I23, rules 19 to 21: a notice that is under way keeps the program alive, and a lost node keeps the trigger. */

import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const noLostWakeUp: Checker = {
  id: 'I23',
  sentence: 'if such a commit exists, the watcher starts; if none does, it is reported as still watching',
  watch: (evidence) => {
    const started = new Set<bigint>();
    const ended = new Set<bigint>();
    return {
      started({ attempt }) {
        started.add(attempt.runner);
        return NOTHING;
      },
      runner({ runner, state }) {
        if (state === 'finished') ended.add(runner);
        return NOTHING;
      },
      restarted() {
        for (const runner of started) if (!ended.has(runner)) started.delete(runner);
        return NOTHING;
      },
      *over({ summary }) {
        if (summary.status !== 'done' || evidence.overrun) return;
        const reported = new Set(summary.watchers.map(({ id }) => id));
        for (const [id, waits] of evidence.waits.all()) {
          for (const { version, runner } of waits)
            if (version !== null && !started.has(runner))
              yield `watcher ${hex(id)} is touched by version ${version} and ${hex(runner)} never starts`;
          const waiting = waits.at(-1)?.version === null;
          if (waiting !== reported.has(id))
            yield `watcher ${hex(id)} is ${waiting ? '' : 'not '}watching at the end`;
        }
      },
    };
  },
};
