import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SimulationError } from '../../sim/cluster.ts';
import { doing } from '../../sim/mutations/mutation.ts';
import { PLAIN_RUN, runScenario } from '../../sim/run.ts';
import { drawScenario } from '../../sim/scenario.ts';
import { transcriptOf } from '../../sim/transcript.ts';
import { createActor } from '../../src/actors/actor.ts';
import { SYSTEM_WORDS } from '../../src/isa/layout.ts';
import { anyCase, run } from '../support/cases.ts';
import { runs } from '../support/runs.ts';
import { runSource, wordAt } from '../support/scenario.ts';

const HELLO = `
.entry main
main: mov $'h':b, ctx.stdout
exit:c
`;

describe('a simulated cluster', () => {
  it('is a function of (program, options, choices): the same transcript and the same memory', () => {
    fc.assert(
      fc.property(anyCase, (drawn) => {
        const [once, again] = [run(drawn), run(drawn)];
        expect(transcriptOf(again.deliveries)).toBe(transcriptOf(once.deliveries));
        expect(again.written).toEqual(once.written);
      }),
      runs(30),
    );
  });

  it('calls a machine that stands still an error, with the deliveries that led there', () => {
    const deaf = doing('home', () => []);
    const stuck = () => runSource(HELLO, { create: deaf(createActor) });
    expect(stuck).toThrow(SimulationError);
    expect(stuck).toThrow('stands still');
    try {
      stuck();
    } catch (error) {
      expect((error as SimulationError).transcript).toContain('agent 0 → home');
    }
  });

  it('counts nodes that die and come back in the system words', () => {
    const scenario = drawScenario(1, { workload: { kind: 'counter', runners: 12 }, nodes: 3, faults: [] });
    const crash = { kind: 'node-crash', node: 2, until: 400, noticedAfter: 10, loses: true } as const;
    const { result } = runScenario(
      { ...scenario, machine: { ...scenario.machine, homes: 1, replicas: 1 } },
      { ...PLAIN_RUN, decisions: [{ time: 100, mishap: crash }] },
    );
    const { nodesJoined, nodesLeft } = SYSTEM_WORDS;

    expect([nodesLeft, nodesJoined].map((word) => wordAt(result!, word))).toEqual([1n, 1n]);
  });

  it('keeps what reached the outside', () => {
    expect([...(runSource(HELLO).written[0] ?? [])]).toEqual(['h'.charCodeAt(0)]);
  });
});
