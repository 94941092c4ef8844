/**
 * I21, rule 12: a node is taken for dead and its runner goes out again; then the first attempt asks for its commit after
 * all. Only the newest attempt's word counts, so it must be known which one that is.
 */

import { attemptKey } from '../../src/actors/control-block.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const oneAcceptable: Checker = {
  id: 'I21',
  sentence: 'attempts of a runner are numbered upwards, and at most one of them is ever accepted',
  watch: () => {
    const numbers = new Map<bigint, number>();
    const started = new Set<string>();
    const decided = new Map<string, number>();
    return {
      sent: {
        *dispatch({ message }) {
          for (const { attempt } of message.assignments) {
            const { runner, number } = attempt;
            const before = numbers.get(runner) ?? 0;
            if (number <= before)
              yield `attempt ${number} of ${hex(runner)} is dispatched after attempt ${before}`;
            numbers.set(runner, number);
          }
        },
      },
      // The next epoch counts from 1.
      restarted() {
        numbers.clear();
        return NOTHING;
      },
      *started({ attempt }) {
        const key = attemptKey(attempt);
        if (started.has(key)) yield `${key} starts twice`;
        if (attempt.number > (numbers.get(attempt.runner) ?? 0)) yield `${key} starts and was not dispatched`;
        started.add(key);
      },
      *committed({ attempt, version }) {
        const key = attemptKey(attempt);
        if (decided.has(key)) yield `${key} is version ${decided.get(key)} and version ${version}`;
        decided.set(key, version);
      },
    };
  },
};
