/** One simulated cluster and what it is to do: all that a seed draws before a run begins, as plain data. */

import { DEFAULT_CONFIG, type MachineConfig } from '../src/actors/config.ts';
import { Dice } from './dice.ts';
import { FAULT_KINDS, type FaultKind } from './faults.ts';
import type { Pace } from './timed/pace.ts';
import { boundaryOf, drawGenerated, GENERATED_FUEL } from './workloads/generated.ts';
import { drawListAppend } from './workloads/list-append.ts';
import type { Workload } from './workloads/workload.ts';

export interface Scenario {
  readonly seed: number;
  readonly workload: Workload;
  readonly nodes: number;
  readonly machine: Knobs;
  readonly pace: Pace;
  /** The kinds of faults that may happen. */
  readonly faults: readonly FaultKind[];
  /** How often, as a multiple of what is usual. */
  readonly faultRate: number;
  /** Nothing goes wrong from then on, and what is cut is mended: microseconds of virtual time; null: at no time. */
  readonly healAt: number | null;
  /** One in so many messages between nodes is encoded and decoded. */
  readonly encodedEvery: number;
}

/** The machine's settings that are drawn. */
export type Knobs = Pick<
  MachineConfig,
  | 'rcomps'
  | 'homes'
  | 'replicas'
  | 'keepsAll'
  | 'pageSize'
  | 'slice'
  | 'engine'
  | 'prelude'
  | 'onConflict'
  | 'serializable'
  | 'lazyReads'
  | 'deterministic'
  | 'starvingAfter'
  | 'versionBytes'
  | 'cacheBytes'
  | 'copyBytes'
  | 'dispatchAhead'
> & { readonly children: number; readonly runners: number };

/** What the user has said; the rest is drawn. */
export interface Wishes {
  readonly workload?: Workload;
  readonly nodes?: number;
  /** RComps a node. */
  readonly rcomps?: number;
  readonly homes?: number;
  /** Absent: all, or a part of them, by the seed. */
  readonly faults?: readonly FaultKind[];
  readonly faultRate?: number;
  readonly liveness?: boolean;
}

export function drawScenario(seed: number, wishes: Wishes = {}): Scenario {
  const dice = new Dice(seed);
  const faults = wishes.faults ?? drawFaults(dice);
  const nodes = wishes.nodes ?? dice.pick([1, 2, 2, 3, 3, 4, 5, 6]);
  const workload = wishes.workload ?? drawWorkload(dice);
  const homes = wishes.homes ?? dice.between(1, Math.min(4, nodes + 1));
  return {
    seed,
    workload,
    nodes,
    machine: meant(
      workload,
      drawKnobs(dice, faults, {
        rcomps: nodes * (wishes.rcomps ?? dice.between(1, nodes > 2 ? 2 : 3)),
        homes,
        replicas: nodes > 1 ? dice.pick([1, 2, 2, 3]) : 1,
        keepsAll: faults.includes('master-crash') && dice.chance(0.3),
      }),
    ),
    pace: drawPace(dice, faults),
    faults,
    faultRate: wishes.faultRate ?? dice.logarithmic(25, 400) / 100,
    healAt: wishes.liveness === true ? dice.logarithmic(10_000, 10_000_000) : null,
    encodedEvery: dice.pick([16, 16, 16, 1]),
  };
}

/** The machine's whole configuration. */
export function configOf({ nodes, machine, workload, seed }: Scenario, boundary: number): MachineConfig {
  const { children, runners, ...knobs } = machine;
  const generated = workload.kind === 'generated';
  return {
    ...DEFAULT_CONFIG,
    ...knobs,
    nodes,
    seed: BigInt(seed),
    fuel: fuelOf(workload),
    // What comes of other programs must not depend on how many compartments die.
    compartmentDeaths: generated ? DEFAULT_CONFIG.compartmentDeaths : Number.MAX_SAFE_INTEGER,
    regionBoundary: generated ? boundaryOf(workload) : boundary,
    limits: { ...DEFAULT_CONFIG.limits, children, runners },
    observeLoads: true,
  };
}

function fuelOf(workload: Workload): number {
  switch (workload.kind) {
    case 'generated':
      return GENERATED_FUEL;
    case 'given':
      return workload.fuel;
    case 'bank':
    case 'counter':
    case 'list-append':
    case 'sum-tree':
    case 'stream':
      return DEFAULT_CONFIG.fuel;
  }
}

/** Settings that change what a program means are left as `dvm run` has them, unless the workload is made for others. */
export function meant(workload: Workload, knobs: Knobs): Knobs {
  if (workload.kind === 'generated') return knobs;
  const { children, runners } = DEFAULT_CONFIG.limits;
  const asRun = {
    ...knobs,
    onConflict: 'retry',
    serializable: false,
    lazyReads: false,
    children,
    runners,
  } as const;
  // Each slice is a message, and what the user writes may execute many instructions.
  if (workload.kind === 'given') return { ...asRun, slice: Math.max(knobs.slice, LEAST_SLICE) };
  if (workload.kind !== 'list-append') return asRun;
  const { retries, serializable, lazyReads } = workload.plan;
  return { ...asRun, onConflict: retries ? 'retry' : 'abort', serializable, lazyReads };
}

const LEAST_SLICE = 100;

/** Half the seeds have all kinds, half a part of them: some bugs hide behind the noise of others. */
function drawFaults(dice: Dice): FaultKind[] {
  if (dice.chance(0.5)) return [...FAULT_KINDS];
  const likely = dice.fraction();
  return FAULT_KINDS.filter(() => dice.chance(likely));
}

function drawWorkload(dice: Dice): Workload {
  const kind = dice.below(20);
  if (kind < 10) return drawGenerated(dice.below(2 ** 31));
  if (kind < 13) return drawListAppend(dice.below(2 ** 31));
  if (kind < 15)
    return {
      kind: 'bank',
      accounts: dice.between(2, 6),
      transfers: dice.between(2, 16),
      seed: dice.below(10_000),
    };
  if (kind < 16) return { kind: 'counter', runners: dice.between(2, 12) };
  if (kind < 18) return { kind: 'sum-tree', leaves: dice.between(2, 10) };
  return {
    kind: 'stream',
    input: Array.from({ length: dice.between(0, 32) }, () => dice.below(256)),
    // Small rings wrap around.
    capacity: dice.pick([1, 2, 2, 2, 3, 3, 4, 6, 10, 16]),
    persistent: dice.chance(0.5),
  };
}

function drawPace(dice: Dice, faults: readonly FaultKind[]): Pace {
  return {
    latency: dice.logarithmic(20, 100_000),
    spread: dice.pick([1, 2, 20]),
    local: dice.pick([1, 1, 5, 50]),
    message: dice.pick([1, 5, 20]),
    slice: dice.logarithmic(1, 2_000),
    instructions: dice.logarithmic(1, 1_000),
    resend: dice.logarithmic(1_000, 1_000_000),
    connections: faults.includes('reorder') ? 'many' : 'one',
  };
}

function drawKnobs(
  dice: Dice,
  faults: readonly FaultKind[],
  size: Pick<Knobs, 'rcomps' | 'homes' | 'replicas' | 'keepsAll'>,
): Knobs {
  const rarely = () => dice.chance(0.1);
  const small = faults.includes('knobs');
  const pressed = small && dice.chance(0.2);
  return {
    ...size,
    pageSize: small ? dice.pick([4096, 16, 32, 64, 256]) : 4096,
    slice: small ? dice.pick([10_000, 1, 2, 5, 20]) : 10_000,
    engine: dice.pick(['interpreter', 'wasm']),
    prelude: dice.pick([0, 1, 5, 20]),
    onConflict: rarely() ? 'abort' : 'retry',
    serializable: rarely(),
    lazyReads: rarely(),
    deterministic: rarely(),
    starvingAfter: pressed ? dice.between(1, 2) : dice.pick([8, 1, 2]),
    versionBytes: pressed ? dice.pick([256, 0, 16]) : 2 ** 30,
    cacheBytes: small ? dice.pick([2 ** 28, 0, 64]) : 2 ** 28,
    copyBytes: small ? dice.pick([2 ** 18, 0, 64]) : 2 ** 18,
    dispatchAhead: small ? dice.pick([32, 0, 1, 4]) : 32,
    children: small ? dice.pick([65_536, 65_536, 65_536, 2]) : 65_536,
    runners: small ? dice.pick([1_000_000, 1_000_000, 1_000_000, 8, 4]) : 1_000_000,
  };
}
