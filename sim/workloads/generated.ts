/** Drawn programs: runners that collide, spawn, watch, abort, fault and print. */

import fc from 'fast-check';
import { arenasOf } from '../programs/arenas.ts';
import { anyProgramPlan, type ProgramPlan } from '../programs/plan.ts';

export interface Generated {
  readonly kind: 'generated';
  readonly plan: ProgramPlan;
}

/** What each runner may execute: drawn programs are short, and some would run for ever. */
export const GENERATED_FUEL = 600;

/** Of one run by itself the smallest values are drawn, unless that is forbidden. */
const anyPlan = fc.noBias(anyProgramPlan);

export function drawGenerated(seed: number): Generated {
  const [plan] = fc.sample(anyPlan, { seed, numRuns: 1 });
  return { kind: 'generated', plan: plan! };
}

export function boundaryOf({ plan }: Generated): number {
  return arenasOf(plan.smallBoundary).regionBoundary;
}
