import { describe, expect, it } from 'vitest';
import { judge, judgeSeed, smallest } from '../../sim/campaign.ts';
import type { Decision } from '../../sim/decisions.ts';
import { minimise } from '../../sim/minimise/minimise.ts';
import { drawScenario, type Scenario } from '../../sim/scenario.ts';

const decision = (nth: number): Decision => ({ message: 'a>b', nth, type: 'fetch', delay: 1 });
const found = {
  scenario: drawScenario(3, { nodes: 6, workload: { kind: 'counter', runners: 12 } }),
  decisions: Array.from({ length: 40 }, (_, i) => decision(i)),
};
const needed = [found.decisions[7]!, found.decisions[31]!];
const holds = (decisions: readonly Decision[]) => needed.every((one) => decisions.includes(one));

describe('a failure is made smaller', () => {
  it('down to the decisions that it needs, and to the smallest cluster and workload', () => {
    const least = minimise(found, {
      goOn: () => true,
      fails: (_, decisions) => (decisions !== null && holds(decisions) ? decisions : null),
    });
    expect(least.decisions).toEqual(needed);
    expect(least.scenario).toMatchObject({
      nodes: 1,
      workload: { kind: 'counter', runners: 1 },
      machine: { rcomps: 1, homes: 1, pageSize: 4096, engine: 'interpreter' },
      pace: { latency: 100, spread: 1 },
    });
  });

  it('without the decisions of which nothing came', () => {
    let tries = 0;
    const least = minimise(found, {
      // Time is up before each could be left out by itself.
      goOn: () => tries < 3,
      fails: (scenario, decisions) => {
        tries += 1;
        const same = scenario === found.scenario && decisions !== null;
        return same && tries > 1 ? needed : null;
      },
    });
    expect(least).toEqual({ scenario: found.scenario, decisions: needed });
  });

  it('by other decisions, where a smaller program takes another course, but not by more', () => {
    const isSmall = ({ workload }: Scenario) => workload.kind === 'counter' && workload.runners === 1;
    const least = minimise(
      { ...found, decisions: needed },
      {
        goOn: () => true,
        fails: (scenario, decisions) => {
          if (isSmall(scenario)) return decisions === null ? [decision(99)] : null;
          return decisions !== null && holds(decisions) ? decisions : null;
        },
      },
    );
    expect(least.decisions).toEqual([decision(99)]);
  });

  it('no further once there is no more time', () => {
    let tries = 0;
    const least = minimise(found, {
      goOn: () => tries < 5,
      fails: () => {
        tries += 1;
        return null;
      },
    });
    expect(least).toEqual(found);
    expect(tries).toBe(5);
  });
});

it('a planted bug stays found: the same invariant is violated by less, each time that it is replayed', () => {
  const settings = { wishes: {}, mutations: ['no-validation'], given: null, memories: false };
  for (let seed = 0, shown = 0; shown < 2; seed += 1) {
    const first = judgeSeed(seed, settings);
    if (first.shown.failure === null) continue;
    shown += 1;
    let tries = 0;
    const least = smallest(first, settings, () => tries++ < 60);
    expect(least.shown.failure?.id).toBe(first.shown.failure.id);
    expect(least.case.decisions.length).toBeLessThanOrEqual(first.case.decisions.length);
    expect(JSON.stringify(least.case).length).toBeLessThan(JSON.stringify(first.case).length);
    const again = judge(least.case.scenario, least.case.decisions, settings);
    expect(again.shown).toEqual(least.shown);
    expect(again.ran.unused).toEqual([]);
  }
});
