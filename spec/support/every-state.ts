/** Every state of a small program without any reduction: what the exhaustive mode's reduction is measured against. */

import { DEFAULT_OPTIONS, SimulationError, simulate } from '../../sim/cluster.ts';
import { isDeath, receiverOf, type Step } from '../../sim/exhaustive/event.ts';
import type { SmallProgram } from '../../sim/exhaustive/programs.ts';
import { Schedule } from '../../sim/exhaustive/schedule.ts';
import type { SimResult } from '../../sim/result.ts';
import { nameOfAddress } from '../../src/actors/address.ts';

/** Who had which messages in which order: what an order amounts to. */
export function historyOf(order: readonly Step[]): string {
  const heard = new Map<string, string>();
  for (const step of order) {
    const to = receiverOf(step);
    heard.set(to, `${heard.get(to) ?? to} < ${step}`);
  }
  return [...heard.values()].sort().join('\n');
}

/** By what it amounts to, what each order leads to: one `outcomeOf` each. */
export function everyOutcome(
  { program, config }: SmallProgram,
  death: boolean,
  outcomeOf: (result: SimResult) => string,
): Map<string, string> {
  const mortal = death ? Array.from({ length: config.rcomps }, (_, id) => `rcomp:${id}@0`) : [];
  const seen = new Set<string>();
  const outcomes = new Map<string, string>();
  const open: Step[][] = [[]];
  for (let prefix = open.pop(); prefix !== undefined; prefix = open.pop()) {
    const start = prefix;
    const way: Step[] = [];
    const underWay = new Map<Step, string[]>();
    const pick = (enabled: readonly Step[]): Step => {
      if (way.length >= start.length) {
        // A death loses messages; so the histories alone do not tell what is under way.
        const state = `${historyOf(way)}\n${[...underWay].map(([step, types]) => `${step}: ${types}`).sort()}`;
        if (seen.has(state)) throw new SeenBefore('seen', []);
        seen.add(state);
        for (const other of enabled.slice(1)) open.push([...way, other]);
      }
      const step = start[way.length] ?? enabled[0]!;
      way.push(step);
      if (isDeath(step)) {
        for (const name of underWay.keys()) if (receiverOf(name) === receiverOf(step)) underWay.delete(name);
      } else underWay.get(step)?.shift();
      return step;
    };
    const network = new Schedule(pick, mortal);
    try {
      const result = simulate(program, {
        ...DEFAULT_OPTIONS,
        config,
        network,
        choose: () => 0,
        observers: [
          {
            sent({ from, to, message }) {
              const name = `${nameOfAddress(from)} > ${nameOfAddress(to)}`;
              underWay.set(name, [...(underWay.get(name) ?? []), message.type]);
            },
          },
        ],
      });
      outcomes.set(historyOf(way), outcomeOf(result));
    } catch (error) {
      if (!(error instanceof SeenBefore)) throw error;
    }
  }
  return outcomes;
}

class SeenBefore extends SimulationError {}
