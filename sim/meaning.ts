/** What a run has come to, whatever the machine was and whoever was served first. */

import { writtenBy } from './evidence/commits.ts';
import { imageOf } from './evidence/world.ts';
import type { Memory } from './model/memory.ts';
import type { SimResult } from './result.ts';

/** Every version of memory that a finished run has decided, by the reference model. */
export function memoryOf(result: SimResult): Memory {
  const memory = imageOf(result);
  for (const commit of result.log) memory.commit(writtenBy(commit, memory));
  return memory;
}

/** All that a program can tell: the log without attempt numbers, what it left, and how its runners ended. Comparable deeply. */
export function meaningOf(result: SimResult): unknown {
  const memory = memoryOf(result);
  return {
    log: result.log.map(({ version, attempt, sv }) => ({
      version,
      runner: attempt.runner,
      sv,
      written: bytes(memory.written(version)),
    })),
    memory: bytes(new Map([...memory.addresses()].map((address) => [address, result.byteAt(address)]))),
    output: result.written,
    entry: result.summary.entry,
    faults: result.summary.faults,
    watchers: result.summary.watchers.map(({ id }) => id).sort(),
    counts: result.summary.counts,
  };
}

function bytes(written: ReadonlyMap<number, number>): string {
  const ordered = [...written].filter(([, byte]) => byte !== 0).sort(([a], [b]) => a - b);
  return ordered.map(([address, byte]) => `${address.toString(16)}: ${byte}`).join(' ');
}
