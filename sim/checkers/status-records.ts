/** Rule 25: who is told of a runner's end by memory is told the truth. */

import type { RunnerEnd } from '../../src/actors/protocol.ts';
import { type Fault, faultNumber } from '../../src/isa/fault.ts';
import { wordOf } from '../model/memory.ts';
import { type Checker, NOTHING } from './checker.ts';
import { hex } from './texts.ts';

/** Words 0 of a record, by end. */
const STATES: Readonly<Record<RunnerEnd, bigint>> = { committed: 1n, aborted: 2n, faulted: 3n, conflict: 4n };

export const statusRecords: Checker = {
  id: 'rule 25',
  sentence: 'a runner with a status address ends by one record there that says how, and no other runner does',
  watch: ({ runners, memory }) => {
    const faults = new Map<bigint, Fault | null>();
    /** The versions of records whose runners have not ended yet. */
    const told = new Map<bigint, number>();
    return {
      ended({ attempt, why, fault }) {
        if (why === 'fault') faults.set(attempt.runner, fault);
        return NOTHING;
      },
      committed({ version, attempt, record }) {
        if (record.length > 0) told.set(attempt.runner, version);
        return NOTHING;
      },
      *runner({ runner, state, end }) {
        if (state !== 'finished' || end === null) return;
        const base = runners.get(runner)?.control.status ?? null;
        const version = told.get(runner);
        const fault = faults.get(runner);
        told.delete(runner);
        faults.delete(runner);
        if ((base === null) !== (version === undefined))
          yield `runner ${hex(runner)} has status address ${base} and ${version === undefined ? 'no' : 'a'} record`;
        if (base === null || version === undefined) return;
        const number = fault ? faultNumber(fault.cause) : 0;
        const words = [STATES[end], runner, BigInt(number), BigInt(fault?.pc ?? 0), fault?.address ?? 0n];
        const wanted = [...words, BigInt(version), 0n, 0n].join();
        const actual = [0, 1, 2, 3, 4, 5, 6, 7].map((word) =>
          wordOf(8, (i) => memory.at(base + 8 * word + i, version)),
        );
        if (actual.join() !== wanted)
          yield `runner ${hex(runner)} ends by the record ${actual}, not ${wanted}`;
      },
      restarted() {
        faults.clear();
        return NOTHING;
      },
      *over() {
        for (const [runner, version] of told)
          yield `version ${version} is a record of ${hex(runner)}, which has not ended`;
      },
    };
  },
};
