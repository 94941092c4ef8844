/** I24, rules 21 and 22: however many commits touch a watcher before it starts. */

import type { Checker } from './checker.ts';
import { hex } from './texts.ts';

export const firesOnce: Checker = {
  id: 'I24',
  sentence: 'a watcher becomes a runner once, a persistent one once for each wait',
  watch: () => {
    const activations = new Map<bigint, number>();
    return {
      *fired({ watcher, activation }) {
        const before = activations.get(watcher) ?? 0;
        if (activation <= before) yield `${hex(watcher)} activation ${activation} fires twice`;
        activations.set(watcher, activation);
      },
    };
  },
};
