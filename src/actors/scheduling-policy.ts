/** Which of the schedulable runners an agent gets next. Whatever it answers, the rules hold; it decides how long each waits. */

import type { RunnerRecord } from './runner-record.ts';

/**
 * The pool of schedulable runners, which is the policy itself: so first in, first out costs what a queue costs, and
 * another order pays only for its own structure. A `Queue` is one. The records are the master's: to be read only.
 *
 * Danger: runner A stays schedulable for ever while others come and go if newcomers are always preferred to it. Every
 * runner that is pushed must be given out after a bounded number of others.
 */
export interface SchedulingPolicy {
  /** Runners that are in it. */
  readonly length: number;
  /** A runner has become schedulable. It is in no policy yet. */
  push(runner: RunnerRecord): void;
  /** These have waited for a starving one (rule 10), and are to be judged before all others. */
  pushFront(runners: readonly RunnerRecord[]): void;
  /** Takes out the one that this agent gets next; undefined only if there is none. */
  shift(agent: number): RunnerRecord | undefined;
  /** Takes out all: a round begins, and they are its members (rule 29). */
  drain(): RunnerRecord[];
}
