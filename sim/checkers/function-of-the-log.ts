/** I26, rule 24: whoever has the log can tell who is woken, and by what; no order of messages changes it. */

import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const functionOfTheLog: Checker = {
  id: 'I26',
  sentence: 'which watchers fire, and on which commit first, is a function of the log alone',
  watch: ({ waits }) => ({
    *fired({ watcher, version, activation }) {
      const wait = waits.of(watcher)?.[activation - 1];
      if (wait !== undefined && wait.version !== version)
        yield `watcher ${hex(watcher)} (since ${wait.since}) fires on ${version}, by the log on ${wait.version}`;
    },
    // Nobody is in the middle of a step: whoever is touched has fired.
    stepped: () =>
      waits.owed.size === 0
        ? NOTHING
        : [...waits.owed].map(
            ({ watcher, since, version }) =>
              `watcher ${hex(watcher)} (since ${since}) does not fire, by the log on ${version}`,
          ),
  }),
};
