/** One drawn case: a program, a machine, the weather, and the choices that make its order of messages. */

import fc from 'fast-check';
import { type Create, DEFAULT_OPTIONS, type RunObserver, simulate } from '../../sim/cluster.ts';
import { OrderedNetwork, type Weather } from '../../sim/ordered-network.ts';
import { arenasOf } from '../../sim/programs/arenas.ts';
import { type Compiled, compile } from '../../sim/programs/compile.ts';
import { anyProgramPlan, type ProgramPlan } from '../../sim/programs/plan.ts';
import { textOfProgram } from '../../sim/programs/print.ts';
import { chosen } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import type { Knobs as DrawnKnobs } from '../../sim/scenario.ts';
import { createActor } from '../../src/actors/actor.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import { DEFAULT_CONFIG, type MachineConfig } from '../../src/actors/config.ts';
import { anyChoices } from './choices.ts';

export interface Case {
  readonly program: ProgramPlan;
  readonly knobs: Knobs;
  readonly weather: Weather;
  readonly choices: readonly number[];
}

type Knobs = DrawnKnobs & Pick<MachineConfig, 'seed'>;

const rarely = fc.oneof(
  { weight: 9, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

/** Plenty of memory; or none to spare, so that snapshots are given up and commits wait (rule 14). */
const anyPressure = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ versionBytes: fc.constant(2 ** 30), starvingAfter: fc.constantFrom(8, 1, 2) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ versionBytes: fc.constantFrom(256, 0, 16), starvingAfter: fc.constantFrom(1, 2) }),
  },
);

const anyKnobsButPressure = fc.record({
  pageSize: fc.constantFrom(4096, 16, 32, 64, 256),
  rcomps: fc.constantFrom(1, 2, 2, 3, 4, 4),
  homes: fc.integer({ min: 1, max: 4 }),
  replicas: fc.constant(1),
  keepsAll: fc.constant(false),
  slice: fc.constantFrom(10_000, 1, 2, 5, 20),
  engine: fc.constantFrom<('interpreter' | 'wasm')[]>('interpreter', 'wasm'),
  prelude: fc.constantFrom(0, 1, 5, 20),
  onConflict: rarely.map((bare): MachineConfig['onConflict'] => (bare ? 'abort' : 'retry')),
  serializable: rarely,
  lazyReads: rarely,
  deterministic: rarely,
  cacheBytes: fc.constantFrom(2 ** 28, 0, 64),
  copyBytes: fc.constant(2 ** 18),
  dispatchAhead: fc.constantFrom(32, 0, 1, 4),
  seed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  children: fc.constantFrom(65_536, 65_536, 65_536, 2),
  runners: fc.constantFrom(1_000_000, 1_000_000, 1_000_000, 1_000_000, 8),
});

export const anyKnobs: fc.Arbitrary<Knobs> = fc
  .tuple(anyKnobsButPressure, anyPressure)
  .map(([knobs, pressure]) => ({ ...knobs, ...pressure }));

export const anyWeather: fc.Arbitrary<Weather> = fc.record({
  duplicates: fc.boolean(),
  slowLinks: fc.boolean(),
  isolated: rarely,
  deaths: fc.constantFrom(0, 0, 0, 1, 9),
  cancel: rarely,
  signals: fc.constantFrom(0, 0, 3),
});

export const anyCase: fc.Arbitrary<Case> = fc.record({
  program: anyProgramPlan,
  knobs: anyKnobs,
  weather: anyWeather,
  choices: anyChoices,
});

const FUEL = 600;

export function configOf({ children, runners, ...knobs }: Knobs, program: ProgramPlan): MachineConfig {
  return {
    ...DEFAULT_CONFIG,
    ...knobs,
    fuel: FUEL,
    regionBoundary: arenasOf(program.smallBoundary).regionBoundary,
    limits: { ...DEFAULT_CONFIG.limits, children, runners },
    observeLoads: true,
  };
}

/** Runs a case, with a planted bug if `create` says so. Throws a `SimulationError`. */
export function run(
  { program, knobs, weather, choices }: Case,
  create: Create = createActor,
  observers: readonly RunObserver[] = [],
): SimResult {
  const choose = chosen(choices);
  return simulate(compile(program, knobs.lazyReads).program, {
    ...DEFAULT_OPTIONS,
    ios: STANDARD_IO,
    config: configOf(knobs, program),
    network: new OrderedNetwork(weather, knobs.rcomps, choose),
    choose,
    stepLimit: 60_000,
    create,
    observers,
  });
}

/** A case as a person reads it. */
export function textOfCase({ program, knobs, weather, choices }: Case): string {
  const compiled: Compiled = compile(program, knobs.lazyReads);
  return [
    textOfProgram(compiled),
    `knobs ${JSON.stringify(knobs, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))}`,
    `weather ${JSON.stringify(weather)}`,
    `choices ${JSON.stringify(choices)}`,
  ].join('\n');
}
