/** Rule 12: a machine that dies is not the program's fault; a runner under which every machine dies may be. */

import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const lostCompartments: Checker = {
  id: 'rule 12',
  sentence: 'a lost compartment is no fault of its runner, until so many have died under it',
  watch: ({ setting: { config } }) => {
    const deaths = new Map<bigint, number>();
    return {
      *ended({ attempt: { runner }, why, fault }) {
        const count = (deaths.get(runner) ?? 0) + (why === 'lost' ? 1 : 0);
        if (why === 'lost') deaths.set(runner, count);
        if (fault?.cause === 'compartment-lost' && count !== config.compartmentDeaths)
          yield `${hex(runner)} faults after ${count} compartments`;
      },
      // Deaths are not in the log.
      restarted() {
        deaths.clear();
        return NOTHING;
      },
      *runner({ runner, state }) {
        const count = deaths.get(runner) ?? 0;
        if (state === 'finished') deaths.delete(runner);
        else if (count >= config.compartmentDeaths) yield `${hex(runner)} outlives ${count} compartments`;
      },
    };
  },
};
