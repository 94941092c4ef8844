/**
 * I4, rule 3: two runners read a counter at sv 4 and both add one. Whoever is decided first is version 5; if the other
 * became version 6, one of the two would be lost.
 */

import type { Checker } from './checker.ts';
import { isWithoutEffect, rivalOf } from './rivals.ts';
import { hex, name } from './texts.ts';

export const firstCommitterWins: Checker = {
  id: 'I4',
  sentence: 'no commit overlaps what another wrote between its snapshot and itself',
  watch: (evidence) => ({
    *committed({ version, sv, rerun }) {
      if (rerun === null || isWithoutEffect(rerun)) return;
      const rival = rivalOf(evidence, rerun, sv, version - 1);
      if (rival !== null)
        yield `version ${version} (${name(rerun)}, sv ${sv}) is decided over version ${rival.version} at ${hex(rival.address)}`;
    },
  }),
};
