/** A runner of large ranges goes where they have been used before, and nobody waits for ever for it. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LocalityPolicy } from '../../src/actors/locality.ts';
import { type RunnerRecord, runnerRecord } from '../../src/actors/runner-record.ts';
import { Place } from '../../src/memory/place.ts';
import { controlBlock, SR } from '../support/actors.ts';
import { runs } from '../support/runs.ts';

const MEBIBYTE = 2 ** 20;
const root = Place.root();
let made = 0;

/** A runner of one range: mebibyte `at` and so many more. */
function runner(at: number, mebibytes = 2): RunnerRecord {
  made += 1;
  const heap = [{ base: SR + at * MEBIBYTE, length: mebibytes * MEBIBYTE, merge: 0 } as const];
  return runnerRecord(controlBlock({ id: BigInt(made) + 4096n, heap }), root.child(made));
}

/** A policy that has seen agent 0 run on the first range and agent 1 on the second. */
function taught(): LocalityPolicy {
  const policy = new LocalityPolicy();
  for (const [agent, at] of [0, 10].entries()) {
    policy.push(runner(at));
    policy.shift(agent);
  }
  return policy;
}

describe('an agent gets', () => {
  test('what is near it before what came first', () => {
    const policy = taught();
    const [far, near] = [runner(10), runner(0)];
    policy.push(far);
    policy.push(near);

    expect(policy.shift(0)).toBe(near);
    expect(policy.shift(0)).toBe(far);
  });

  test('what is near nobody before what is near somebody else', () => {
    const policy = taught();
    const [far, unknown] = [runner(10), runner(50)];
    policy.push(far);
    policy.push(unknown);

    expect(policy.shift(0)).toBe(unknown);
  });

  test('what is near somebody else if there is nothing else', () => {
    const policy = taught();
    const far = runner(10);
    policy.push(far);

    expect(policy.shift(0)).toBe(far);
  });

  test('what holds most of the bytes', () => {
    const policy = taught();
    // One mebibyte of what agent 0 has had, two of what agent 1 has had.
    const both = runnerRecord(
      controlBlock({
        id: 99n,
        heap: [
          { base: SR, length: MEBIBYTE, merge: 0 },
          { base: SR + 10 * MEBIBYTE, length: 2 * MEBIBYTE, merge: 0 },
        ],
      }),
      root.child(0),
    );
    const other = runner(70);
    policy.push(both);
    policy.push(other);

    expect(policy.shift(0)).toBe(other);
    expect(policy.shift(1)).toBe(both);
  });

  test('small ranges first in, first out', () => {
    const policy = taught();
    const small = [0, 1, 2].map((i) => runner(i % 2 === 0 ? 10 : 0, 2 ** -10));
    for (const one of small) policy.push(one);

    expect(small.map(() => policy.shift(0))).toEqual(small);
  });
});

test('whoever is near somebody else is given out after a bounded number of others', () => {
  const policy = taught();
  const far = runner(10);
  policy.push(far);
  let others = 0;
  for (let given: RunnerRecord | undefined; given !== far; others += 1) {
    policy.push(runner(0));
    given = policy.shift(0);
  }

  expect(others).toBeLessThan(70);
});

test('it is a pool, whatever ranges runners have', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.record({ push: fc.nat(20), mebibytes: fc.constantFrom(2 ** -10, 1, 3) }),
          fc.record({ shift: fc.nat(2) }),
          fc.record({ front: fc.nat(3) }),
          fc.constant({ drain: true } as const),
        ),
        { maxLength: 80 },
      ),
      (steps) => {
        const policy = new LocalityPolicy();
        const inside = new Set<RunnerRecord>();
        const outside: RunnerRecord[] = [];
        const out = (one: RunnerRecord) => {
          expect(inside.delete(one)).toBe(true);
          outside.push(one);
        };
        for (const step of steps) {
          if ('push' in step) {
            const one = runner(step.push, step.mebibytes);
            inside.add(one);
            policy.push(one);
          } else if ('shift' in step) {
            const one = policy.shift(step.shift);
            expect(one === undefined).toBe(inside.size === 0);
            if (one !== undefined) out(one);
          } else if ('front' in step) {
            const back = outside.splice(0, step.front);
            for (const one of back) inside.add(one);
            policy.pushFront(back);
            if (back.length > 0) {
              const first = policy.shift(7);
              expect(back).toContain(first);
              out(first!);
            }
          } else for (const one of policy.drain()) out(one);
          expect(policy.length).toBe(inside.size);
        }
      },
    ),
    runs(300),
  );
});
