/** I19, rule 15: children of an attempt that loses never existed, so nobody may have seen one run. */

import { attemptKey } from '../../src/actors/control-block.ts';
import type { Checker } from './checker.ts';

export const gating: Checker = {
  id: 'I19',
  sentence: 'a child that started has a parent whose attempt committed before',
  watch: ({ runners }) => ({
    *started({ attempt }) {
      if (!runners.has(attempt.runner)) yield `${attemptKey(attempt)} starts, whom no commit created`;
    },
  }),
};
