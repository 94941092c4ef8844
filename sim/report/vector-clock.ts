/** Vector clocks over the steps of a run (Fidge, Mattern 1988): by actor, how many of its steps are known. */

import { type Occurrences, originsOf } from './causality.ts';

export type VectorClock = readonly number[];

export interface Clocked {
  /** Of a message, what its sender knew when it sent it. */
  readonly sent: VectorClock | null;
  /** What the actor knows that the step happened to, the step included; null if it happened to none (lost, a fault). */
  readonly clock: VectorClock | null;
}

/** The clocks of each step. Each step of an actor is one tick of its own component. */
export function clocksOf(run: Occurrences): Clocked[] {
  const zero: VectorClock = run.actors.map(() => 0);
  const clocks: Clocked[] = [];
  const clockOf = (step: number | null) => (step === null ? zero : clocks[step]!.clock!);
  for (const [index, { before, cause }] of originsOf(run).entries()) {
    const step = run.steps[index]!;
    switch (step.type) {
      case 'fault':
        clocks.push({ sent: null, clock: null });
        break;
      case 'event':
        clocks.push({ sent: null, clock: ticked(clockOf(before), step.actor) });
        break;
      case 'message': {
        const sent = clockOf(cause);
        const arrived = step.received !== null;
        clocks.push({ sent, clock: arrived ? ticked(joined(clockOf(before), sent), step.to) : null });
      }
    }
  }
  return clocks;
}

/** Whether all that `a` knows `b` knows too, and more. */
export function isBefore(a: VectorClock, b: VectorClock): boolean {
  return a.every((count, actor) => count <= b[actor]!) && a.some((count, actor) => count < b[actor]!);
}

function joined(a: VectorClock, b: VectorClock): VectorClock {
  return a.map((count, actor) => Math.max(count, b[actor]!));
}

function ticked(clock: VectorClock, actor: number): VectorClock {
  return clock.map((count, i) => (i === actor ? count + 1 : count));
}
