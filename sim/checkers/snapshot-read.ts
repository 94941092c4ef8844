/** I1, rule 1: own latest writes, else the snapshot. */

import type { Checker } from './checker.ts';
import { hex, loadText, name } from './texts.ts';

export const snapshotRead: Checker = {
  id: 'I1',
  sentence: 'every byte that an attempt loads is its own latest write, else the byte of its snapshot',
  watch: ({ world }) => ({
    *attempted({ event, pairs }) {
      for (const { load, seen } of pairs)
        if (load.address >= world.regionBoundary && seen.bits !== load.bits)
          yield `${name({ event })} at sv ${event.end.sv}: ${loadText(load)} gave ${hex(seen.bits)}, not ${hex(load.bits)}`;
    },
  }),
};
