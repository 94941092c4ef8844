/** I5, rules 3, 5 and 6: neighbours in a word or a page do not abort each other, nor do contributions of one kind. */

import { attemptText } from '../names.ts';
import type { Checker } from './checker.ts';
import { rivalOf } from './rivals.ts';
import { hex, name } from './texts.ts';

export const noFalseConflict: Checker = {
  id: 'I5',
  sentence: 'a rejected commit overlaps, at byte grain, some decided commit after its snapshot',
  watch: (evidence) => ({
    *rejected({ attempt, sv, with: { version, base } }) {
      const rerun = evidence.rerunOf(attempt);
      if (rerun === undefined) {
        yield `${attemptText(attempt)} is rejected and never ran`;
        return;
      }
      const decided = evidence.memory.version;
      if (rivalOf(evidence, rerun, sv, decided) === null)
        yield `${name(rerun)} (sv ${sv}) is rejected though nothing up to ${decided} overlaps`;
      if (version <= sv || version > decided || evidence.writeType(version, base) === undefined)
        yield `${name(rerun)} (sv ${sv}) is told of a conflict with ${version} at ${hex(base)} that is none`;
    },
  }),
};
