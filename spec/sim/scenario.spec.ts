import { describe, expect, it, test } from 'vitest';
import { judgeSeed } from '../../sim/campaign.ts';
import { FAULT_EVENTS, FAULT_KINDS, FAULTS, type FaultKind } from '../../sim/faults.ts';
import { configurationOf } from '../../sim/heading.ts';
import { drawScenario } from '../../sim/scenario.ts';

const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

describe('a scenario', () => {
  it('is a function of the seed and the wishes', () => {
    for (const seed of seeds(30))
      expect(drawScenario(seed, { nodes: 2 })).toEqual(drawScenario(seed, { nodes: 2 }));
    expect(new Set(seeds(30).map((seed) => JSON.stringify(drawScenario(seed)))).size).toBe(30);
  });

  it('is plain data', () => {
    for (const seed of seeds(30)) {
      const scenario = drawScenario(seed);
      expect(JSON.parse(JSON.stringify(scenario))).toEqual(scenario);
    }
  });

  it('is what the user wishes', () => {
    const workload = { kind: 'counter', runners: 3 } as const;
    const wishes = {
      nodes: 3,
      rcomps: 2,
      homes: 5,
      faults: ['drop'],
      faultRate: 2,
      liveness: true,
      workload,
    } as const;
    for (const seed of seeds(10)) {
      const { machine, ...scenario } = drawScenario(seed, wishes);
      expect(scenario).toMatchObject({ workload, nodes: 3, faults: ['drop'], faultRate: 2 });
      expect(machine).toMatchObject({ rcomps: 6, homes: 5 });
      expect(scenario.healAt).toBeGreaterThan(0);
    }
  });

  it('has all kinds of faults in half the seeds, and a part of them in the others', () => {
    const all = seeds(200).filter((seed) => drawScenario(seed).faults.length === FAULT_KINDS.length).length;
    expect(all).toBeGreaterThan(70);
    expect(all).toBeLessThan(130);
  });

  it('is printed knob by knob, each under a name of its own', () => {
    const scenario = drawScenario(7, { liveness: true });
    const names = configurationOf(scenario).map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const { machine, pace } = scenario;
    for (const knob of [...Object.keys(machine), ...Object.keys(pace)]) expect(names).toContain(knob);
    expect(names).toEqual(
      expect.arrayContaining(['seed', 'workload', 'faults', 'rate', 'heals at', 'encoded every']),
    );
  });

  it('has the smallest knobs only where they are asked for', () => {
    const sizes = (faults: 'knobs'[]) =>
      new Set(seeds(40).map((seed) => drawScenario(seed, { faults }).machine.pageSize));
    expect([...sizes([])]).toEqual([4096]);
    expect(sizes(['knobs']).size).toBe(5);
  });
});

describe('of one kind of fault alone', () => {
  test.each(FAULT_EVENTS)('%s happens within 60 seeds, and nothing else does', (kind) => {
    // Only what is late can be overtaken.
    const kinds: readonly FaultKind[] = kind === 'reorder' ? [kind, 'delay'] : [kind];
    const settings = {
      wishes: { faults: kinds, faultRate: 4 },
      mutations: [],
      given: null,
      memories: false,
    };
    for (const seed of seeds(60)) {
      const { failure, faults } = judgeSeed(seed, settings).shown;
      expect(failure).toBe(null);
      expect(faults.filter(([other]) => !kinds.includes(other))).toEqual([]);
      if (faults.some(([seen]) => seen === kind)) return;
    }
    expect.unreachable(`${kind}, ${FAULTS[kind]}, never happens`);
  });
});

it('nothing that ends a run before its time happens in a cluster that is to heal', () => {
  const endings = (liveness: boolean) =>
    seeds(30).reduce((sum, seed) => {
      const { shown } = judgeSeed(seed, {
        wishes: { faults: ['cancel', 'device-failure'], faultRate: 4, liveness },
        mutations: [],
        given: null,
        memories: false,
      });
      return sum + shown.faults.length;
    }, 0);

  expect(endings(false)).toBeGreaterThan(0);
  expect(endings(true)).toBe(0);
});

it('once a cluster heals nothing goes wrong any more, and what is cut is mended', () => {
  for (const seed of seeds(12)) {
    const { scenario, decisions } = judgeSeed(seed, {
      wishes: { liveness: true, faultRate: 4 },
      mutations: [],
      given: null,
      memories: false,
    }).case;
    for (const decision of decisions)
      if ('mishap' in decision) {
        expect(decision.time).toBeLessThan(scenario.healAt!);
        if ('until' in decision.mishap) expect(decision.mishap.until).toBeLessThanOrEqual(scenario.healAt!);
      }
  }
});
