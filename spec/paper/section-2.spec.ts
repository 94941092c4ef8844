/** Section 2, System overview: the sentences that promise behaviour. */

import { describe, expect, test } from 'vitest';
import { attemptKey } from '../../src/actors/control-block.ts';
import { run, runExample } from '../support/example.ts';
import { departs, heldBy } from '../support/paper.ts';
import { happened, programOf, runOrders } from '../support/scenario.ts';

const CELL = 0x6_0000_0000;

/** Twenty runners that count one cell up. */
const COUNTING = `
.heap ${CELL}, 8
.entry main
main:
mov $0, r0
again:
newr blocks, blocks+8, blocks+16, blocks+24
add r0, $1, r0
br:l r0, $20, again
exit:c
count:
add ${CELL}, $1, ${CELL}
exit:c
blocks: .quad none, heap, none, code
none: .quad 0, 0
heap: .quad 1, ${CELL}, 8
code: .quad count
`;

describe('2 System overview', () => {
  test('"Depending on the required resources, multiple DVMs can co-exist on a single physical host"', async () => {
    const all = await Promise.all([1, 2, 3].map((rcomps) => run(programOf(COUNTING), { rcomps })));

    expect(await Promise.all(all.map(({ words }) => words(CELL, 'q')))).toEqual([[20n], [20n], [20n]]);
  });

  departs(
    "one DVM's capacity can be dynamically changed by adding or removing ARCs to or from the DVM as needed",
    '0017-one-process-first',
  );
});

describe('2.1 System organization', () => {
  test.each([
    { rcomps: 1, homes: 1 },
    { rcomps: 3, homes: 2 },
    { rcomps: 16, homes: 7 },
  ])(
    '"Although DVMs may have different capacity [...], the DVMs provide the same architectural abstraction of a "single computer" to programs": %o',
    async (capacity) => {
      const { report, words } = await run(programOf(COUNTING), capacity);

      expect(report.status).toBe('done');
      expect(await words(CELL, 'q')).toEqual([20n]);
    },
  );

  test('"many runners, each residing in one runner compartment (RComp), can execute in parallel"', () => {
    const results = runOrders(COUNTING, 20, { config: { rcomps: 4 } });

    expect(results.some((result) => mostAtOnce(result.trace.map(({ event }) => event)) === 4)).toBe(true);
  });

  test('"one RComp contains at most one runner at a specific time, and it becomes available for assigning a new runner to after the current incumbent runner exits"', () => {
    for (const result of runOrders(COUNTING, 50, { config: { rcomps: 3, slice: 1 } })) {
      const incumbents = new Map<number, string>();
      for (const { event } of result.trace) {
        if (event.type === 'start') {
          expect(incumbents.get(event.rcomp)).toBeUndefined();
          incumbents.set(event.rcomp, attemptKey(event.attempt));
        } else if (event.type === 'attempt') {
          for (const [rcomp, key] of incumbents) {
            if (key === attemptKey(event.attempt)) incumbents.delete(rcomp);
          }
        }
      }
      expect(happened(result, 'start').length).toBeGreaterThanOrEqual(21);
    }
  });
});

describe('2.2 Programming in DISA', () => {
  heldBy(
    '"The following DISA code performs a sum operation of two 64bit integers by a sum_runner runner."',
    'spec/examples/sum.spec.ts',
    'a sum operation of two 64-bit integers by a sum_runner runner',
  );

  heldBy(
    '"DISA allows the instruction to freely choose memory addressing modes to reference the first and second operands."',
    'spec/examples/tour.spec.ts',
    'every addressing mode',
  );

  test('"The second instruction sets the exit code to indicate the result is ready (:z means "zero extend")."', async () => {
    const { words } = await runExample('sum.s');

    expect(await words('exit_code', 'uq')).toEqual([1n]);
  });

  test('"The last instruction makes the runner exit and commit (:c) the changes."', async () => {
    const { report, words } = await runExample('sum.s');

    expect(report.runners.committed).toBe(1);
    expect(await words('result', 'q')).toEqual([42n]);
  });
});

/** The most attempts that had started and not yet ended. */
function mostAtOnce(events: readonly { readonly type: string }[]): number {
  let [now, most] = [0, 0];
  for (const { type } of events) {
    if (type === 'start') now += 1;
    if (type === 'attempt') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}
