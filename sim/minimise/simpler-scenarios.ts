/** Smaller and plainer clusters and workloads, the boldest steps first. */

import type { Knobs, Scenario } from '../scenario.ts';
import type { Pace } from '../timed/pace.ts';
import type { Workload } from '../workloads/workload.ts';
import { PLAIN_KNOBS, PLAIN_PACE } from './plain.ts';
import { simplerLists } from './simpler-lists.ts';
import { simplerPlans } from './simpler-plans.ts';

export function* simplerScenarios(scenario: Scenario): Iterable<Scenario> {
  const { workload, nodes, machine, pace } = scenario;
  for (const simpler of simplerWorkloads(workload)) yield { ...scenario, workload: simpler };
  for (const fewer of smaller(nodes, 1)) {
    const rcomps = Math.max(fewer, Math.min(machine.rcomps, fewer * 2));
    yield { ...scenario, nodes: fewer, machine: { ...machine, rcomps } };
  }
  for (const rcomps of smaller(machine.rcomps, nodes)) yield { ...scenario, machine: { ...machine, rcomps } };
  for (const homes of smaller(machine.homes, 1)) yield { ...scenario, machine: { ...machine, homes } };
  for (const [knob, plain] of Object.entries(PLAIN_KNOBS))
    if (machine[knob as keyof Knobs] !== plain) yield { ...scenario, machine: { ...machine, [knob]: plain } };
  for (const [part, plain] of Object.entries(PLAIN_PACE))
    if (pace[part as keyof Pace] !== plain) yield { ...scenario, pace: { ...pace, [part]: plain } };
}

function* simplerWorkloads(workload: Workload): Iterable<Workload> {
  switch (workload.kind) {
    case 'generated':
      for (const plan of simplerPlans(workload.plan)) yield { ...workload, plan };
      break;
    case 'bank':
      for (const transfers of smaller(workload.transfers, 1)) yield { ...workload, transfers };
      for (const accounts of smaller(workload.accounts, 2)) yield { ...workload, accounts };
      break;
    case 'counter':
      for (const runners of smaller(workload.runners, 1)) yield { ...workload, runners };
      break;
    case 'list-append':
      for (const plan of simplerLists(workload.plan)) yield { ...workload, plan };
      break;
    case 'sum-tree':
      for (const leaves of smaller(workload.leaves, 2)) yield { ...workload, leaves };
      break;
    case 'stream':
      for (const length of smaller(workload.input.length, 0))
        yield { ...workload, input: workload.input.slice(0, length) };
      break;
    case 'given':
      break;
  }
}

/** Least first, then by halves, then one less. */
function* smaller(value: number, least: number): Iterable<number> {
  for (let gap = value - least; gap >= 1; gap = Math.floor(gap / 2)) yield value - gap;
}
