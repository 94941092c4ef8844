/** I15, rules 16 and 17: changes of stacks are dropped, and nobody writes what he has not declared. */

import { within } from '../model/extent.ts';
import { attemptText } from '../names.ts';
import type { Checker } from './checker.ts';
import { hex } from './texts.ts';

export const heapOnly: Checker = {
  id: 'I15',
  sentence: 'a commit lies within its heap ranges, outside stack and private memory',
  watch: () => ({
    *committed({ version, run }) {
      if (run === null) return;
      const { heap, stack } = run.control;
      for (const { runs } of run.patches)
        for (const { address, bytes } of runs)
          for (let at = address; at < address + bytes.length; at += 1)
            if (!within(heap, at) || within([stack], at))
              yield `version ${version} writes ${hex(at)}, which is not heap of ${attemptText(run.attempt)}`;
    },
  }),
};
