/** docs/memory-model.md, rules 15 to 19. */

import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { SimResult } from '../../sim/result.ts';
import { Machine } from '../../src/actors/node/machine.ts';
import { childId, ROOT_ID } from '../../src/memory/ids.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  causes,
  FIRST_IO,
  family,
  happened,
  newrOf,
  programOf,
  runOrders,
  runSource,
  textIn,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

/** Where tests put stacks. */
const STACK = 0x7_0000_0000;

describe('rule 15: states', () => {
  const statesOf = (result: SimResult, runner: bigint) =>
    happened(result, 'runner')
      .filter((event) => event.runner === runner)
      .map(({ state }) => state);

  test('created → schedulable → running → finished; created → watching → schedulable for watchers', () => {
    const result = runSource(
      family(
        { w: { code: 'leave', watched: ['X, 8'] }, a: { code: 'write', heap: ['X, 8'] } },
        `${CELLS}\nleave:\nexit:c\nwrite:\nmov $1, X\nexit:c\n`,
      ),
    );

    expect(statesOf(result, childId(ROOT_ID, 1))).toEqual(['created', 'schedulable', 'running', 'finished']);
    expect(statesOf(result, childId(ROOT_ID, 0))).toEqual([
      'created',
      'watching',
      'schedulable',
      'schedulable',
      'running',
      'finished',
    ]);
  });

  test('newborns become schedulable, or watching, in the step that decides the parent’s commit', () => {
    const source = family(
      { w: { code: 'leave', watched: ['X, 8'] }, a: { code: 'leave' } },
      `${CELLS}\nleave:\nexit:c\n`,
    );
    for (const result of runOrders(source, 5, { config: slices })) {
      const decided = result.trace.find(({ event }) => event.type === 'commit')!;
      for (const [index, state] of [
        [0, 'watching'],
        [1, 'schedulable'],
      ] as const) {
        const born = result.trace.find(
          ({ event }) =>
            event.type === 'runner' && event.runner === childId(ROOT_ID, index) && event.state === state,
        )!;
        expect(born.step).toBe(decided.step);
      }
    }
  });

  test('with an attempt that was not decided they never existed', () => {
    const source = family(
      { a: { code: 'a', heap: ['X, 8'] }, b: { code: 'a', heap: ['X, 8'] } },
      `${CELLS}
a:
${newrOf('leaf')}
${wait('wait', 10)}
add X, $1, X
exit:c
leaf:
exit:c
${blocksOf('leaf', { code: 'leaf' })}
`,
    );
    const results = runOrders(source, 20, { config: slices });

    expect(results.some((result) => happened(result, 'conflict').length > 0)).toBe(true);
    for (const result of results) {
      const created = happened(result, 'runner').filter(({ state }) => state === 'created');
      expect(created).toHaveLength(5);
    }
  });

  test('any depth: a chain of a thousand generations', () => {
    const source = `
${CELLS}
.heap X, 8
.entry main
main:
add X, $1, X
br:ge X, $1000, last
${newrOf('next')}
last:
exit:c
${blocksOf('next', { code: 'main', heap: ['X, 8'] })}
`;

    expect(wordAt(runSource(source), X)).toBe(1000n);
  });

  test('a child’s id is a function of (parent’s id, its index)', () => {
    const source = `
${CELLS}
.heap X, 24
.entry main
main:
mov ctx.id, X
${newrOf('leaf')}
mov ctx.child, X+8
${newrOf('leaf')}
mov ctx.child, X+16
exit:c
leaf:
exit:c
${blocksOf('leaf', { code: 'leaf' })}
`;
    const ids = [ROOT_ID, childId(ROOT_ID, 0), childId(ROOT_ID, 1)];
    for (const result of runOrders(source, 3, { config: slices }))
      expect(wordsAt(result, X, 3)).toEqual(ids.map((id) => BigInt.asIntN(64, id)));
  });
});

describe('rule 16: stack', () => {
  test('a child’s image is, byte by byte, what the parent wrote there; else the parent’s own image where the stacks overlap; else 0', () => {
    const source = `
${CELLS}
.entry main
main:
${newrOf('parent')}
mov $0x1111111111111111, ${STACK}
mov $0x2222222222222222, ${STACK + 8}
exit:c
parent:
${newrOf('child')}
mov $0x33, ${STACK + 9}:b
exit:c
child:
mov ${STACK + 8}, X
mov ${STACK + 16}, X+8
exit:c
${blocksOf('parent', { code: 'parent', stack: `${STACK}, 16` })}
${blocksOf('child', { code: 'child', stack: `${STACK + 8}, 16`, heap: ['X, 16'] })}
`;

    expect(wordsAt(runSource(source), X, 2)).toEqual([0x2222222222223322n, 0n]);
  });

  test('shared content beneath a stack is never seen', () => {
    const source = `
${CELLS}
.heap ${STACK}, 8
.entry main
main:
mov $5, ${STACK}
${newrOf('middle')}
exit:c
middle:
${newrOf('child')}
exit:c
child:
mov ${STACK}, X
exit:c
${blocksOf('middle', { code: 'middle' })}
${blocksOf('child', { code: 'child', stack: `${STACK}, 8`, heap: ['X, 8'] })}
`;
    const result = runSource(source);

    expect([wordAt(result, STACK), wordAt(result, X)]).toEqual([5n, 0n]);
  });

  test('a runner’s stack changes are always dropped', () => {
    const result = runSource(
      family({ a: { code: 'a', stack: `${STACK}, 16` } }, `a:\nmov $1, ${STACK}\nexit:c\n`),
    );

    expect(wordAt(result, STACK)).toBe(0n);
  });

  test('overlapping stacks, also a child’s on its parent’s, are well defined: each has its own image', () => {
    const source = `
${CELLS}
.entry main
main:
${newrOf('a')}
mov $1, ${STACK}
${newrOf('b')}
mov $2, ${STACK + 8}
exit:c
show.a:
add ${STACK}, ${STACK + 8}, X
mov $100, ${STACK}
exit:c
show.b:
add ${STACK + 8}, ${STACK}, X+8
mov $100, ${STACK + 8}
exit:c
${blocksOf('a', { code: 'show.a', stack: `${STACK}, 16`, heap: ['X, 8'] })}
${blocksOf('b', { code: 'show.b', stack: `${STACK}, 16`, heap: ['X+8, 8'] })}
`;
    for (const result of runOrders(source, 10, { config: slices }))
      expect(wordsAt(result, X, 2)).toEqual([3n, 3n]);
  });

  test('bytes that also lie in the parent’s heap are committed too, and there the parent reads its heap', () => {
    const source = `
${CELLS}
.heap ${STACK}, 8
.heap X, 32
.entry main
main:
mov $5, ${STACK}
${newrOf('middle')}
exit:c
middle:
${newrOf('child')}
mov ${STACK}, X
mov ${STACK + 8}, X+8
mov $6, ${STACK}
mov $7, ${STACK + 8}
exit:c
child:
mov ${STACK}, X+16
mov ${STACK + 8}, X+24
exit:c
${blocksOf('middle', { code: 'middle', heap: [`${STACK}, 8`, 'X, 16'] })}
${blocksOf('child', { code: 'child', stack: `${STACK}, 16`, heap: ['X+16, 16'] })}
`;
    const result = runSource(source);

    expect(wordsAt(result, X, 4)).toEqual([5n, 0n, 6n, 7n]);
    expect(wordsAt(result, STACK, 2)).toEqual([6n, 0n]);
  });

  test('elsewhere it reads the image, also over assembled bytes', () => {
    const source = `
${CELLS}
.heap X, 16
.entry main
main:
mov table, X
${newrOf('child')}
mov table, X+8
exit:c
child:
exit:c
${blocksOf('child', { code: 'child', stack: 'table, 8' })}
table: .quad 42
`;

    expect(wordsAt(runSource(source), X, 2)).toEqual([42n, 0n]);
  });
});

describe('rule 17: declared ranges are the contract', () => {
  const of = (code: string, newborn = {}) =>
    family({ a: { code: 'a', ...newborn } }, `${CELLS}\na:\n${code}\nexit:c\ntable: .quad 42\n`);

  test.each([
    ['heap: read and write, committed', 'add X, $1, X', { heap: ['X, 8'] }, []],
    ['stack: read and write, dropped', `add ${STACK}, $1, ${STACK}`, { stack: `${STACK}, 8` }, []],
    [
      'watched ranges that are heap, too, are written',
      'add X, $1, X',
      { heap: ['X, 8'], watched: ['X, 8'] },
      [],
    ],
    ['assembled bytes: readable by all, undeclared', 'mov table, r1', {}, []],
    ['and not written', 'mov $1, table', {}, ['write-to-read-only']],
    ['system words: readable by all', 'mov 0x3f0000000010, r1', {}, []],
    ['system words: not written', 'mov $1, 0x3f0000000010', {}, ['write-to-read-only']],
    [
      'system words: not even as heap',
      'mov $1, 0x3f0000000010',
      { heap: ['0x3f0000000010, 8'] },
      ['write-to-read-only'],
    ],
    ['anything else is a fault: read', 'mov Y, r1', { heap: ['X, 8'] }, ['read-outside-ranges']],
    ['anything else is a fault: write', 'mov $1, Y', { heap: ['X, 8'] }, ['write-outside-ranges']],
    ['one byte outside is enough', 'mov X+1, r1', { heap: ['X, 8'] }, ['read-outside-ranges']],
  ])('%s', (_, code, newborn, expected) => {
    const result = runSource(withWriter(of(code, newborn)));

    expect(causes(result)).toEqual(expected);
    expect(result.summary.counts.committed).toBe(3 - expected.length);
  });

  test('watched ranges: read only, unless also heap', () => {
    const result = runSource(withWriter(of('mov X, r1\nmov $1, X', { watched: ['X, 8'] })));

    expect(causes(result)).toEqual(['write-to-read-only']);
  });

  test('--in files: readable by all, undeclared, never written', () => {
    const ios = [{ type: 'in-file', file: { base: Y, length: 12, io: FIRST_IO } }] as const;
    const inputs = new Map([[FIRST_IO, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)]]);
    const result = runSource(
      family(
        { read: { code: 'read', heap: ['X, 8'] }, write: { code: 'write', heap: ['Y, 8'] } },
        `${CELLS}\nread:\nmov Y+4, X\nexit:c\nwrite:\nmov $1, Y\nexit:c\n`,
      ),
      { ios, inputs },
    );

    expect(wordAt(result, X)).toBe(0x0c0b0a0908070605n);
    expect(causes(result)).toEqual(['write-to-read-only']);
  });

  test('with --lazy-reads reads elsewhere extend the snapshot at the same sv; writes elsewhere still fault', () => {
    const config = { ...slices, lazyReads: true };

    expect(causes(runSource(of('mov Y, r1'), { config }))).toEqual([]);
    expect(causes(runSource(of('mov $1, Y'), { config }))).toEqual(['write-outside-ranges']);
  });
});

/** With another runner that writes X. */
function withWriter(source: string): string {
  return `
${source.replace('main:', () => `main:\n${newrOf('writer')}`)}
writer:
mov $9, X
exit:c
${blocksOf('writer', { code: 'writer', heap: ['X, 8'] })}
`;
}

describe('rule 18: instructions', () => {
  /** `exit:c` and a branch into copies of it. */
  const copy = (newborn: object, code: string, ending = '') =>
    family({ a: { code: 'a', ...newborn } }, `${CELLS}\na:\n${code}\nexit:c\nleave: exit:a\n${ending}`);

  test.each([
    ['the private region', 'mov leave:ud, 0x100001000\nbr:j 0x100001000', {}],
    ['a stack', `mov leave:ud, ${STACK}\nbr:j ${STACK}`, { stack: `${STACK}, 64` }],
    ['what the attempt has written', 'mov leave:ud, X\nbr:j X', { heap: ['X, 64'] }],
    ['what it may not read', 'br:j Y', {}],
  ])(
    'come from shared bytes that the attempt may read and has not written, never from %s',
    (_, code, newborn) => {
      const [fault] = runSource(copy(newborn, code)).summary.faults;

      expect(fault!.fault.cause).toBe('bad-branch-target');
    },
  );

  test('a child’s stack over code hides the code', () => {
    const result = runSource(
      copy({}, `${newrOf('child')}\nbr:j leave`, blocksOf('child', { code: 'leave', stack: 'leave, 8' })),
    );

    expect(causes(result)).toEqual(['bad-branch-target']);
  });

  test('code that a runner rewrites through a heap range is executed by later runners', () => {
    const source = `
${CELLS}
.heap patch, 64
.heap X, 8
.entry main
main:
mov second:q, patch
mov second+8:q, patch+8
mov second+16:q, patch+16
mov second+24:q, patch+24
${newrOf('child')}
exit:c
.align 64
patch: .space 64
.align 64
second:
mov $22, X
exit:c
.space 16
${blocksOf('child', { code: 'patch', heap: ['X, 8', 'patch, 64'] })}
`;

    expect(wordAt(runSource(source), X)).toBe(22n);
  });
});

describe('rule 19: the end of a program', () => {
  const waiting = family(
    {
      w: { code: 'leave', watched: ['X, 8', 'Y, 16'], heap: ['SEEN, 8'] },
      v: { code: 'leave', watched: ['SEEN, 8'], heap: ['X+4, 8'] },
    },
    `${CELLS}\nleave:\nexit:c\n`,
  );

  test('remaining watchers are reported, each with its ranges and who could write them', () => {
    for (const result of runOrders(waiting, 5)) {
      const [w, v] = [0, 1].map((index) => childId(ROOT_ID, index));
      expect(result.summary.watchers).toEqual([
        {
          id: w,
          fi: expect.any(Number),
          ranges: [
            { base: X, length: 8 },
            { base: Y, length: 16 },
          ],
          writers: [v],
          ended: false,
        },
        { id: v, fi: expect.any(Number), ranges: [{ base: SEEN, length: 8 }], writers: [w], ended: false },
      ]);
      expect(result.summary.counts.watching).toBe(2);
    }
  });

  test('a watcher that a decided commit touches counts as schedulable from the step that decided it', () => {
    const source = family(
      { w: { code: 'seen', watched: ['X, 8'], heap: ['SEEN, 8'] }, a: { code: 'write', heap: ['X, 8'] } },
      `${CELLS}\nseen:\nmov $1, SEEN\nexit:c\nwrite:\nmov $1, X\nexit:c\n`,
    );
    for (const result of runOrders(source, 40, { config: slices })) {
      expect(wordAt(result, SEEN)).toBe(1n);
      const commit = result.trace.find(
        ({ event }) => event.type === 'commit' && event.spans.some(({ base }) => base === X),
      )!;
      const fired = result.trace.find(({ event }) => event.type === 'fired')!;
      expect(fired.step).toBe(commit.step);
    }
  });

  const RING = 0x6_0040_0000;
  const stream = (length: number) =>
    [{ type: 'stream', stream: { base: RING, length, io: FIRST_IO } }] as const;
  const bytes = (count: number) => new Map([[FIRST_IO, new Uint8Array(count).fill(65)]]);

  test('an open input keeps a program alive; watchers that wait only on ended inputs are reported but are no error', () => {
    const source = family(
      { w: { code: 'leave', watched: [`${RING}, 16`], persistent: true } },
      `${CELLS}\nleave:\nexit:c\n`,
    );
    const result = runSource(source, { ios: stream(64 + 100), inputs: bytes(50) });

    expect(result.summary.watchers).toMatchObject([{ ended: true }]);
    expect(wordsAt(result, RING, 2)).toEqual([50n, 1n]);
  });

  test('a full ring that nobody consumes does not keep it alive', () => {
    const result = runSource('.entry main\nmain:\nexit:c\n', { ios: stream(64 + 16), inputs: bytes(50) });

    expect(wordsAt(result, RING, 2)).toEqual([16n, 0n]);
  });

  test('a timer keeps it alive only while a watcher watches the timer word', async () => {
    const leave = '\nleave:\nexit:c\n';
    const ticking = { tick: 2 ** 31 - 1 };
    await using idle = new Machine(programOf(`.entry leave\n${leave}`), ticking);
    expect((await idle.run()).status).toBe('done');

    await using machine = new Machine(
      programOf(family({ w: { code: 'leave', watched: ['0x3f0000000010, 8'] } }, leave)),
      ticking,
    );
    machine.on('runner', ({ state }) => {
      if (state === 'watching') machine.raise('timerTicks');
    });
    const report = await machine.run();
    expect([report.status, report.runners.committed]).toEqual(['done', 2]);
  });

  test('an input that is still open when the runners are done is waited for', async () => {
    const source = family(
      { w: { code: 'seen', watched: [`${RING}, 8`], heap: ['SEEN, 8'] } },
      `${CELLS}\nseen:\nmov ${RING}, SEEN\nexit:c\n`,
    );
    const input = new Readable({ read() {} });
    await using machine = new Machine(programOf(source), {
      stdin: { base: RING, length: 128, source: input },
    });
    machine.on('runner', ({ state }) => {
      if (state !== 'watching') return;
      input.push('abc');
      input.push(null);
    });
    await machine.run();

    expect(await machine.readWord(SEEN, 'q')).toBe(3n);
  });

  test('output of a program that is over is outside', () => {
    const result = runSource(".entry main\nmain:\nmov $'!', ctx.stdout:b\nexit:c\n");

    expect(textIn(result)).toBe('!');
  });
});
