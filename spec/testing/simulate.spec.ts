import { describe, expect, test } from 'vitest';
import { counterSource } from '../../sim/workloads/counter.ts';
import { addressOfLabel, assemble, ProgramError } from '../../src/index.ts';
import { CHECKERS, MUTATIONS, SimulationFailed, simulate } from '../../testing/index.ts';
import { FAULT, SUM } from '../support/small-programs.ts';

const PROGRAM = assemble(SUM);
const TOTAL = addressOfLabel(PROGRAM, 'total');

describe('simulate', () => {
  test('gives the log, the memory, the output and the transcript of a run', () => {
    const { summary, log, readWord, output, transcript, virtualTime } = simulate(SUM);

    expect(summary).toMatchObject({ status: 'done', entry: 'committed' });
    expect(log.map(({ version }) => version)).toEqual([1]);
    expect(readWord(TOTAL, 'q')).toBe(500_500n);
    expect(new TextDecoder().decode(output('stdout'))).toBe('ok\n\0');
    expect(transcript().split('\n')[0]).toMatch(/^1\. /);
    expect(virtualTime).toBeGreaterThan(0);
  });

  test('the same arguments give the same run, and another seed another', () => {
    const options = { seed: 7, faults: 'all' } as const;

    expect(simulate(PROGRAM, options).fingerprint).toBe(simulate(PROGRAM, options).fingerprint);
    expect(simulate(PROGRAM, { ...options, seed: 8 }).fingerprint).not.toBe(
      simulate(PROGRAM, options).fingerprint,
    );
  });

  test('what is asked for is there', () => {
    const { scenario, faults } = simulate(PROGRAM, {
      seed: 3,
      nodes: 3,
      rcomps: 2,
      homes: 2,
      faults: ['duplicate'],
      faultRate: 20,
    });

    expect(scenario).toMatchObject({ nodes: 3, machine: { rcomps: 6, homes: 2 } });
    expect([...faults.keys()]).toEqual(['duplicate']);
  });

  test('a program that faults is a result, and not a failure', () => {
    expect(simulate(FAULT).summary).toMatchObject({ entry: 'faulted' });
  });

  test('an expectation that is not met fails, with the seed', () => {
    const run = () =>
      simulate(PROGRAM, { seed: 9, expect: [{ address: TOTAL, type: 'q', value: '500499' }] });

    expect(run).toThrow(SimulationFailed);
    expect(run).toThrow(/^seed 9, after \d+ deliveries: 0x400001000:q is 500500, not 500499/);
  });

  test('a planted bug fails, by the invariant that it breaks', () => {
    const source = counterSource({ kind: 'counter', runners: 6 });
    const run = () => simulate(source, { seed: 1, mutations: ['no-validation'] });

    expect(() => simulate(source, { seed: 1 })).not.toThrow();
    expect(run).toThrow(SimulationFailed);
    expect(run).toThrow('I4');
  });

  test('a source with mistakes is refused as ever', () => {
    expect(() => simulate('mvo $1, r0\n')).toThrow(ProgramError);
  });
});

test('checkers and planted bugs are listed with what they are about', () => {
  expect(CHECKERS.find(({ id }) => id === 'I4')?.sentence).toContain('overlaps');
  expect(MUTATIONS['no-validation']).toBe('commits are not validated');
});
