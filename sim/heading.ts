/** What a report of a run says above it: what was violated, what was drawn, how to see it again. */

import type { Failure } from './failure.ts';
import { FAULT_KINDS } from './faults.ts';
import type { Heading } from './recorder.ts';
import type { Scenario } from './scenario.ts';
import type { Workload } from './workloads/workload.ts';

export function headingOf(scenario: Scenario, failure: Failure | null, replay: string): Heading {
  return {
    title: failure === null ? 'a run without a violation' : `${failure.id}: ${failure.sentence}`,
    violation: failure?.text ?? null,
    configuration: configurationOf(scenario),
    replay,
  };
}

/** Every knob that was drawn. */
export function configurationOf(scenario: Scenario): [string, string][] {
  const { seed, workload, machine, pace, faults, faultRate, healAt, encodedEvery } = scenario;
  // Both have a slice: what it executes, and how long it takes.
  const { slice: sliceTime, ...paces } = pace;
  const knobs = [...Object.entries(machine), ...Object.entries(paces)];
  return [
    ['seed', String(seed)],
    ['workload', workloadText(workload)],
    ...knobs.map(([knob, value]): [string, string] => [knob, String(value)]),
    ['slice time', String(sliceTime)],
    ['encoded every', String(encodedEvery)],
    ['faults', faults.length === FAULT_KINDS.length ? 'all' : faults.join(' ') || 'none'],
    ['rate', String(faultRate)],
    ...(healAt === null ? [] : [['heals at', `${healAt} µs`] as [string, string]]),
  ];
}

function workloadText(workload: Workload): string {
  switch (workload.kind) {
    case 'generated':
      return `${workload.plan.plans.length} drawn runners`;
    case 'bank':
      return `bank of ${workload.accounts} accounts, ${workload.transfers} transfers`;
    case 'counter':
      return `counter of ${workload.runners} runners`;
    case 'list-append':
      return `${workload.plan.transactions.length} runners on ${workload.plan.lists} lists`;
    case 'sum-tree':
      return `sum tree of ${workload.leaves} leaves`;
    case 'stream':
      return `stream of ${workload.input.length} bytes through ${workload.capacity}`;
    case 'given':
      return workload.name;
  }
}
