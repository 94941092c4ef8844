/** Section 3.2, Unified memory space: the sentences that promise behaviour. */

import { describe, expect, test } from 'vitest';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import { departs, heldBy } from '../support/paper.ts';
import { causes, family, happened, runOrders, runSource, wordsAt } from '../support/scenario.ts';

const LAST_PRIVATE = 0x3_ffff_fff8;
const RB = 0x4_0000_0000;
const LIMIT = 2 ** 46;

const ORDERS = 60;

/** Two at a time, in short slices: whether the reader starts before or after the writer's commit is open. */
const twoAtATime = { ...slices, rcomps: 2 };
const writerAndReader = family(
  {
    writer: { code: 'writer', heap: ['X, 8', 'Y, 8'] },
    idle: { code: 'idle' },
    idler: { code: 'idler' },
    reader: { code: 'reader', heap: ['SEEN, 24', 'X, 8', 'Y, 8'] },
  },
  `${CELLS}
writer:
mov $1, X
mov $1, Y
exit:c
reader:
mov X, SEEN
${wait('linger')}
mov X, SEEN+8
mov Y, SEEN+16
exit:c
idle:
${wait('idle.linger')}
exit:c
idler:
${wait('idler.linger', 5)}
exit:c
`,
);

describe('regions', () => {
  test('"The starting address of the SR is the region boundary (RB) which is just after the address of PR\'s last byte."', () => {
    const touch = (address: number) =>
      causes(runSource(`.entry main\nmain: mov ${address}:q, r0\nmov r0:q, ${address}\nexit:c`));

    expect(touch(LAST_PRIVATE)).toEqual([]);
    expect(touch(LAST_PRIVATE + 1)).toEqual(['region-crossing']);
    // The code itself lies there.
    expect(touch(RB)).toEqual(['write-to-read-only']);
    expect(touch(RB + 0x10_0000)).toEqual(['read-outside-ranges']);
  });

  test('"A write in an individual runner\'s PR does not affect the content stored at the same address in the other runners\' PRs."', () => {
    const results = runOrders(
      family(
        { one: { code: 'one', heap: ['X, 8'] }, two: { code: 'two', heap: ['Y, 8'] } },
        `${CELLS}
one:
add 0x1000, $1, 0x1000
${wait('a')}
add 0x1000, $1, X
exit:c
two:
add 0x1000, $10, 0x1000
${wait('b')}
add 0x1000, $10, Y
exit:c
`,
        { entry: 'mov $100, 0x1000' },
      ),
      ORDERS,
      { config: slices },
    );

    for (const result of results) {
      expect([...wordsAt(result, X, 1), ...wordsAt(result, Y, 1)]).toEqual([2n, 20n]);
    }
  });

  test('"the SR is shared among all the runners in the sense that a value written by one runner can be visible to another runner"', () => {
    const seen = runOrders(writerAndReader, ORDERS, { config: twoAtATime }).map(
      (r) => wordsAt(r, SEEN, 1)[0],
    );

    expect(seen).toContain(1n);
  });

  departs(
    'In our implementation on the x86-64 platform, we set RB to 0x40000000 and an application can use a 46-bit memory address space.',
    '0010-region-boundary',
  );

  test('"an application can use a 46-bit memory address space"', () => {
    const last = LIMIT - 8;
    const within = runSource(`.heap ${last}, 8\n.entry main\nmain: mov $7, ${last}\nexit:c`);
    const beyond = runSource(`.entry main\nmain: mov $${LIMIT}, r0\nmov (r0), r1\nexit:c`);

    expect(wordsAt(within, last, 1)).toEqual([7n]);
    expect(causes(beyond)).toEqual(['read-outside-ranges']);
  });

  test('"each runner can store several gigabytes of data in its PR": anywhere in 16 GiB, as much as the limit allows', () => {
    const scattered = `.entry main
main:
mov $0, r0
next:
mov r0, (r0)
add r0, $0x10000000, r0
br:l r0, $0x100000000, next
mov $1, ${LAST_PRIVATE}
exit:c`;
    const limits = { children: 1, ranges: 1, runners: 9, privateBytes: 8 * 512 };

    expect(causes(runSource(scattered))).toEqual([]);
    expect(causes(runSource(scattered, { config: { limits } }))).toEqual(['private-memory-limit']);
  });
});

describe('consistency', () => {
  test('"After a snapshot is created for a runner, later updates to the associated memory ranges by other runners do not affect the state of the snapshot."', () => {
    const results = runOrders(writerAndReader, ORDERS, { config: twoAtATime });
    const meanwhile = results.filter(({ log }) => {
      const reader = log.find(({ spans }) => spans.some(({ base }) => base === SEEN))!;
      return log
        .slice(reader.sv, reader.version - 1)
        .some(({ spans }) => spans.some(({ base }) => base === X));
    });

    for (const result of results) {
      const [first, again] = wordsAt(result, SEEN, 2);
      expect(again).toBe(first);
    }
    expect(meanwhile.length).toBeGreaterThan(0);
  });

  test('"a runner always receives the value the runner itself has written most recently or the value stored at the time the snapshot is taken"', () => {
    const result = runSource(
      `.heap ${X}, 24\n.entry main
main:
mov ${X}, ${X + 8}
mov $5, ${X}
mov $6, ${X}
mov ${X}, ${X + 16}
exit:c
.org ${X}
.quad 4`,
    );

    expect(wordsAt(result, X, 3)).toEqual([6n, 4n, 6n]);
  });

  heldBy(
    '"The consistency model of DISA permits concurrent accesses optimistically, and detects write conflicts automatically."',
    'spec/examples/bank.spec.ts',
    'a thousand transfers in conflict',
  );

  test('"it is possible to implement atomic writes of a group of data"; "The commit operation is atomic"', () => {
    const seen = runOrders(writerAndReader, ORDERS, { config: twoAtATime }).map((r) => {
      const [x, , y] = wordsAt(r, SEEN, 3);
      return `${x} ${y}`;
    });

    expect(new Set(seen)).toEqual(new Set(['0 0', '1 1']));
  });

  test('"the updates are made visible to all the snapshots created thereafter"', () => {
    for (const { log } of runOrders(writerAndReader, ORDERS, { config: twoAtATime })) {
      const parent = log[0]!;
      expect(log.slice(1).every(({ sv }) => sv >= parent.version)).toBe(true);
    }
  });

  test('"the snapshot can be extended only by the scheduler when it is needed": it is extended to a child\'s stack, at the same point in time', () => {
    const source = (store: string) => `
.entry main
main:
${store}
newr blocks, blocks+8, blocks+16, blocks+24
mov $7, 0x700000000
exit:c
child:
mov (ctx.stack), ${X}
exit:c
blocks: .quad stack, heap, none, code
stack: .quad 0x700000000, 64
heap: .quad 1, ${X}, 8
none: .quad 0
code: .quad child
`;

    expect(causes(runSource(source('mov $7, 0x700000000')))).toEqual(['write-outside-ranges']);
    expect(wordsAt(runSource(source('')), X, 1)).toEqual([7n]);
  });

  test('"the memory subsystem only serializes the committing of memory ranges when runners exit": reading takes no turn', () => {
    const result = runSource(writerAndReader, { config: slices });

    expect(happened(result, 'commit').map(({ version }) => version)).toEqual([1, 2, 3, 4, 5]);
    expect(happened(result, 'conflict')).toEqual([]);
  });

  departs(
    'The scheduler proactively assigns a runner to the RComp that recently used the SR ranges needed by the runner if such an RComp exists.',
    '0017-one-process-first',
  );
});
