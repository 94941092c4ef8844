import { describe, expect, it, test } from 'vitest';
import { judge, judgeSeed, mutated, record, type Settings } from '../../sim/campaign.ts';
import type { Create } from '../../sim/cluster.ts';
import { failureOf, isLiveness } from '../../sim/failure.ts';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { PLAIN_RUN, runScenario } from '../../sim/run.ts';
import { drawScenario } from '../../sim/scenario.ts';
import { Totals } from '../../sim/totals.ts';
import { drawGenerated } from '../../sim/workloads/generated.ts';
import { drawListAppend } from '../../sim/workloads/list-append.ts';
import type { Workload } from '../../sim/workloads/workload.ts';
import { createActor } from '../../src/actors/actor.ts';
import { assemble } from '../../src/isa/assembler.ts';
import type { Program } from '../../src/isa/program.ts';
import { ENDLESS, SUM } from '../support/small-programs.ts';

const SETTINGS: Settings = { wishes: {}, mutations: [], given: null, memories: false };
const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);

function programOf(source: string): Program {
  const result = assemble(source, { file: 'given.s' });
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.program;
}

const given = (fuel = 100_000) => ({ kind: 'given', name: 'given.s', expect: [], fuel, digest: '' }) as const;

it('a seed shows the same each time, and nothing is violated', () => {
  const totals = new Totals();
  for (const seed of seeds(60)) {
    const { shown } = judgeSeed(seed, SETTINGS);
    expect(judgeSeed(seed, SETTINGS).shown).toEqual(shown);
    expect({ seed, failure: shown.failure }).toEqual({ seed, failure: null });
    totals.add(shown);
  }
  expect(totals.missingFaults).toEqual([]);
});

it('many runs have one fingerprint, in whatever order they end, and another if one of them differs', () => {
  const shown = seeds(6).map((seed) => judgeSeed(seed, SETTINGS).shown);
  const fingerprintOf = (all: typeof shown) => {
    const totals = new Totals();
    for (const one of all) totals.add(one);
    return totals.fingerprint;
  };

  expect(fingerprintOf(shown.slice(0, 5).reverse())).toBe(fingerprintOf(shown.slice(0, 5)));
  expect(fingerprintOf([...shown.slice(0, 4), shown[5]!])).not.toBe(fingerprintOf(shown.slice(0, 5)));
});

it('a hundred failing runs fail in the same way when they are replayed, and while all that happens is written down', () => {
  const names = Object.keys(MUTATIONS);
  let failed = 0;
  for (let seed = 0; failed < 100; seed += 1) {
    const settings = { ...SETTINGS, mutations: [names[seed % names.length]!] };
    const found = judgeSeed(seed, settings);
    if (found.shown.failure === null) continue;
    failed += 1;
    const { scenario, decisions } = found.case;
    const again = judge(scenario, decisions, settings);
    expect({ seed, shown: again.shown }).toEqual({ seed, shown: found.shown });
    expect(again.ran.unused).toEqual([]);
    expect(record(found.case, settings, '', true).judged.shown).toEqual(found.shown);
  }
});

describe('where nothing goes wrong, each workload comes to what it must come to:', () => {
  const WORKLOADS: readonly Workload[] = [
    drawGenerated(5),
    drawListAppend(5),
    { kind: 'bank', accounts: 3, transfers: 6, seed: 5 },
    { kind: 'counter', runners: 6 },
    { kind: 'sum-tree', leaves: 5 },
    { kind: 'stream', input: [1, 2, 3, 200, 0], capacity: 2, persistent: true },
    { kind: 'stream', input: [1, 2, 3, 200, 0], capacity: 2, persistent: false },
    given(),
  ];

  test.each(WORKLOADS.map((workload) => [workload.kind, workload] as const))('%s', (_, workload) => {
    for (const seed of seeds(3)) {
      const { ran, shown } = judge(drawScenario(seed, { workload, faults: [] }), null, {
        ...SETTINGS,
        given: programOf(SUM),
      });
      expect(shown.failure).toBe(null);
      expect(ran.result?.summary.status).toBe('done');
      expect(ran.task.wrong(ran.result!)).toBe(null);
      expect(shown.faults).toEqual([]);
    }
  });
});

describe('what is wrong with a run is told apart:', () => {
  const counting = (seed: number) =>
    drawScenario(seed, { workload: { kind: 'counter', runners: 6 }, faults: [], nodes: 2 });
  const failureUnder = (create: Create) => failureOf(runScenario(counting(1), { ...PLAIN_RUN, create }));

  test('a wrong outcome, though no checker looks', () => {
    const failures = seeds(20).map((seed) =>
      failureOf(runScenario(counting(seed), { ...PLAIN_RUN, ...mutated(['no-validation']) })),
    );
    expect(failures.find((failure) => failure !== null)).toMatchObject({
      id: 'outcome',
      text: expect.stringMatching(/^the counter is [1-5], not 6$/),
    });
  });

  test('a violated invariant, by its checker', () => {
    const found = seeds(20).map((seed) =>
      judge(counting(seed), null, { ...SETTINGS, mutations: ['no-validation'] }),
    );
    expect(found.find(({ shown }) => shown.failure !== null)?.shown.failure).toMatchObject({
      id: 'I4',
      text: expect.stringMatching(
        /^version \d+ \([0-9a-f]{8}\.\d+, sv \d+\) is decided over version \d+ at 0x/,
      ),
    });
  });

  test('a behaviour that throws, and one that asks for the time', () => {
    const throwing =
      (ask: () => unknown): Create =>
      (init) => {
        const birth = createActor(init);
        if (init.kind !== 'home') return birth;
        return { ...birth, actor: { receive: () => [ask()] as never } };
      };
    const failure = failureUnder(throwing(() => Date.now()));
    expect(failure).toMatchObject({ id: 'assertion', text: expect.stringMatching(/^Date is not simulated/) });
    expect(isLiveness(failure!)).toBe(false);
  });

  test('a machine that stands still', () => {
    const deaf: Create = (init) => {
      const birth = createActor(init);
      return init.kind === 'home' ? { ...birth, actor: { receive: () => [] } } : birth;
    };
    const failure = failureUnder(deaf);
    expect(failure).toMatchObject({ id: 'I31', text: expect.stringMatching(/stands still/) });
    expect(isLiveness(failure!)).toBe(true);
  });

  test('a runner that never ends', () => {
    const scenario = drawScenario(1, { workload: given(5_000), faults: [] });
    const { failure } = judge(scenario, null, { ...SETTINGS, given: programOf(ENDLESS) }).shown;
    expect(failure).toMatchObject({
      id: 'I31',
      text: expect.stringMatching(/executed 5,000 instructions .*--fuel$/),
    });
  });
});
