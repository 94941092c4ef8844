/** Sections 3.3.1 to 3.3.3, runners and their scheduling: the sentences that promise behaviour. */

import { describe, expect, test } from 'vitest';
import { Machine } from '../../src/index.ts';
import { CELLS, slices, wait, X, Y } from '../support/cells.ts';
import { departs, heldBy } from '../support/paper.ts';
import {
  causes,
  family,
  happened,
  programOf,
  runOrders,
  runSource,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

const STACK = 0x7_0000_0000;
const ORDERS = 40;

describe('3.3.1 Runner', () => {
  test('"A runner is created by its parent runner and terminates after it exits or aborts."', () => {
    const result = runSource(
      family(
        { exits: { code: 'exits', heap: ['X, 8'] }, aborts: { code: 'aborts', heap: ['Y, 8'] } },
        `${CELLS}\nexits: mov $1, X\nexit:c\nmov $2, X\naborts: mov $1, Y\nexit:a\nmov $2, Y\nexit:c`,
      ),
    );

    expect(result.summary.counts).toMatchObject({ committed: 2, aborted: 1 });
    expect([wordAt(result, X), wordAt(result, Y)]).toEqual([1n, 0n]);
  });

  test('"A "created" runner moves to "schedulable" state after the parent runner exits and commits successfully."', () => {
    const child = { child: { code: 'child', heap: ['X, 8'] } };
    const code = `${CELLS}\nchild: mov $1, X\nexit:c`;
    for (const result of runOrders(family(child, code, { entry: wait('linger') }), ORDERS, {
      config: slices,
    })) {
      const [parent, newborn] = result.log;
      expect(newborn!.sv).toBeGreaterThanOrEqual(parent!.version);
    }
    const aborted = runSource(family(child, code).replace('exit:c', 'exit:a'));

    expect(aborted.summary.counts).toMatchObject({ committed: 0, aborted: 1 });
    expect(happened(aborted, 'start')).toHaveLength(1);
  });

  test('"Each runner uses a range of memory as its stack range (stack for short), changes to which are discarded after the runner exits, and multiple ranges of memory as its heap ranges."', () => {
    const result = runSource(
      family(
        { child: { code: 'child', stack: `${STACK}, 64`, heap: ['X, 8', 'Y, 8'] } },
        `${CELLS}
child:
mov $3, ${STACK}
mov ${STACK}, X
mov ${STACK}, Y
exit:c`,
      ),
    );

    expect([wordAt(result, X), wordAt(result, Y), wordAt(result, STACK)]).toEqual([3n, 3n, 0n]);
  });

  test('"A 64-bit pointer, fi, specifies the address of the first instruction from which the runner starts to execute."', () => {
    const result = runSource(
      family(
        { child: { code: 'second', heap: ['X, 8'] } },
        `${CELLS}\nfirst: mov $1, X\nexit:c\nsecond: mov $2, X\nexit:c`,
      ),
    );

    expect(wordAt(result, X)).toBe(2n);
  });

  test('"Because RComps are reused, a large portion of the runner startup overhead [...] is incurred only once": and nothing of an earlier runner is left in one', () => {
    const children = Array.from({ length: 12 }, (_, i) => [
      `c${i}`,
      { code: 'child', heap: [`X + ${8 * i}, 8`], stack: `${STACK}, 64` },
    ]);
    const result = runSource(
      family(
        Object.fromEntries(children),
        `${CELLS}
child:
mov (ctx.heap_list), r1
add 0x1000, ${STACK}, r0
add r0, r7, (r1)
mov $9, 0x1000
mov $9, ${STACK}
mov $9, r7
exit:c`,
      ),
      { config: { rcomps: 1 } },
    );

    expect(new Set(happened(result, 'start').map(({ rcomp }) => rcomp)).size).toBe(1);
    expect(wordsAt(result, X, 12)).toEqual(Array(12).fill(0n));
  });
});

describe('3.3.2 Scheduling', () => {
  const many = (children: number) => `
.entry main
main:
mov $${children}, r0
again:
newr blocks, blocks+8, blocks+8, blocks+16
sub r0, $1, r0
br:nz r0, again
exit:c
child: exit:c
blocks: .quad none, none, code
none: .quad 0, 0
code: .quad child
`;

  test('"there can be more runners than RComps in a DVM, and the scheduler assigns runners to RComps"', () => {
    const result = runSource(many(200), { config: { rcomps: 2 } });

    expect(result.summary.counts.committed).toBe(201);
    expect(new Set(happened(result, 'start').map(({ rcomp }) => rcomp)).size).toBe(2);
  });

  heldBy(
    '"the child runners created by a parent runner are not schedulable until the parent runner exits and commits successfully"',
    'spec/paper/section-3.3.spec.ts',
    'moves to "schedulable" state after the parent runner exits',
  );

  test('"There is a single scheduler master in a DVM"', async () => {
    await using machine = new Machine(programOf(many(1)), { rcomps: 8, homes: 4 });
    const masters: number[] = [];
    machine.on('commit', () => masters.push(machine.liveActors().master));
    await machine.run();

    expect(masters).toEqual([1, 1]);
  });

  departs('there are many scheduler agents residing in RComps', '0016-newr-asks-nobody');

  departs(
    'A runner may create as many child runners as the entire DVM (or datacenter) can handle.',
    '0015-limits',
  );

  test('up to that limit, and then "too-many-children" ends the runner and leaves the machine healthy', () => {
    const limits = { children: 10, ranges: 16, runners: 1000, privateBytes: 2 ** 20 };

    expect(runSource(many(10), { config: { limits } }).summary.counts.committed).toBe(11);
    expect(causes(runSource(many(11), { config: { limits } }))).toEqual(['too-many-children']);
  });

  departs(
    "When a runner requests to create new runners, the scheduler constructs RCBs for the child runners, and extends the parent runner's memory snapshot so that the parent can access and construct the child runners' stacks.",
    '0016-newr-asks-nobody',
  );

  heldBy(
    '"the parent can access and construct the child runners\' stacks"',
    'spec/paper/section-3.2.spec.ts',
    "it is extended to a child\\'s stack",
  );
});

describe('3.3.3 Many-runner parallel execution', () => {
  const inAndOut = (end: string) =>
    family(
      { child: { code: 'child', stack: `${STACK}, 64`, heap: ['X, 16'] } },
      `${CELLS}
child:
add (ctx.stack), X, X+8
mov $9, ${STACK}
mov $'!':ub, ctx.stdout
${end}`,
      { entry: `mov $40, ${X}`, heap: `.heap ${X}, 8` },
    ).replace('exit:c', `mov $2, ${STACK}\nexit:c`);

  test('"A runner mainly obtains its input from its initial state comprising its stack and heap ranges"; "its output is written into its heap ranges and I/O channels"', () => {
    const result = runSource(inAndOut('exit:c'));

    expect(wordsAt(result, X, 2)).toEqual([40n, 42n]);
    expect(result.written[0]).toEqual(Uint8Array.of('!'.charCodeAt(0)));
  });

  heldBy(
    '"and can also read data from I/O channels during its execution"',
    'spec/examples/pipeline.spec.ts',
    'each line is answered as it arrives',
  );

  test('"If it aborts, the changes are discarded. The changes to a runner\'s stack are always discarded upon completion of the runner."', () => {
    const committed = runSource(inAndOut('exit:c'));
    const aborted = runSource(inAndOut('exit:a'));

    expect(wordsAt(aborted, X, 2)).toEqual([40n, 0n]);
    expect(aborted.written[0]).toEqual(new Uint8Array());
    expect([wordAt(committed, STACK), wordAt(aborted, STACK)]).toEqual([0n, 0n]);
  });

  departs(
    'In the case that conflicts occur, the DVM system automatically detects conflicts, delays execution, and aborts runners, if necessary, to ensure correct memory semantics.',
    '0014-losers-run-again',
  );
  heldBy(
    '"If it commits, the changes to the heap ranges by the runner are applied to the global memory space, given no conflicts with other runners\' memory updates exist."',
    'spec/examples/counter.spec.ts',
    'with --on-conflict=abort a loser is ended',
  );

  heldBy(
    '"a large number of runners in a DVM can execute in parallel optimistically assuming there are no conflicts"',
    'spec/examples/parallel-sum.spec.ts',
    'The example uses 10,240 runners',
  );

  test('Algorithm 1: "RComp(R_j) sets R_j\'s local context according to RCB_j" and "R_j starts from fi to execute in RComp(R_j)"', () => {
    const result = runSource(
      family(
        { child: { code: 'child', stack: `${STACK}, 64`, heap: ['Y, 8', 'X, 80'] } },
        `${CELLS}
child:
mov ctx.stack, X
mov ctx.stack_size, X+8
mov ctx.heap_count, X+16
mov (ctx.heap_list), X+24
mov 8(ctx.heap_list), X+32
mov 16(ctx.heap_list), X+40
mov 24(ctx.heap_list), X+48
exit:c`,
      ),
    );

    expect(wordsAt(result, X, 7)).toEqual([STACK, 64, 2, X, 80, Y, 8].map(BigInt));
  });
});
