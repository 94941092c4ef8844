/** `--mode exhaustive`: every order of the messages of small programs, or of the user's, as far as time allows. */

import { mutated, type Settings } from '../../sim/campaign.ts';
import { DEFAULT_EXPLORATION, type Exploration, type OrderViolation } from '../../sim/exhaustive/explore.ts';
import { inspected } from '../../sim/exhaustive/judge.ts';
import { distinctMemories, type Memories } from '../../sim/exhaustive/memories.ts';
import { SMALL_PROGRAMS } from '../../sim/exhaustive/programs.ts';
import { differences, loadedByte } from '../../sim/final-memory.ts';
import { outOfFuel, unmet } from '../../sim/workloads/given.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import { DEFAULT_CONFIG, type MachineConfig } from '../../src/actors/config.ts';
import type { Program } from '../../src/isa/program.ts';
import { print } from '../console.ts';
import { differenceLines } from './differing.ts';
import { SIM_EXIT } from './exits.ts';
import { type SimFlags, timeOf } from './request.ts';

/** Milliseconds for a program, if nobody says otherwise. */
const USUAL = 60_000;

interface Explored {
  readonly name: string;
  readonly program: Program;
  readonly config: MachineConfig;
}

interface Found extends Memories {
  /** The first order in which a runner did not come to its end. */
  readonly endless: OrderViolation | null;
}

export function everyOrder(settings: Settings, flags: SimFlags): number {
  const all = programsOf(settings);
  const each = (timeOf(flags) ?? USUAL * all.length) / all.length;
  const reports: object[] = [];
  let status: 'clean' | 'violated' | 'different' = 'clean';
  for (const explored of all) {
    const ends = performance.now() + each;
    const found = explore(explored, settings, () => performance.now() < ends);
    const violation = violationOf(explored, found, settings);
    const differs = flags.confluent === true && found.memories.length > 1;
    if (violation !== null) status = 'violated';
    else if (differs) status = 'different';
    reports.push(reportOf(explored, found, violation));
    if (flags.json !== true)
      for (const line of linesOf(explored, found, violation, differs)) print(`${line}\n`);
    if (violation !== null) break;
  }
  const exit = status === 'clean' ? SIM_EXIT.clean : SIM_EXIT.invariant;
  if (flags.json === true) print(`${JSON.stringify({ status, exit, programs: reports })}\n`);
  return exit;
}

/** Of an order that breaks an invariant, or leads to what the user does not expect. */
function violationOf(
  { program }: Explored,
  { exploration, memories, endless }: Found,
  { wishes: { workload } }: Settings,
): OrderViolation | null {
  if (exploration.violation !== null || workload?.kind !== 'given') return exploration.violation;
  if (endless !== null) return endless;
  for (const { changed, order } of memories) {
    const what = unmet(workload, {
      byteAt: (address) => changed.get(address) ?? loadedByte(program, address),
    });
    if (what !== null) return { what, choices: order };
  }
  return null;
}

function reportOf(
  { name }: Explored,
  { exploration, memories }: Memories,
  violation: OrderViolation | null,
): object {
  const { orders, states, executions, complete } = exploration;
  const found = violation && { what: violation.what, order: violation.choices };
  return { name, orders, states, executions, complete, memories: memories.length, violation: found };
}

function programsOf({ given, wishes }: Settings): Explored[] {
  if (given === null) return Object.entries(SMALL_PROGRAMS).map(([name, small]) => ({ name, ...small }));
  const config = {
    ...DEFAULT_CONFIG,
    regionBoundary: given.regionBoundary,
    rcomps: wishes.rcomps ?? 2,
    homes: wishes.homes ?? 2,
    fuel: wishes.workload?.kind === 'given' ? wishes.workload.fuel : DEFAULT_CONFIG.fuel,
    observeLoads: true,
  };
  return [
    { name: wishes.workload?.kind === 'given' ? wishes.workload.name : 'program', program: given, config },
  ];
}

function explore(
  { program, config }: Explored,
  { mutations, wishes: { workload } }: Settings,
  goOn: () => boolean,
): Found {
  let endless: OrderViolation | null = null;
  const found = distinctMemories(program, {
    ...DEFAULT_EXPLORATION,
    config,
    ios: STANDARD_IO,
    goOn,
    create: () => mutated(mutations).create,
    observers: inspected,
    seen: (result, order) => {
      const what = workload?.kind === 'given' ? outOfFuel(workload, result) : null;
      if (what !== null) endless ??= { what, choices: order };
    },
  });
  return { ...found, endless };
}

function linesOf(
  { name, program }: Explored,
  { exploration, memories }: Memories,
  violation: OrderViolation | null,
  differs: boolean,
): string[] {
  const lines = [`${name}: ${countsOf(exploration)}, ${memories.length} final memories`];
  if (violation !== null) {
    const { what, choices } = violation;
    lines.push(`  ${what}`, '  in this order:', ...choices.map((step) => `    ${step}`));
  }
  if (differs) {
    const [a, b] = memories;
    lines.push(
      '  two orders leave different memories:',
      ...differenceLines(program, differences(program, a!.changed, b!.changed)),
      ...[a!, b!].map(({ order }) => `  ${order.join(', ')}`),
    );
  }
  return lines;
}

function countsOf({ orders, states, complete }: Exploration): string {
  return `${orders.toLocaleString('en-US')} orders, ${states.toLocaleString('en-US')} states, ${complete ? 'that is all of them' : 'not all: time was up'}`;
}
