/** docs/memory-model.md, rules 25 to 27, and the system words. */

import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { SimResult } from '../../sim/result.ts';
import { Machine } from '../../src/actors/node/machine.ts';
import { SYSTEM_WORDS } from '../../src/isa/layout.ts';
import { childId, ROOT_ID } from '../../src/memory/ids.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  causes,
  FIRST_IO,
  family,
  happened,
  type Newborn,
  newrOf,
  programOf,
  runOrders,
  runSource,
  textIn,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

describe('rule 25: status records', () => {
  /** A runner that ends as `ending` says and leaves its record at Y; another watches the record's first word. */
  const ending = (code: string, extra: Partial<Newborn> = {}) =>
    family(
      {
        w: { code: 'seen', watched: ['Y, 8'], heap: ['SEEN, 8'] },
        a: { code: 'a', heap: ['X, 8'], status: 'Y', ...extra },
      },
      `${CELLS}\nseen:\nmov Y, SEEN\nexit:c\na:\n${code}\n`,
    );
  const id = BigInt.asIntN(64, childId(ROOT_ID, 1));

  test('a runner that commits: state 1, its id, its own version', () => {
    const result = runSource(ending('mov $5, X\nexit:c'));
    const { version } = result.log.find(({ attempt }) => attempt.runner === childId(ROOT_ID, 1))!;

    expect(wordsAt(result, Y, 8)).toEqual([1n, id, 0n, 0n, 0n, BigInt(version), 0n, 0n]);
    expect([wordAt(result, X), wordAt(result, SEEN)]).toEqual([5n, 1n]);
    expect(result.summary.version).toBe(3);
  });

  test('a runner that aborts: state 2, and a version of its own', () => {
    const result = runSource(ending('mov $5, X\nexit:a'));

    expect(wordsAt(result, Y, 8)).toEqual([2n, id, 0n, 0n, 0n, 2n, 0n, 0n]);
    expect([wordAt(result, X), wordAt(result, SEEN)]).toEqual([0n, 2n]);
  });

  test('a runner that faults: state 3, the number of the cause, pc and address', () => {
    const result = runSource(ending('mov $5, X\nmov $1, X+100\nexit:c'));
    const { fault } = result.summary.faults[0]!;

    expect(fault).toMatchObject({ cause: 'write-outside-ranges', address: BigInt(X + 100) });
    expect(wordsAt(result, Y, 8)).toEqual([3n, id, 4n, BigInt(fault.pc), BigInt(X + 100), 2n, 0n, 0n]);
    expect([wordAt(result, X), wordAt(result, SEEN)]).toEqual([0n, 3n]);
  });

  test('a runner that is ended by conflict: state 4', () => {
    const source = family(
      Object.fromEntries(
        [0, 1, 2].map((i) => [`a${i}`, { code: 'count', heap: ['X, 8'], status: `Y+${64 * i}` }]),
      ),
      `${CELLS}\ncount:\nmov X, r1\n${wait('counting', 20)}\nadd r1, $1, X\nexit:c\n`,
    );
    const results = runOrders(source, 20, { config: { ...slices, onConflict: 'abort' } });
    const statesOf = (result: SimResult) => [0, 1, 2].map((i) => wordAt(result, Y + 64 * i));

    expect(results.flatMap(statesOf)).toContain(4n);
    for (const result of results) {
      const states = statesOf(result);
      expect(states.filter((state) => state === 1n)).toHaveLength(Number(wordAt(result, X)));
      expect(states.filter((state) => state !== 1n && state !== 4n)).toEqual([]);
      for (const i of [0, 1, 2]) {
        const version = wordAt(result, Y + 64 * i + 40);
        expect(result.log[Number(version) - 1]!.attempt.runner).toBe(childId(ROOT_ID, i));
      }
    }
  });

  test('written by the master outside the runner’s written set, never validated: it conflicts with nobody’s snapshot', () => {
    const source = family(
      {
        a: { code: 'slow', heap: ['Y, 64', 'X, 8'], status: 'Y' },
        b: { code: 'store', heap: ['Y, 8'] },
      },
      `${CELLS}\nslow:\n${wait('slowly')}\nmov $1, X\nexit:c\nstore:\nmov $9, Y\nexit:c\n`,
    );
    const results = runOrders(source, 40, { config: slices });
    const losers = results.flatMap((result) =>
      happened(result, 'conflict').map(({ attempt }) => attempt.runner),
    );

    expect(losers).not.toContain(childId(ROOT_ID, 0));
    for (const result of results) expect([1n, 9n]).toContain(wordAt(result, Y));
  });

  test('but who wrote those bytes since is in conflict with it', () => {
    const source = family(
      { a: { code: 'leave', status: 'Y' }, b: { code: 'store', heap: ['Y, 8'] } },
      `${CELLS}\nleave:\nexit:c\nstore:\n${wait('storing')}\nmov $9, Y\nexit:c\n`,
    );
    const results = runOrders(source, 40, { config: slices });

    expect(results.flatMap((result) => happened(result, 'conflict')).length).toBeGreaterThan(0);
    for (const result of results) expect(wordAt(result, Y)).toBeOneOf([1n, 9n]);
  });

  test('nothing is stored for runners that ask for none', () => {
    const result = runSource(family({ a: { code: 'a' } }, 'a:\nexit:a\n'));

    expect(result.summary.version).toBe(1);
    expect(result.log.flatMap(({ record }) => record)).toEqual([]);
  });

  test('each activation of a persistent watcher leaves a record', () => {
    const source = family(
      {
        w: { code: 'seen', watched: ['X, 8'], persistent: true, status: 'Y' },
        a: { code: 'write', heap: ['X, 8'] },
      },
      `${CELLS}\nseen:\nexit:c\nwrite:\nmov $1, X\nexit:c\n`,
    );
    const activation = childId(childId(ROOT_ID, 0), 0);

    expect(wordsAt(runSource(source), Y, 2)).toEqual([1n, BigInt.asIntN(64, activation)]);
  });
});

describe('rule 26: output', () => {
  const speakers = family(
    Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { code: `say.${name}`, heap: ['X, 8'] }])),
    `${CELLS}
${['a', 'b', 'c']
  .map(
    (name) => `
say.${name}:
mov $'${name}', ctx.stdout:b
mov $'${name}', ctx.stderr:b
mov X, r1
${wait(`saying.${name}`, 10)}
add r1, $1, X
mov $'\\n', ctx.stdout:b
exit:c
`,
  )
  .join('')}`,
  );

  test('an attempt’s stores to a port are its outbox, part of its commit: in commit order, whole, once', () => {
    const results = runOrders(speakers, 40, { config: slices, duplicates: true });

    for (const result of results) {
      const order = result.log
        .map(({ attempt }) => ['a', 'b', 'c'].find((_, i) => attempt.runner === childId(ROOT_ID, i)))
        .filter((name) => name !== undefined);
      expect(textIn(result)).toBe(order.map((name) => `${name}\n`).join(''));
      expect(textIn(result, 'stderr')).toBe(order.join(''));
    }
    expect(new Set(results.map((result) => textIn(result))).size).toBeGreaterThan(1);
  });

  test('the byte offset of each commit’s output in a channel is a function of the log', () => {
    for (const result of runOrders(speakers, 10, { config: slices })) {
      const sent = result.sent.flatMap(({ to, message }) =>
        message.type === 'output' ? [{ io: to.id, message }] : [],
      );
      for (const io of [0, 1]) {
        const offsets = sent
          .filter((one) => one.io === io)
          .sort((a, b) => a.message.version - b.message.version);
        let offset = 0;
        for (const { message } of offsets) {
          expect(message.offset).toBe(offset);
          offset += message.bytes.length;
        }
      }
    }
  });

  test('nothing of it is outside before the commit is decided', () => {
    for (const result of runOrders(speakers, 20, { config: slices })) {
      for (const { decided, message } of result.sent)
        if (message.type === 'output') expect(message.version).toBeLessThanOrEqual(decided);
    }
  });

  test('--out: committed bytes reach the file before the program’s end is reported', () => {
    const ios = [{ type: 'out-file', file: { base: X, length: 16, io: FIRST_IO } }] as const;
    const source = family(
      {
        a: { code: 'write', heap: ['X, 16'] },
        b: { code: 'abort', heap: ['X, 16'] },
      },
      `${CELLS}\nwrite:\nmov $0x4142, X+3:w\nmov $1, X+8\nexit:c\nabort:\nmov $-1, X\nexit:a\n`,
    );
    for (const result of runOrders(source, 10, { config: slices, ios, duplicates: true }))
      expect([...result.written[FIRST_IO]!]).toEqual([0, 0, 0, 0x42, 0x41, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });
});

describe('rule 27: an input stream of capacity C', () => {
  const RING = 0x6_0040_0000;
  const CAPACITY = 24;
  const ios = [{ type: 'stream', stream: { base: RING, length: 64 + CAPACITY, io: FIRST_IO } }] as const;
  const given = (count: number) =>
    new Map([[FIRST_IO, Uint8Array.from({ length: count }, (_, i) => 97 + (i % 26))]]);

  /**
   * Copies each byte that has arrived to standard output, then writes the cursor. The entry runner looks first: what
   * its snapshot holds does not fire the watcher that it creates.
   */
  const consumer = `
${CELLS}
.equ RING, ${RING}
.heap RING, ${64 + CAPACITY}
.heap X, 8
.entry main
main:
bl consume, r63
br:nz RING+8, over
${newrOf('w')}
over:
exit:c
seen:
bl consume, r63
br:nz RING+8, last
exit:c
last:
exit:cd
consume:
add X, $1, X
mov RING+16, r1
next:
br:ge r1, RING, consumed
rem r1, $${CAPACITY}, r2
add r2, $RING+64, r3
mov (r3):b, ctx.stdout:b
add r1, $1, r1
br:j next
consumed:
mov r1, RING+16
br:j (r63)
${blocksOf('w', {
  code: 'seen',
  watched: [`RING, ${64 + CAPACITY}`],
  heap: ['RING+16, 8', 'X, 8'],
  persistent: true,
})}
`;

  test('word 0 counts the bytes that have arrived in all, word 1 is 1 at the end, data from +64 as a ring', () => {
    const inputs = given(100);
    for (const result of runOrders(consumer, 30, { config: slices, ios, inputs, duplicates: true })) {
      expect(textIn(result)).toBe(new TextDecoder().decode(inputs.get(FIRST_IO)));
      expect(wordsAt(result, RING, 3)).toEqual([100n, 1n, 100n]);
      expect(result.summary.counts.watching).toBe(0);
    }
  });

  test('a ring that the I/O actor never overruns', () => {
    for (const result of runOrders(consumer, 30, { config: slices, ios, inputs: given(100) })) {
      let arrived = 0n;
      let cursor = 0n;
      for (const { patches } of result.log) {
        const word = (address: number) =>
          patches.flatMap(({ runs }) => runs).find((run) => run.address === address)?.bytes;
        const count = word(RING);
        const consumed = word(RING + 16);
        if (count) arrived = new DataView(count.buffer, count.byteOffset, 8).getBigUint64(0, true);
        if (consumed) cursor = new DataView(consumed.buffer, consumed.byteOffset, 8).getBigUint64(0, true);
        expect(arrived - cursor).toBeLessThanOrEqual(BigInt(CAPACITY));
      }
    }
  });

  test.each([
    ['word 0', 0],
    ['word 1', 8],
    ['what lies between the words and the ring', 24],
    ['the ring', 64],
  ])('the cursor is the only word there that runners write: not %s', (_, offset) => {
    const source = family(
      { a: { code: 'a', heap: [`${RING}, ${64 + CAPACITY}`] } },
      `a:\nmov $1, ${RING + offset}\nexit:c\n`,
    );

    expect(causes(runSource(source, { ios }))).toEqual(['write-to-read-only']);
  });

  test('a cursor beyond what has arrived, or one that goes back, frees nothing', () => {
    const source = consumer
      .replace('mov r1, RING+16', 'mov $1000000, RING+16')
      .replaceAll('br:nz RING+8', '#');
    const result = runSource(source, { ios, inputs: given(100) });

    expect(wordAt(result, RING)).toBe(BigInt(CAPACITY));
  });

  test('arrivals and the end are commits of the I/O actor, with versions of their own', () => {
    const result = runSource('.entry main\nmain:\nexit:c\n', { ios, inputs: given(10) });
    const arrivals = result.log.filter(({ attempt }) => attempt.runner < 256n);

    expect(arrivals.map(({ attempt }) => attempt.number)).toEqual(arrivals.map((_, i) => i + 1));
    expect(result.log.map(({ version }) => version)).toEqual(result.log.map((_, i) => i + 1));
    expect(wordsAt(result, RING, 2)).toEqual([10n, 1n]);
  });

  test('the cursor and the output are those of the attempt: nothing is consumed by one that faults', () => {
    const source = consumer.replace('mov r1, RING+16', 'mov r1, RING+16\nmov $1, SEEN');
    const result = runSource(source, { ios, inputs: given(10) });

    expect(causes(result)).toEqual(['write-outside-ranges']);
    expect(wordAt(result, RING + 16)).toBe(0n);
    expect(textIn(result)).toBe('');
  });
});

describe('signals: system words count events', () => {
  test.each(Object.entries(SYSTEM_WORDS))('%s, readable and watchable by all', async (name, address) => {
    const source = family(
      { w: { code: 'seen', watched: [`${address}, 8`], heap: ['SEEN, 8'] } },
      `${CELLS}\nseen:\nmov ${address}, SEEN\nexit:c\n`,
    );
    // An open input keeps the program alive until the event has been seen.
    const input = new Readable({ read() {} });
    await using machine = new Machine(programOf(source), { stdin: { base: Y, length: 128, source: input } });
    machine.on('runner', ({ state }) => {
      if (state === 'watching') machine.raise(name as keyof typeof SYSTEM_WORDS);
    });
    machine.on('commit', ({ spans }) => {
      if (spans.some(({ base }) => base === SEEN)) input.push(null);
    });
    await machine.run();

    expect(await machine.readWord(SEEN, 'q')).toBe(1n);
  });
});

test('a runner’s file descriptors are addresses: each channel has its own port', () => {
  const source = `.entry main\nmain:\nmov $0x21, ctx.stderr:b\nmov ctx.stdout, r1\nadd r1, $0x41, ctx.stdout:b\n${newrOf('a')}\nexit:c\na:\nexit:c\n${blocksOf('a', { code: 'a' })}`;
  const result = runSource(source);

  expect([textIn(result), textIn(result, 'stderr')]).toEqual(['A', '!']);
});
