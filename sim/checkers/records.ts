/** Rule 25 and the summary: what is told of runners' ends. */

import type { RunnerEnd } from '../../src/actors/protocol.ts';
import { faultNumber } from '../../src/isa/fault.ts';
import type { Checker } from '../evidence.ts';
import { wordOf } from '../model/memory.ts';
import { eventsOf } from '../result.ts';
import { hex } from './reads.ts';

/** Words 0 of a record, by end. */
const STATES: Readonly<Record<RunnerEnd, bigint>> = { committed: 1n, aborted: 2n, faulted: 3n, conflict: 4n };

export const statusRecords: Checker = {
  id: 'rule 25',
  sentence: 'a runner with a status address ends by one record there that says how, and no other runner does',
  *check({ result, runners, memory }) {
    const faults = new Map(result.summary.faults.map(({ runner, fault }) => [runner, fault]));
    const told = new Map<bigint, number>();
    for (const { version, attempt, record } of result.log)
      if (record.length > 0) told.set(attempt.runner, version);
    for (const { event } of eventsOf(result.trace, 'runner')) {
      const { runner, state, end } = event;
      if (state !== 'finished' || end === null) continue;
      const base = runners.get(runner)?.control.status ?? null;
      const version = told.get(runner);
      told.delete(runner);
      if ((base === null) !== (version === undefined))
        yield `runner ${hex(runner)} has status address ${base} and ${version === undefined ? 'no' : 'a'} record`;
      if (base === null || version === undefined) continue;
      const fault = faults.get(runner);
      const number = fault === undefined ? 0 : faultNumber(fault.cause);
      const words = [STATES[end], runner, BigInt(number), BigInt(fault?.pc ?? 0), fault?.address ?? 0n];
      const wanted = [...words, BigInt(version), 0n, 0n].join();
      const actual = [0, 1, 2, 3, 4, 5, 6, 7].map((word) =>
        wordOf(8, (i) => memory.at(base + 8 * word + i, version)),
      );
      if (actual.join() !== wanted) yield `runner ${hex(runner)} ends by the record ${actual}, not ${wanted}`;
    }
    for (const [runner, version] of told)
      yield `version ${version} is a record of ${hex(runner)}, which has not ended`;
  },
};

export const summaryTells: Checker = {
  id: 'rule 19',
  sentence: 'the summary counts what has happened',
  *check({ result }) {
    const { counts, faults, entry } = result.summary;
    const ends = eventsOf(result.trace, 'runner').filter(({ event }) => event.end !== null);
    const ended = (end: RunnerEnd) => ends.filter(({ event }) => event.end === end).length;
    const actual = {
      committed: ended('committed'),
      aborted: ended('aborted'),
      faulted: ended('faulted'),
      conflicts: eventsOf(result.trace, 'conflict').length,
    };
    for (const [what, count] of Object.entries(actual))
      if (counts[what as keyof typeof actual] !== count)
        yield `the summary counts ${counts[what as keyof typeof actual]} ${what}, there were ${count}`;
    if (faults.length !== actual.faulted) yield `${faults.length} faults are reported of ${actual.faulted}`;
    const own = ends.find(({ event }) => event.runner === result.entry.id)?.event.end ?? null;
    if (own !== entry) yield `the entry runner ended ${own} and is reported as ${entry}`;
  },
};
