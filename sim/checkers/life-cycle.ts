/** I20, rule 15: the states of runners, and one runner an RComp. */

import { attemptKey } from '../../src/actors/control-block.ts';
import { agentOf } from '../../src/actors/placement.ts';
import type { RunnerState } from '../../src/actors/trace-event.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

export const lifeCycle: Checker = {
  id: 'I20',
  sentence: 'runners go only along the edges of their life cycle, and an RComp runs one at a time',
  watch: ({ setting: { config } }) => {
    const states = new Map<bigint, RunnerState>();
    /** By RComp, until its agent hears that the attempt has ended or the RComp died. */
    const running = new Map<number, string>();
    return {
      *runner({ runner, state }) {
        const before = states.get(runner);
        if (before !== undefined && !EDGES[before].includes(state))
          yield `runner ${hex(runner)} goes from ${before} to ${state}`;
        states.set(runner, state);
      },
      *restarted({ runners }) {
        for (const [runner, { state }] of runners) {
          if (states.get(runner) === 'finished')
            yield `runner ${hex(runner)} had finished and is ${state} again`;
          states.set(runner, state);
        }
        for (const [runner, state] of states)
          if (state !== 'finished' && !runners.has(runner))
            yield `runner ${hex(runner)} was ${state} and is no more`;
        running.clear();
      },
      sent: {
        join({ from }) {
          for (const rcomp of running.keys())
            if (agentOf(rcomp, config) === Number(from.id)) running.delete(rcomp);
          return NOTHING;
        },
        *start({ to, message }) {
          const rcomp = Number(to.id);
          const key = attemptKey(message.attempt);
          if (running.has(rcomp)) yield `RComp ${rcomp} is sent ${key} under ${running.get(rcomp)}`;
          running.set(rcomp, key);
        },
      },
      delivered: {
        'rcomp-lost'({ message }) {
          running.delete(message.rcomp);
          return NOTHING;
        },
        ended({ message: { rcomp, attempt } }) {
          if (running.get(rcomp) === attemptKey(attempt)) running.delete(rcomp);
          return NOTHING;
        },
      },
    };
  },
};

/** A cancelled or failed program ends runners wherever they are. */
const EDGES: Readonly<Record<RunnerState, readonly RunnerState[]>> = {
  created: ['schedulable', 'watching'],
  watching: ['schedulable', 'finished'],
  schedulable: ['running', 'finished', 'schedulable'],
  running: ['schedulable', 'finished'],
  finished: [],
};
