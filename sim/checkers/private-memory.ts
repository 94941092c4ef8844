/** I17: nothing of an earlier incumbent is left in a compartment. */

import type { Checker } from './checker.ts';
import { hex, loadText, name } from './texts.ts';

export const privateMemory: Checker = {
  id: 'I17',
  sentence: 'private memory holds zeros, the context and what the attempt itself wrote there',
  watch: ({ world }) => ({
    *attempted({ event, pairs }) {
      for (const { load, seen } of pairs)
        if (load.address < world.regionBoundary && seen.bits !== load.bits)
          yield `${name({ event })}: ${loadText(load)} gave ${hex(seen.bits)}, not ${hex(load.bits)}`;
    },
  }),
};
