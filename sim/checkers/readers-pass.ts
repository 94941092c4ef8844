/** I6, rule 5: what leaves nothing serialises at its snapshot, whatever others have written since. */

import type { Checker } from './checker.ts';
import { isWithoutEffect } from './rivals.ts';
import { name } from './texts.ts';

export const readersPass: Checker = {
  id: 'I6',
  sentence: 'an attempt without writes, children and output is never rejected',
  watch: (evidence) => ({
    *rejected({ attempt }) {
      const rerun = evidence.rerunOf(attempt);
      if (rerun !== undefined && isWithoutEffect(rerun)) yield `${name(rerun)} is rejected and wrote nothing`;
    },
  }),
};
