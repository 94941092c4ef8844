/** I25, rule 21: who is woken sees why. */

import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const startsAfterItsCommit: Checker = {
  id: 'I25',
  sentence: 'a watcher that fired starts at or above the commit that fired it',
  watch: ({ runners, waits }) => {
    const fired = new Map<bigint, number>();
    return {
      fired({ watcher, activation, version }) {
        const runner = waits.of(watcher)?.[activation - 1]?.runner;
        if (runner !== undefined) fired.set(runner, version);
        return NOTHING;
      },
      *started({ attempt: { runner }, sv }) {
        const version = fired.get(runner);
        if (runners.get(runner)?.control.watcher && version === undefined)
          yield `watcher ${hex(runner)} starts unfired`;
        if (version !== undefined && sv < version)
          yield `watcher ${hex(runner)}, fired by version ${version}, starts at ${sv}`;
      },
    };
  },
};
