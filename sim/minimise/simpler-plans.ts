/** Smaller drawn programs, the boldest steps first. */

import type { Plan, ProgramPlan } from '../programs/plan.ts';

export function* simplerPlans(program: ProgramPlan): Iterable<ProgramPlan> {
  const { plans } = program;
  for (let size = plans.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at < plans.length && plans.length > 1; at += size)
      yield { ...program, plans: [...plans.slice(0, at), ...plans.slice(at + size)] };
  for (const [index, plan] of plans.entries())
    for (const simpler of simplerPlan(plan))
      yield { ...program, plans: plans.map((other, i) => (i === index ? simpler : other)) };
  for (const flag of ['assembledHot', 'undeclaredReads', 'smallBoundary'] as const)
    if (program[flag]) yield { ...program, [flag]: false };
}

function* simplerPlan(plan: Plan): Iterable<Plan> {
  const { ops, watch } = plan;
  if (ops.length > 1) yield { ...plan, ops: [] };
  for (let i = 0; i < ops.length; i += 1) yield { ...plan, ops: ops.filter((_, other) => other !== i) };
  if (watch !== null) {
    yield { ...plan, watch: null };
    if (watch.ranges.length > 1)
      for (let i = 0; i < watch.ranges.length; i += 1)
        yield { ...plan, watch: { ...watch, ranges: watch.ranges.filter((_, other) => other !== i) } };
    if (watch.again > 0) yield { ...plan, watch: { ...watch, again: watch.again - 1 } };
    if (watch.persistent) yield { ...plan, watch: { ...watch, persistent: false } };
  }
  if (plan.gifts.length > 0) yield { ...plan, gifts: [] };
  if (plan.extra.length > 0) yield { ...plan, extra: [] };
  if (plan.status !== null) yield { ...plan, status: null };
  if (plan.serializable) yield { ...plan, serializable: false };
  if (plan.exit !== 'c') yield { ...plan, exit: 'c' };
  if (plan.stack.length > 0) yield { ...plan, stack: { offset: 0, length: 0 } };
  if (plan.parent > 0) yield { ...plan, parent: 0 };
  if (plan.place > 0) yield { ...plan, place: 0 };
}
