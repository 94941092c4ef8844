/** Rule 19: what the client hears of a program. */

import type { RunnerEnd } from '../../src/actors/protocol.ts';
import { type Checker, NOTHING } from './checker.ts';

export const summaryTells: Checker = {
  id: 'rule 19',
  sentence: 'the summary counts what has happened',
  watch: ({ setting }) => {
    const ends: Record<RunnerEnd, number> = { committed: 0, aborted: 0, faulted: 0, conflict: 0 };
    let conflicts = 0;
    let own: RunnerEnd | null = null;
    return {
      rejected() {
        conflicts += 1;
        return NOTHING;
      },
      runner({ runner, end }) {
        if (end !== null) ends[end] += 1;
        if (end !== null && runner === setting.entry.id) own = end;
        return NOTHING;
      },
      // Attempts that lost are not in the log.
      restarted(restart) {
        conflicts = restart.conflicts;
        return NOTHING;
      },
      *over({ summary: { counts, faults, entry } }) {
        const { committed, aborted, faulted } = ends;
        for (const [what, count] of Object.entries({ committed, aborted, faulted, conflicts }))
          if (counts[what as keyof typeof counts] !== count)
            yield `the summary counts ${counts[what as keyof typeof counts]} ${what}, there were ${count}`;
        if (faults.length !== Math.min(faulted, MOST_FAULTS))
          yield `${faults.length} faults are reported of ${faulted}`;
        if (own !== entry) yield `the entry runner ended ${own} and is reported as ${entry}`;
      },
    };
  },
};

/** Faults that a summary lists. */
const MOST_FAULTS = 1000;
