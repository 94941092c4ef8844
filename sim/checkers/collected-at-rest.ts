/** I12: nothing old is kept for nobody. That a home collects what lies below its floor is its own to show. */

import { type Checker, NOTHING } from './checker.ts';

export const collectedAtRest: Checker = {
  id: 'I12',
  sentence: 'at rest one version a page remains: each home has heard that none below the last one is read',
  watch: ({ setting, memory }) => {
    const floors = new Map<number, number>();
    return {
      delivered: {
        floor({ to, message: { floor } }) {
          const home = Number(to.id);
          floors.set(home, Math.max(floors.get(home) ?? 0, floor));
          return NOTHING;
        },
      },
      *over() {
        for (let home = 0; home < setting.config.homes; home += 1)
          if ((floors.get(home) ?? 0) !== memory.version)
            yield `home ${home} keeps what ${floors.get(home) ?? 0} may read, at rest at ${memory.version}`;
      },
    };
  },
};
