/**
 * I7, rules 7 and 15: a runner whose request for its commit is repeated, or whose node is taken for dead while it lives,
 * must not be applied twice; nor may one that was applied end as if it were not.
 */

import type { AttemptEnd, RunnerEnd } from '../../src/actors/protocol.ts';
import type { Fault } from '../../src/isa/fault.ts';
import type { Rerun } from '../evidence/reruns.ts';
import { type Checker, NOTHING } from './checker.ts';
import { isWithoutEffect } from './rivals.ts';
import { hex } from './texts.ts';

export const exactlyOnce: Checker = {
  id: 'I7',
  sentence: 'each runner is in the log at most once and ends in exactly one way',
  watch: (evidence) => {
    const versions = new Map<bigint, { readonly version: number; readonly rerun: Rerun | null }>();
    const ends = new Map<bigint, RunnerEnd | null>();
    const told = new Map<bigint, { readonly why: 'abort' | 'fault'; readonly fault: Fault | null }>();
    return {
      *committed({ version, attempt: { runner }, run, rerun }) {
        const earlier = versions.get(runner);
        if (earlier !== undefined && evidence.runners.has(runner))
          yield `runner ${hex(runner)} is version ${earlier.version} and version ${version}`;
        if (run !== null && !evidence.runners.has(runner))
          yield `version ${version} is of ${hex(runner)}, whom nobody created`;
        versions.set(runner, { version, rerun });
      },
      ended({ attempt, why, fault }) {
        if (why === 'abort' || why === 'fault') told.set(attempt.runner, { why, fault });
        return NOTHING;
      },
      *runner({ runner, state, end }) {
        if (state !== 'finished') return;
        if (ends.has(runner)) yield `runner ${hex(runner)} ends twice`;
        ends.set(runner, end);
        if (end === null) return;
        const last = evidence.lastOf(runner);
        const committed = (versions.get(runner)?.rerun ?? null) !== null;
        const silent = last !== undefined && isWithoutEffect(last);
        if (end === 'committed' && !committed && !silent)
          yield `${hex(runner)} committed and is not in the log`;
        if (end !== 'committed' && committed) yield `${hex(runner)} ended ${end} and is in the log`;
        const way = last?.event.end.type;
        const why = told.get(runner);
        told.delete(runner);
        if (why !== undefined && why.why !== WAYS[end])
          yield `runner ${hex(runner)} ended ${end}, its attempt by ${why.why}`;
        if (way !== WAYS[end] && !isMachines(why?.fault?.cause, way))
          yield `runner ${hex(runner)} ended ${end}, its last attempt by ${way}`;
      },
      restarted() {
        told.clear();
        return NOTHING;
      },
      *over({ summary }) {
        if (summary.status !== 'done' || evidence.overrun) return;
        for (const [id, { control }] of evidence.runners)
          if (!control.watcher && !ends.has(id)) yield `runner ${hex(id)} was created and never ended`;
      },
    };
  },
};

/** Faults that no attempt makes: its compartments died, or the machine has no room for its children. */
function isMachines(cause: Fault['cause'] | undefined, last: AttemptEnd['type'] | undefined): boolean {
  return cause === 'compartment-lost' || (cause === 'too-many-children' && last === 'commit');
}

/** By which end of an attempt a runner comes to its own. */
const WAYS: Readonly<Record<RunnerEnd, AttemptEnd['type']>> = {
  committed: 'commit',
  aborted: 'abort',
  faulted: 'fault',
  conflict: 'commit',
};
