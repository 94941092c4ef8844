/**
 * I22, rule 20. A watcher that watched from its creator's commit would lose a wake-up: W fires on A and takes its
 * snapshot; B commits; W, which has not seen B, creates itself again. So B counts, and the creator's own commit does not.
 */

import type { Checker } from './checker.ts';
import { hex } from './texts.ts';

export const firedRightly: Checker = {
  id: 'I22',
  sentence: "a watcher fires only on another runner's commit after its since that writes a watched byte",
  watch: ({ waits, log, memory, runners }) => ({
    *fired({ watcher, version, activation }) {
      const all = waits.of(watcher);
      if (all === undefined) {
        yield `${hex(watcher)} fires, whom no commit created`;
        return;
      }
      const wait = all[activation - 1];
      if (wait === undefined) {
        yield `${hex(watcher)} fires as ${activation} and does not watch`;
        return;
      }
      const { since, except } = wait;
      const writer = log[version - 1]?.attempt.runner;
      const touches = () => {
        const { watched } = runners.get(watcher)!.control;
        return memory.firstWrite(watched, version - 1, version, () => true) !== null;
      };
      if (version <= since || writer === undefined || writer === except || !touches())
        yield `${hex(watcher)} (since ${since}) fires on version ${version}, which does not touch it`;
    },
  }),
};
