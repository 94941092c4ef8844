/** docs/isa.md on whole machines: what a program may rely on beyond single instructions. */

import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../../src/actors/config.ts';
import { FAULT_CAUSES } from '../../src/isa/fault.ts';
import { childId, ROOT_ID, seedOf } from '../../src/memory/ids.ts';
import { CELLS, SEEN, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  causes,
  family,
  merging,
  type Newborn,
  newrOf,
  runSource,
  type ScenarioOptions,
  textIn,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

const STACK = 0x7_0000_0000;

describe('every fault cause of the contract is raised by a program', () => {
  const limits = (some: Partial<typeof DEFAULT_CONFIG.limits>): ScenarioOptions => ({
    config: { limits: { ...DEFAULT_CONFIG.limits, ...some } },
  });
  const leaf = blocksOf('leaf', { code: 'leaf' });
  const CASES: [cause: string, code: string, options?: ScenarioOptions][] = [
    ['illegal-instruction', 'br:j nothing'],
    ['bad-branch-target', 'br:j 0x100001000'],
    ['read-outside-ranges', 'mov Y, r1'],
    ['write-outside-ranges', 'mov $1, Y'],
    ['write-to-read-only', 'mov $1, nothing'],
    ['region-crossing', 'mov 0x3fffffffc, r1'],
    ['register-indirect', 'mov $0x200000004, 0x100001000\nmov (0x100001000), r1'],
    ['divide-by-zero', 'div $1, $0, r1'],
    ['divide-overflow', 'div $-128:b, $-1, r1'],
    ['float-to-integer', 'div $0.0:fd, $0.0, r1\nmov r1:fd, r2:q'],
    ['bad-runner-control', 'newr nowhere.b, nowhere.b+8, nowhere.b+16, nowhere.b+24'],
    ['too-many-children', `again:\n${newrOf('leaf')}\nbr:j again`, limits({ children: 5 })],
    ['too-many-ranges', newrOf('wide'), limits({ ranges: 3 })],
    ['bad-merge-store', 'mov $1, X+16:d'],
    [
      'private-memory-limit',
      'mov $1, 0x150000000\nmov $1, 0x150001000\nmov $1, 0x150002000',
      limits({ privateBytes: 2048 }),
    ],
    ['fuel', 'again:\nbr:j again', { config: { fuel: 100 } }],
  ];
  const source = (code: string) =>
    family(
      { a: { code: 'a', heap: ['X, 8', `X+16, ${merging('sum', 8)}`] } },
      `${CELLS}
a:
${code}
exit:c
.align 8
nothing: .quad 0
leaf:
exit:c
${leaf}
${blocksOf('nowhere', { code: '8' })}
${blocksOf('wide', { code: 'leaf', heap: ['X, 8', 'Y, 8'], watched: ['X, 8', 'Y, 8'] })}
`,
    );

  test.each(CASES)('%s', (cause, code, options = {}) => {
    const result = runSource(source(code), options);

    expect(causes(result)).toEqual([cause]);
    expect(result.summary.faults[0]!.runner).toBe(childId(ROOT_ID, 0));
  });

  test('all but compartment-lost, which no program can bring about by itself (rule 12)', () => {
    expect([...CASES.map(([cause]) => cause), 'compartment-lost'].sort()).toEqual([...FAULT_CAUSES].sort());
  });

  test('a fault ends the runner as an abort and is final: others go on', () => {
    const result = runSource(
      family(
        { a: { code: 'a', heap: ['X, 8'] }, b: { code: 'b', heap: ['Y, 8'] } },
        `${CELLS}\na:\nmov $1, X\ndiv $1, $0, r1\nexit:c\nb:\nmov $1, Y\nexit:c\n`,
      ),
    );

    expect(result.summary.counts).toMatchObject({ committed: 2, faulted: 1, retries: 0 });
    expect([wordAt(result, X), wordAt(result, Y)]).toEqual([0n, 1n]);
  });

  test('a fault’s address is the effective address of the access, its cause that of the lowest offending byte', () => {
    const result = runSource(
      family(
        { a: { code: 'a', heap: ['X, 8'] } },
        `${CELLS}\na:\nmov $1, table-4\nexit:c\n.org 0x500000000\ntable: .quad 1\n`,
      ),
    );

    expect(result.summary.faults[0]!.fault).toMatchObject({
      cause: 'write-outside-ranges',
      address: 0x4_ffff_fffcn,
    });
  });

  test('the machine’s own limit on live runners faults the parent with too-many-children, the limit named', () => {
    const parent = family(
      { a: { code: 'a' } },
      `a:\n${new Array(6).fill(newrOf('leaf')).join('\n')}\nexit:c\nleaf:\nexit:c\n${leaf}`,
    );
    const refused = runSource(parent, limits({ runners: 5 }));

    expect(refused.summary.faults).toMatchObject([
      {
        runner: childId(ROOT_ID, 0),
        fault: { cause: 'too-many-children', detail: expect.stringMatching(/limit 5/) },
      },
    ]);
    expect(refused.summary.counts).toMatchObject({ committed: 1, faulted: 1 });
    expect(runSource(parent, limits({ runners: 7 })).summary.counts.committed).toBe(8);
  });

  test('a program that makes runners without end comes to one', () => {
    const bomb = `.entry main\nmain:\n${newrOf('n')}\n${newrOf('n')}\nexit:c\n${blocksOf('n', { code: 'main' })}`;
    const result = runSource(bomb, limits({ runners: 20 }));

    expect(new Set(causes(result))).toEqual(new Set(['too-many-children']));
  });
});

describe('newr: control blocks that a parent may not give', () => {
  const born = (child: Newborn) => {
    const result = runSource(
      family(
        { a: { code: 'a' } },
        `${CELLS}\na:\n${newrOf('child')}\nexit:c\nleaf:\nexit:c\n${blocksOf('child', child)}`,
      ),
    );
    return result.summary.faults.map(({ runner, fault }) => ({
      parent: runner === childId(ROOT_ID, 0),
      cause: fault.cause,
      detail: fault.detail,
    }));
  };

  test.each([
    ['a range that wraps', { heap: ['0xfffffffffffffff8, 16'] }, /wraps/],
    ['a range that leaves 46 bits', { heap: ['0x3ffffffffff8, 16'] }, /leaves the 46-bit/],
    ['a range that crosses RB', { heap: ['0x3fffffff8, 16'] }, /crosses the region boundary/],
    [
      'a range that lies below RB',
      { watched: ['0x100000000, 16'] },
      /watched range 0x100000000 \+ 0x10 lies below/,
    ],
    ['a stack below RB', { stack: '0x1000, 64' }, /stack 0x1000 \+ 0x40 lies below/],
    [
      'a stack that overlaps the child’s own heap',
      { stack: 'X, 64', heap: ['X+63, 8'] },
      /overlaps .* 0x60000003f/,
    ],
    ['a merge range that is not aligned', { heap: [`X+4, ${merging('sum', 8)}`] }, /aligned/],
    ['a merge range that is no number of words', { heap: [`X, ${merging('sum', 12)}`] }, /aligned/],
    ['an unknown merge type', { heap: ['X, (7 << 56) + 8'] }, /merge type 7/],
    [
      'heap ranges of different merge types that overlap',
      { heap: ['X, 16', `X+8, ${merging('sum', 8)}`] },
      /another merge type/,
    ],
    ['fi outside the shared region', { code: '0x1000' }, /first instruction/],
    ['a status address that is not aligned', { status: 'Y+4' }, /aligned/],
    ['a status address outside the shared region', { status: '0x1000' }, /outside the shared region/],
    [
      'a status record on memory that the machine itself writes',
      { status: '0x3f0000000000' },
      /machine itself writes/,
    ],
  ])('%s faults the parent, the range named', (_, child, detail) => {
    expect(born({ code: 'leaf', ...child })).toEqual([
      { parent: true, cause: 'bad-runner-control', detail: expect.stringMatching(detail) },
    ]);
  });

  test.each([
    ['zero length is ignored', { heap: ['0x1000, 0', 'X, 0'], watched: [], stack: '0x1000, 0' }],
    ['heap ranges are united', { heap: ['X, 16', 'X+8, 16', 'X+24, 8'] }],
    ['stacks of different runners may overlap', { stack: `${STACK}, 64` }],
    ['ranges need no alignment unless merged', { heap: ['X+1, 3'] }],
  ])('%s', (_, child) => {
    expect(born({ code: 'leaf', ...child })).toEqual([]);
  });

  test('an fi that is no instruction is the child’s fault at its start', () => {
    expect(born({ code: 'Y' })).toMatchObject([{ parent: false, cause: 'illegal-instruction' }]);
  });

  test('nothing of a refused newr is left: ctx.child and the children are as before', () => {
    const result = runSource(
      family(
        { a: { code: 'a', status: 'Y' } },
        `${CELLS}\na:\n${newrOf('child')}\n${newrOf('bad')}\nexit:c\nleaf:\nexit:c\n${blocksOf('child', { code: 'leaf' })}${blocksOf('bad', { code: '8' })}`,
      ),
    );

    expect(result.summary.counts.committed).toBe(1);
    expect(wordsAt(result, Y, 3)).toEqual([3n, BigInt.asIntN(64, childId(ROOT_ID, 0)), 11n]);
  });

  test('a runner may be its own child’s model: control blocks may lie in its heap and be written by it', () => {
    const source = `
${CELLS}
.heap blocks, 128
.entry main
main:
mov $1, blocks+16
mov $X, blocks+24
mov $8, blocks+32
mov $0, blocks+40
mov $leaf, blocks+48
mov $blocks, r1
mov $blocks+16, r2
mov $blocks+40, r3
mov $blocks+48, r4
newr r1, r2, r3, r4
exit:c
leaf:
mov $3, X
exit:c
.align 8
blocks: .space 128
`;

    expect(wordAt(runSource(source), X)).toBe(3n);
  });
});

describe('a runner’s private region', () => {
  const show = (count: number, code: string) =>
    family(
      { a: { code: 'a', stack: `${STACK}, 64`, heap: [`X, ${8 * count}`, 'Y, 8', 'Y+4, 60'] } },
      `${CELLS}\na:\n${code}\nexit:c\n`,
    );

  test('is zero at start, except its context words', () => {
    const words = ['stack', 'stack_size', 'heap_count', 'heap_list', 'id', 'seed', 'child'];
    const code = [...words.map((word) => `ctx.${word}`), '0x100001000', 'r0', 'r63']
      .map((name, i) => `mov ${name}, X+${8 * i}`)
      .join('\n');
    const id = childId(ROOT_ID, 0);

    expect(wordsAt(runSource(show(10, code)), X, 10)).toEqual([
      BigInt(STACK),
      64n,
      2n,
      0x1_0000_0800n,
      BigInt.asIntN(64, id),
      BigInt.asIntN(64, seedOf(0n, id)),
      0n,
      0n,
      0n,
      0n,
    ]);
  });

  test('ctx.heap_list: (base, length) of each heap range, united and sorted', () => {
    const code = [0, 8, 16, 24].map((at) => `mov ${at}(ctx.heap_list), X+${at}`).join('\n');

    expect(wordsAt(runSource(show(4, code)), X, 4)).toEqual([BigInt(X), 32n, BigInt(Y), 64n]);
  });

  test('ctx.heap_list shows merge ranges plainly, and without a stack its base is 0', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 24', `X+24, ${merging('max', 8)}`] } },
      `${CELLS}\na:\nmov ctx.heap_count, X\nmov 8(ctx.heap_list), X+8\nmov ctx.stack, X+16\nexit:c\n`,
    );

    expect(wordsAt(runSource(source), X, 3)).toEqual([1n, 32n, 0n]);
  });

  test('ports aside, all of these are ordinary private memory once the runner has started', () => {
    const result = runSource(show(2, 'mov $5, ctx.id\nadd ctx.id, $1, X\nmov $7, 0x200000000\nmov r0, X+8'));

    expect(wordsAt(result, X, 2)).toEqual([6n, 7n]);
  });

  test('reading a port gives 0; an access that overlaps a port counts as the port’s', () => {
    const result = runSource(
      show(1, 'mov $0x42, ctx.stdout+7:b\nmov ctx.stdout, X\nmov $0x4443, ctx.stdout-1:w'),
    );

    expect([textIn(result), wordAt(result, X)]).toEqual(['BCD', 0n]);
  });

  test('a store of n bytes to an output port appends those n bytes, little endian', () => {
    expect(textIn(runSource(show(1, 'mov $0x44434241, ctx.stdout:d\nmov $0x45, ctx.stdout:b')))).toBe(
      'ABCDE',
    );
  });

  test('a write in an individual runner’s private region does not affect the others’', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 8'] }, b: { code: 'a', heap: ['X+8, 8'] } },
      `${CELLS}\na:\nmov (ctx.heap_list), r1\nadd 0x100001000, $1, 0x100001000\nmov 0x100001000, (r1)\nexit:c\n`,
    );

    expect(wordsAt(runSource(source, { config: { rcomps: 1 } }), X, 2)).toEqual([1n, 1n]);
  });

  test('the words move with the region boundary: context at RB/4, registers at RB/2', () => {
    const source = `.rb 0x40000000
${family({ a: { code: 'a', heap: ['X, 24'] } }, `${CELLS}\na:\nmov $9, r1\nmov 0x20000008, X\nmov 0x10000120, X+8\nmov ctx.id, X+16\nexit:c\n`)}`;
    const result = runSource(source);
    const id = BigInt.asIntN(64, childId(ROOT_ID, 0));

    expect(wordsAt(result, X, 3)).toEqual([9n, id, id]);
  });

  test('without .stack the entry runner gets 64 KiB at 0x3e0000000000', () => {
    const source = `${CELLS}\n.heap X, 16\n.entry main\nmain:\nmov ctx.stack, X\nmov ctx.stack_size, X+8\nmov $1, 0x3e000000fff8\nexit:c\n`;

    expect(wordsAt(runSource(source), X, 2)).toEqual([0x3e00_0000_0000n, 0x1_0000n]);
  });
});

describe('fuel', () => {
  test('counts executed instructions of one attempt; a runner with just enough commits', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 8'] } },
      `${CELLS}\na:\nmov $1, r1\nmov r1, X\nexit:c\n`,
    );

    expect(causes(runSource(source, { config: { fuel: 3 } }))).toEqual([]);
    expect(causes(runSource(source, { config: { fuel: 2 } }))).toEqual(['fuel']);
  });
});

test('accesses are all or nothing: a store with one byte outside stores none', () => {
  const result = runSource(
    family({ a: { code: 'a', heap: ['X, 4'], status: 'Y' } }, `${CELLS}\na:\nmov $-1, X\nexit:c\n`),
  );

  expect(causes(result)).toEqual(['write-outside-ranges']);
  expect([wordAt(result, X), wordAt(result, SEEN)]).toEqual([0n, 0n]);
});
