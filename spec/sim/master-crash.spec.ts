/** A simulated master that dies with its program, and begins anew from its log. */

import { describe, expect, it } from 'vitest';
import { Inspection } from '../../sim/checkers/inspection.ts';
import type { RunObserver } from '../../sim/cluster.ts';
import { failureOf } from '../../sim/failure.ts';
import type { Restart } from '../../sim/restart.ts';
import { PLAIN_RUN, type Ran, runScenario } from '../../sim/run.ts';
import { drawScenario, type Scenario } from '../../sim/scenario.ts';
import type { Workload } from '../../sim/workloads/workload.ts';

interface Seen {
  readonly restart: Restart;
  /** The newest version before. */
  readonly before: number;
}

function scenarioOf(workload: Workload, seed: number): Scenario {
  const scenario = drawScenario(seed, { workload, nodes: 3, faults: [] });
  return { ...scenario, machine: { ...scenario.machine, keepsAll: true } };
}

/** The master dies so late, in microseconds, and loses so many steps if it may. */
function crashing(
  workload: Workload,
  seed: number,
  time: number,
  unsynced: number,
): { readonly ran: Ran; readonly seen: readonly Seen[] } {
  const seen: Seen[] = [];
  let before = 0;
  const observer: RunObserver = {
    sent: ({ decided }) => {
      before = decided;
    },
    restarted: (restart) => seen.push({ restart, before }),
  };
  const ran = runScenario(scenarioOf(workload, seed), {
    ...PLAIN_RUN,
    decisions: [{ time, mishap: { kind: 'master-crash', unsynced, since: seed % 3 } }],
    observers: [observer, new Inspection({ onViolation: 'throw' })],
  });
  return { ran, seen };
}

const counter: Workload = { kind: 'counter', runners: 8 };
const seeds = Array.from({ length: 12 }, (_, seed) => seed + 1);

describe('a master that dies', () => {
  const runs = seeds.flatMap((seed) => {
    const whole = crashing(counter, seed, Number.MAX_SAFE_INTEGER, 0).ran.virtualTime;
    return [0.2, 0.5, 0.8].map((share) => crashing(counter, seed, Math.ceil(whole * share), 1_000));
  });

  it('has its program come to the result that it must come to', () => {
    for (const { ran } of runs) {
      expect(failureOf(ran)).toBeNull();
      expect(ran.result?.summary.status).toBe('done');
    }
  });

  it('loses versions that nobody outside has heard of', () => {
    expect(runs.some(({ seen }) => seen.some(({ restart, before }) => restart.version < before))).toBe(true);
  });

  it('begins anew in the next epoch, and its versions count on from what is left', () => {
    for (const { ran, seen } of runs)
      for (const { restart } of seen) {
        expect(restart.epoch).toBe(2);
        const newer = ran.result!.log.filter(({ version }) => version > restart.version);
        expect(newer.every(({ attempt }) => attempt.epoch === 2)).toBe(true);
      }
  });
});

it('a program whose input had not ended fails, and says why: the rest of it is lost', () => {
  const stream: Workload = {
    kind: 'stream',
    input: Array.from({ length: 30 }, (_, i) => i),
    capacity: 4,
    persistent: true,
  };
  const ends = seeds.map((seed) => crashing(stream, seed, 200, 0).ran);

  for (const ran of ends) expect(failureOf(ran)).toBeNull();
  expect(ends.map(({ result }) => result!.summary.error)).toContain(
    'standard input had not ended, and did not outlive the process',
  );
});
