/** What is a scheduling policy: the suite for every order in which agents may get runners. */

import fc from 'fast-check';
import { drawScenario } from '../../sim/scenario.ts';
import { type RunnerRecord, runnerRecord } from '../../src/actors/runner-record.ts';
import type { SchedulingPolicy } from '../../src/actors/scheduling-policy.ts';
import { Place } from '../../src/memory/place.ts';
import { mustSurvive } from '../behaviour/judged.ts';
import { schedulingBy } from '../behaviour/replaced.ts';
import { type ConformanceTest, drawn, must, mustEqual, type SuiteOptions } from '../conformance.ts';

export interface SchedulingOptions extends SuiteOptions {
  /**
   * A runner is given out after so many others, at the latest, for each runner that is in the pool with it. 1 is first
   * in, first out.
   */
  readonly patience?: number;
}

type Step =
  | { readonly type: 'push' }
  /** Of those that were given out, so many come back to the front. */
  | { readonly type: 'front'; readonly count: number }
  | { readonly type: 'shift'; readonly agent: number }
  | { readonly type: 'drain' };

const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant({ type: 'push' as const }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('shift' as const), agent: fc.nat(2) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('front' as const), count: fc.nat(3) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'drain' as const }) },
  ),
  { maxLength: 60, size: 'max' },
);

/** The suite for a policy; `create` makes an empty one, once for every master. */
export function schedulingSuite(
  create: () => SchedulingPolicy,
  options: SchedulingOptions = {},
): ConformanceTest[] {
  const { patience = 16 } = options;
  return [
    drawn(
      'each runner that becomes schedulable is given out once, and none while there is none',
      anySteps,
      200,
      options,
      (steps) => {
        exchange(create(), steps);
      },
    ),
    drawn(
      'nobody starves: each runner is given out after a bounded number of others',
      fc.record({ company: fc.integer({ min: 1, max: 12 }), agents: fc.integer({ min: 1, max: 3 }) }),
      20,
      options,
      ({ company, agents }) => {
        mustBePatient(create(), company, agents, patience * company);
      },
    ),
    drawn(
      'all invariants hold in drawn clusters that schedule by it',
      fc.noShrink(fc.noBias(fc.nat())),
      20,
      options,
      (seed) => {
        mustSurvive(drawScenario(seed), schedulingBy(create));
      },
    ),
  ];
}

function exchange(policy: SchedulingPolicy, steps: readonly Step[]): void {
  const inside = new Set<RunnerRecord>();
  const outside: RunnerRecord[] = [];
  let made = 0;
  const given = (runner: RunnerRecord) => {
    must(inside.delete(runner), `runner ${runner.control.id} is given out only if it is schedulable`);
    outside.push(runner);
  };
  for (const step of steps) {
    switch (step.type) {
      case 'push': {
        made += 1;
        const runner = newRunner(made);
        inside.add(runner);
        policy.push(runner);
        break;
      }
      case 'front': {
        const back = outside.splice(0, step.count);
        for (const runner of back) inside.add(runner);
        policy.pushFront(back);
        break;
      }
      case 'shift': {
        const runner = policy.shift(step.agent);
        must((runner === undefined) === (inside.size === 0), 'a runner is given out if there is one');
        if (runner !== undefined) given(runner);
        break;
      }
      case 'drain':
        for (const runner of policy.drain()) given(runner);
        mustEqual(inside.size, 0, 'runners that are left when all are taken out');
    }
    mustEqual(policy.length, inside.size, 'the number of runners that wait');
  }
}

/** A pool in which so many others always wait: as one is given out, the next comes. */
function mustBePatient(policy: SchedulingPolicy, company: number, agents: number, most: number): void {
  const since = new Map<RunnerRecord, number>();
  for (let round = 0; round < 4 * most + company; round += 1) {
    const runner = newRunner(round + 1);
    since.set(runner, round);
    policy.push(runner);
    if (round < company) continue;
    const given = policy.shift(round % agents);
    must(given !== undefined, 'a runner is given out if there is one');
    since.delete(given);
    for (const [{ control }, begun] of since)
      must(
        round - begun <= most + company,
        `a runner among ${company} others is given out after at most ${most}, and runner ${control.id} still waits`,
      );
  }
}

function newRunner(number: number): RunnerRecord {
  return runnerRecord(
    {
      id: BigInt(number),
      parent: 0n,
      index: number,
      fi: 0,
      stack: { base: 0, length: 0 },
      heap: [{ base: 0x6_0000_0000 + 64 * number, length: 64, merge: 0 }],
      watcher: false,
      watched: [],
      persistent: false,
      serializable: false,
      status: null,
      image: [],
    },
    Place.root(),
  );
}
