/** I19, rule 15: children of an attempt that loses never existed, so nobody may have seen one run. */

import { attemptText } from '../names.ts';
import type { Checker } from './checker.ts';

export const gating: Checker = {
  id: 'I19',
  sentence: 'a child that started has a parent whose attempt committed before',
  watch: ({ runners }) => ({
    *started({ attempt }) {
      if (!runners.has(attempt.runner)) yield `${attemptText(attempt)} starts, whom no commit created`;
    },
  }),
};
