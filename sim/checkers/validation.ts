/** I4, I5, I6: who wins and who loses. */

import { attemptKey } from '../../src/actors/control-block.ts';
import type { Checker, Evidence, Rerun } from '../evidence.ts';
import { rerunFor } from '../evidence.ts';
import { eventsOf } from '../result.ts';
import { hex, name } from './reads.ts';

export const firstCommitterWins: Checker = {
  id: 'I4',
  sentence: 'no commit overlaps what another wrote between its snapshot and itself',
  *check(evidence) {
    for (const { version, sv } of evidence.result.log) {
      const rerun = evidence.rerunOf(version);
      if (rerun === null || isWithoutEffect(rerun)) continue;
      const rival = rivalOf(evidence, rerun, sv, version - 1);
      if (rival !== null)
        yield `version ${version} (${name(rerun)}, sv ${sv}) is decided over version ${rival.version} at ${hex(rival.address)}`;
    }
  },
};

export const noFalseConflict: Checker = {
  id: 'I5',
  sentence: 'a rejected commit overlaps, at byte grain, some decided commit after its snapshot',
  *check(evidence) {
    for (const { event, decided } of eventsOf(evidence.result.trace, 'conflict')) {
      const rerun = rerunFor(evidence, event.attempt);
      if (rerun === undefined) {
        yield `${attemptKey(event.attempt)} is rejected and never ran`;
        continue;
      }
      if (rivalOf(evidence, rerun, event.sv, decided) === null)
        yield `${name(rerun)} (sv ${event.sv}) is rejected though nothing up to ${decided} overlaps`;
      const { version, base } = event.with;
      if (version <= event.sv || version > decided || evidence.writeType(version, base) === undefined)
        yield `${name(rerun)} (sv ${event.sv}) is told of a conflict with ${version} at ${hex(base)} that is none`;
    }
  },
};

export const readersPass: Checker = {
  id: 'I6',
  sentence: 'an attempt without writes, children and output is never rejected',
  *check(evidence) {
    for (const { event } of eventsOf(evidence.result.trace, 'conflict')) {
      const rerun = rerunFor(evidence, event.attempt);
      if (rerun !== undefined && isWithoutEffect(rerun)) yield `${name(rerun)} is rejected and wrote nothing`;
    }
  },
};

export function isWithoutEffect({ model }: Rerun): boolean {
  return model.written.size === 0 && model.children.length === 0 && model.output.length === 0;
}

/** The first version in (sv, last] that the attempt's writes or validated reads overlap, by rules 3, 5 and 6. */
function rivalOf(
  { memory, writeType }: Evidence,
  { model }: Rerun,
  sv: number,
  last: number,
): { readonly version: number; readonly address: number } | null {
  for (let version = sv + 1; version <= last; version += 1)
    for (const address of memory.written(version).keys()) {
      const merge = model.written.has(address) ? model.mergeAt(address) : null;
      const contributes = merge !== null && merge !== 0 && merge === writeType(version, address);
      if ((merge !== null && !contributes) || model.reads.has(address)) return { version, address };
    }
  return null;
}
