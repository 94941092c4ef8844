/**
 * I2, rule 1: one sv. If an attempt began at 4 and fetched a page late, at 5, it would see half of version 5: a torn
 * read, though each page by itself is right.
 */

import { attemptKey } from '../../src/actors/control-block.ts';
import { attemptText } from '../names.ts';
import { type Checker, NOTHING } from './checker.ts';

export const onePoint: Checker = {
  id: 'I2',
  sentence: 'an attempt has one sv from its start to its commit, and it names a version that was decided',
  watch: (evidence) => {
    const starts = new Map<string, number>();
    return {
      *started({ attempt, sv }) {
        const decided = evidence.memory.version;
        if (sv > decided) yield `${attemptText(attempt)} starts at ${sv}, decided ${decided}`;
        starts.set(attemptKey(attempt), sv);
      },
      *attempted({ event: { attempt, end } }) {
        const sv = starts.get(attemptKey(attempt));
        if (sv !== end.sv) yield `${attemptText(attempt)} starts at ${sv} and ends at ${end.sv}`;
      },
      committed({ attempt, sv, run }) {
        if (run === null || run.end.sv === sv) return NOTHING;
        return [`${attemptText(attempt)} ran at ${run.end.sv} and is decided at sv ${sv}`];
      },
    };
  },
};
