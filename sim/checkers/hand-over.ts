/** I16, rules 15 and 16: what a runner starts from is what its parent's decided attempt made of it. */

import type { Checker } from './checker.ts';
import { controlText, name } from './texts.ts';

export const handOver: Checker = {
  id: 'I16',
  sentence:
    "a runner starts with the control block and stack image that its parent's commit gave it, at or above that version",
  watch: ({ runners, world: { serializable } }) => ({
    *attempted({ event }) {
      const { attempt, control, end } = event;
      const expected = runners.get(attempt.runner);
      if (expected === undefined) return;
      const actual = controlText(control, serializable);
      const wanted = controlText(expected.control, serializable);
      if (actual !== wanted) yield `${name({ event })} runs ${actual}, not ${wanted}`;
      if (end.sv < expected.born)
        yield `${name({ event })} has sv ${end.sv}, its parent is version ${expected.born}`;
    },
  }),
};
