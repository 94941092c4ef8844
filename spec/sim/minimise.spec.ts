import { describe, expect, it } from 'vitest';
import { judge, judgeSeed, record, smallest } from '../../sim/campaign.ts';
import type { Decision } from '../../sim/decisions.ts';
import { type Fails, minimise } from '../../sim/minimise/minimise.ts';
import { relevantMessages } from '../../sim/report/recorded-run.ts';
import { drawScenario, type Scenario } from '../../sim/scenario.ts';
import { PLANTS, readKillers } from '../support/killers.ts';

const decision = (nth: number): Decision => ({ message: 'a>b', nth, type: 'fetch', delay: 1 });
const found = {
  scenario: drawScenario(3, { nodes: 6, workload: { kind: 'counter', runners: 12 } }),
  decisions: Array.from({ length: 40 }, (_, i) => decision(i)),
};
const needed = [found.decisions[7]!, found.decisions[31]!];
const holds = (decisions: readonly Decision[]) => needed.every((one) => decisions.includes(one));

/** Fails with the decisions that it takes, sooner in a smaller workload. */
const failing = ({ workload }: Scenario, decisions: readonly Decision[]): Fails => ({
  decisions,
  messages: workload.kind === 'counter' ? 20 + workload.runners : 1_000,
});

describe('a failure is made smaller', () => {
  it('down to the decisions that it needs, and to the smallest cluster and workload', () => {
    const least = minimise(found, {
      goOn: () => true,
      fails: (scenario, decisions) =>
        decisions !== null && holds(decisions) ? failing(scenario, decisions) : null,
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
      goOn: () => tries < 1,
      fails: (scenario) => {
        tries += 1;
        return failing(scenario, needed);
      },
    });
    expect(least).toEqual({ scenario: found.scenario, decisions: needed });
  });

  it('by another program in a small cluster, if it fails there in the same way and sooner', () => {
    const { workload } = found.scenario;
    const least = minimise(found, {
      goOn: () => true,
      fails: (scenario, decisions) => {
        const another = scenario.workload.kind === 'sum-tree';
        if (!another && scenario !== found.scenario) return null;
        return { decisions: decisions ?? [decision(99)], messages: another ? 10 : 30 };
      },
    });
    expect(workload.kind).toBe('counter');
    expect(least.scenario.workload).toEqual({ kind: 'sum-tree', leaves: 2 });
    expect(least.decisions).toEqual([]);
  });

  it('by other decisions, where a smaller program takes another course, but not by more', () => {
    const isSmall = ({ workload }: Scenario) => workload.kind === 'counter' && workload.runners === 1;
    const least = minimise(
      { ...found, decisions: needed },
      {
        goOn: () => true,
        fails: (scenario, decisions) => {
          if (isSmall(scenario)) return decisions === null ? failing(scenario, [decision(99)]) : null;
          return decisions !== null && holds(decisions) ? failing(scenario, decisions) : null;
        },
      },
    );
    expect(least.decisions).toEqual([decision(99)]);
  });

  it('by nothing that takes more messages', () => {
    const least = minimise(found, {
      goOn: () => true,
      fails: (scenario, decisions) =>
        decisions === null ? null : { decisions, messages: scenario.nodes < 6 ? 31 : 30 },
    });
    expect(least.scenario.nodes).toBe(6);
  });

  it('no further once there is no more time', () => {
    let tries = 0;
    const least = minimise(found, {
      goOn: () => tries < 5,
      fails: (scenario, decisions) => {
        tries += 1;
        return tries === 1 ? failing(scenario, decisions!) : null;
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

/** CPU seconds for each planted bug; not set: none is looked at. `npm run sim:minimised` allows as many as `dvm sim` does. */
const MINIMISED = Number(process.env.DVM_MINIMISED ?? 0);

const HOUR = 3_600_000;

describe.runIf(MINIMISED > 0)('each planted bug, made smaller', () => {
  const counts: number[] = [];

  it.each(MINIMISED > 0 ? Object.entries(readKillers().bugs) : [])(
    '%s',
    (name, { seed }) => {
      const settings = { wishes: {}, mutations: PLANTS.get(name)!, given: null, memories: false };
      const before = process.cpuUsage().user;
      const goOn = () => process.cpuUsage().user - before < MINIMISED * 1e6;
      const least = smallest(judgeSeed(seed, settings), settings, goOn);
      const count = relevantMessages(record(least.case, settings, '', false).run);
      console.log(`${name}: ${count} messages`);
      counts.push(count);
    },
    HOUR,
  );

  it('nine of ten take 25 messages at most', () => {
    const few = counts.filter((count) => count <= 25).length;
    console.log(`${few} of ${counts.length}`);
    expect(few).toBeGreaterThanOrEqual(0.9 * counts.length);
  });
});
