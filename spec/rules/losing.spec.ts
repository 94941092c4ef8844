/** docs/memory-model.md, rules 9 to 14. */

import { describe, expect, test } from 'vitest';
import { seeded } from '../../sim/random.ts';
import type { SimResult } from '../../sim/result.ts';
import { createActor } from '../../src/actors/actor.ts';
import { CELLS, SEEN, slices, wait, X, Y } from '../support/cells.ts';
import {
  blocksOf,
  causes,
  family,
  happened,
  newrOf,
  runOrders,
  runSource,
  type ScenarioOptions,
  textIn,
  wordAt,
  wordsAt,
} from '../support/scenario.ts';

/** Runners that each add one to X after a while. */
function counters(count: number): string {
  return `
${CELLS}
.entry main
main:
${Array.from({ length: count }, () => newrOf('n')).join('\n')}
exit:c
count:
mov X, r1
${wait('wait', 20)}
add r1, $1, X
exit:c
${blocksOf('n', { code: 'count', heap: ['X, 8'] })}
`;
}

/** Kills the only RComp whenever it has executed for a while, `deaths` times in all. */
function dying(deaths: number): ScenarioOptions {
  let slicesSince = 0;
  return {
    deaths,
    config: { rcomps: 1, slice: 3 },
    create: (init) => {
      const { actor, effects } = createActor(init);
      if (init.kind !== 'rcomp') return { actor, effects };
      const receive = (message: Parameters<typeof actor.receive>[0]) => {
        if (message.type === 'slice') slicesSince += 1;
        return actor.receive(message);
      };
      return { actor: { receive }, effects };
    },
    choose: (n) => {
      if (n !== 128 || slicesSince < 5) return 0;
      slicesSince = 0;
      return n - 1;
    },
  };
}

describe('rule 9: the loser runs again by itself', () => {
  test('same id, next attempt, fresh snapshot', () => {
    for (const result of runOrders(counters(4), 15, { config: slices })) {
      const starts = happened(result, 'start');
      for (const lost of happened(result, 'conflict')) {
        const next = starts.find(
          ({ attempt }) =>
            attempt.runner === lost.attempt.runner && attempt.number === lost.attempt.number + 1,
        );
        expect(next!.sv).toBeGreaterThanOrEqual(lost.with.version);
      }
      expect(wordAt(result, X)).toBe(4n);
      expect(result.summary.counts.retries).toBe(result.summary.counts.conflicts);
    }
  });

  test('same stack image', () => {
    const source = `
${CELLS}
.entry main
main:
${newrOf('a')}
mov $77, 0x700000000
${newrOf('b')}
mov $78, 0x700001000
exit:c
child:
mov (ctx.stack), r1
add (ctx.stack), $1, (ctx.stack)
mov X, r2
${wait('wait')}
add r2, r1, X
exit:c
${blocksOf('a', { code: 'child', stack: '0x700000000, 64', heap: ['X, 8'] })}
${blocksOf('b', { code: 'child', stack: '0x700001000, 64', heap: ['X, 8'] })}
`;
    const results = runOrders(source, 30, { config: slices });

    expect(results.some((result) => happened(result, 'conflict').length > 0)).toBe(true);
    for (const result of results) expect(wordAt(result, X)).toBe(155n);
  });

  test('every effect of a runner is buffered, so nobody can tell', () => {
    const source = `
${CELLS}
.entry main
main:
${newrOf('a')}
${newrOf('b')}
exit:c
say:
mov $'x', ctx.stdout:b
add X, $1, X
${newrOf('leaf')}
exit:c
leaf:
add Y, $1, Y
exit:c
${blocksOf('a', { code: 'say', heap: ['X, 8'] })}
${blocksOf('b', { code: 'say', heap: ['X, 8'] })}
${blocksOf('leaf', { code: 'leaf', heap: ['Y, 8'] })}
`;
    const results = runOrders(source, 30, { config: slices });

    expect(results.some((result) => happened(result, 'conflict').length > 0)).toBe(true);
    for (const result of results) {
      expect(textIn(result)).toBe('xx');
      expect(wordAt(result, Y)).toBe(2n);
    }
  });

  test('--on-conflict=abort gives the paper’s bare reading: ended with conflict', () => {
    const results = runOrders(counters(3), 20, { config: { ...slices, onConflict: 'abort' } });
    const ends = results.map(
      (result) => happened(result, 'runner').filter(({ end }) => end === 'conflict').length,
    );

    expect(Math.max(...ends)).toBeGreaterThan(0);
    results.forEach((result, i) => {
      expect(wordAt(result, X)).toBe(BigInt(3 - ends[i]!));
      expect(result.summary.counts.retries).toBe(0);
      expect(result.summary.counts.conflicts).toBe(ends[i]);
    });
  });
});

describe('rule 10: no livelock', () => {
  test('after so many lost attempts a runner is starving until it has finished', () => {
    const results = runOrders(counters(6), 20, { config: { ...slices, rcomps: 6, starvingAfter: 2 } });
    const starved = results.flatMap((result) => happened(result, 'starving'));

    expect(starved.filter(({ starving }) => starving).length).toBeGreaterThan(0);
    for (const result of results) {
      const events = happened(result, 'starving');
      for (const { runner } of events.filter(({ starving }) => starving)) {
        const losses = happened(result, 'conflict').filter(({ attempt }) => attempt.runner === runner).length;
        expect(losses).toBeGreaterThanOrEqual(2);
        expect(events.filter((event) => event.runner === runner).map(({ starving }) => starving)).toEqual([
          true,
          false,
        ]);
      }
    }
  });

  test('after 8 where nobody says otherwise', () => {
    const results = runOrders(counters(14), 12, { config: { ...slices, rcomps: 14 } });
    const losses = results.flatMap((result) =>
      happened(result, 'starving')
        .filter(({ starving }) => starving)
        .map(
          ({ runner }) =>
            result.trace.filter(({ event }) => event.type === 'conflict' && event.attempt.runner === runner)
              .length,
        ),
    );

    expect(losses.length).toBeGreaterThan(0);
    expect(Math.min(...losses)).toBeGreaterThanOrEqual(8);
  });

  test('the master delays the start of runners whose declared ranges overlap its own', () => {
    for (const result of runOrders(counters(6), 20, { config: { ...slices, rcomps: 6, starvingAfter: 1 } })) {
      const starving = new Set<bigint>();
      for (const { event } of result.trace) {
        if (event.type === 'starving') {
          if (event.starving) starving.add(event.runner);
          else starving.delete(event.runner);
        }
        if (event.type === 'runner' && event.state === 'running' && starving.size > 0)
          expect(starving).toContain(event.runner);
      }
    }
  });

  test('others go on', () => {
    const source = `
${counters(5)}
other:
${wait('elsewhere', 10)}
mov $1, SEEN
exit:c
${blocksOf('other', { code: 'other', heap: ['SEEN, 8'] })}
`.replace('main:', `main:\n${newrOf('other')}\n`);

    for (const result of runOrders(source, 10, { config: { ...slices, starvingAfter: 1 } })) {
      expect(wordAt(result, SEEN)).toBe(1n);
      expect(wordAt(result, X)).toBe(5n);
    }
  });

  test.each([
    ['a fault', 'div $1, $0, r1'],
    ['an abort', 'exit:a'],
  ])('until it has finished, however it ends: %s', (_, ending) => {
    const source = `
${CELLS}
.entry main
main:
${Array.from({ length: 5 }, () => newrOf('n')).join('\n')}
exit:c
count:
mov X, r1
${wait('wait', 20)}
br:ge r1, $3, enough
add r1, $1, X
exit:c
enough:
${ending}
${blocksOf('n', { code: 'count', heap: ['X, 8'] })}
`;
    const results = runOrders(source, 20, { config: { ...slices, rcomps: 5, starvingAfter: 1 } });
    const ended = results.flatMap((result) => {
      const starved = new Set(happened(result, 'starving').map(({ runner }) => runner));
      return happened(result, 'runner').filter(
        ({ runner, end }) => starved.has(runner) && (end === 'faulted' || end === 'aborted'),
      );
    });

    expect(ended.length).toBeGreaterThan(0);
    for (const result of results) expect(wordAt(result, X)).toBe(3n);
  });

  test('starving runners that overlap go one at a time, lowest place in the runner tree first', () => {
    const results = runOrders(counters(6), 30, { config: { ...slices, rcomps: 6, starvingAfter: 1 } });
    let rounds = 0;
    for (const result of results) {
      const order = result.sent.flatMap(({ message }) =>
        message.type === 'dispatch' ? message.assignments.map(({ control }) => control) : [],
      );
      const indexOf = new Map(order.map(({ id, index }) => [id, index]));
      const starving = new Set<bigint>();
      const running = new Set<bigint>();
      for (const { event } of result.trace) {
        if (event.type === 'starving' && event.starving) starving.add(event.runner);
        if (event.type === 'starving' && !event.starving) starving.delete(event.runner);
        if (event.type !== 'runner') continue;
        if (event.state === 'running' && starving.has(event.runner)) {
          const waiting = [...starving].filter((id) => !running.has(id) && id !== event.runner);
          for (const id of waiting) expect(indexOf.get(id)).toBeGreaterThan(indexOf.get(event.runner)!);
          expect([...running].filter((id) => starving.has(id))).toEqual([]);
          rounds += 1;
        }
        if (event.state === 'running') running.add(event.runner);
        else running.delete(event.runner);
      }
    }
    expect(rounds).toBeGreaterThan(0);
  });
});

describe('rule 11: a fault or exit:a is final', () => {
  test.each([
    ['a fault', 'div $1, $0, r1'],
    ['exit:a', 'exit:a'],
  ])('%s: nothing of the attempt remains (bytes, children, output)', (_, ending) => {
    const source = family(
      { a: { code: 'a', heap: ['X, 8'] } },
      `${CELLS}
a:
mov $1, X
mov $'!', ctx.stdout:b
${newrOf('leaf')}
${ending}
leaf:
mov $1, Y
exit:c
${blocksOf('leaf', { code: 'leaf', heap: ['Y, 8'] })}
`,
    );
    for (const result of runOrders(source, 10, { config: slices })) {
      expect([wordAt(result, X), wordAt(result, Y), textIn(result)]).toEqual([0n, 0n, '']);
      expect(result.summary.version).toBe(1);
      expect(happened(result, 'start')).toHaveLength(2);
    }
  });

  test('a fault or abort takes no version without a status record', () => {
    const result = runSource(
      family({ a: { code: 'a' }, b: { code: 'b' } }, 'a:\nexit:a\nb:\ndiv $1, $0, r1\nexit:c'),
    );

    expect(result.log.map(({ version }) => version)).toEqual([1]);
    expect(
      happened(result, 'ended')
        .map(({ why }) => why)
        .sort(),
    ).toEqual(['abort', 'fault']);
  });
});

describe('rule 12: a lost RComp is not a fault', () => {
  const long = family(
    { a: { code: 'a', heap: ['X, 8'] } },
    `${CELLS}\na:\n${wait('wait')}\nadd X, $1, X\nexit:c\n`,
  );

  test.each([1, 2])('its runner runs again, uncounted (%i deaths)', (deaths) => {
    const result = runSource(long, dying(deaths));

    expect(result.deaths).toBe(deaths);
    expect(happened(result, 'ended').map(({ why }) => why)).toEqual(new Array(deaths).fill('lost'));
    expect(result.summary.counts).toMatchObject({ committed: 2, retries: 0, conflicts: 0, faulted: 0 });
    expect(wordAt(result, X)).toBe(1n);
  });

  test('a compartment that dies three times under the same runner faults it (compartment-lost)', () => {
    const result = runSource(long, dying(9));

    expect(result.deaths).toBe(3);
    expect(causes(result)).toEqual(['compartment-lost']);
    expect(wordAt(result, X)).toBe(0n);
  });

  test('at most one attempt of a runner can ever be accepted', () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const result = runSource(counters(4), {
        config: slices,
        deaths: 2,
        duplicates: true,
        slowLinks: true,
        choose: seeded(seed),
      });
      const committed = result.log.map(({ attempt }) => attempt.runner);
      expect(new Set(committed).size).toBe(committed.length);
      expect(wordAt(result, X)).toBe(4n);
    }
  });
});

describe('rule 13: requests carry the attempt', () => {
  test('a repeated request gets the recorded answer: everything happens once', () => {
    const source = counters(5).replace('mov X, r1', 'mov X, r1\nmov $0x2e, ctx.stdout:b');
    const results = runOrders(source, 30, { config: slices, duplicates: true });

    expect(results.some(({ deliveries }) => deliveries.some(({ repeated }) => repeated))).toBe(true);
    for (const result of results) {
      expect(wordAt(result, X)).toBe(5n);
      expect(textIn(result)).toBe('.....');
      expect(result.summary.counts.committed).toBe(6);
    }
  });

  test('a home that is asked twice to hold a patch answers the same twice', () => {
    for (const result of runOrders(counters(3), 20, { config: slices, duplicates: true })) {
      const stages = result.deliveries.filter(({ message }) => message.type === 'stage').length;
      const answers = result.sent.filter(({ message }) => message.type === 'staged').length;
      expect(answers).toBe(stages);
    }
  });
});

describe('rule 14: old versions', () => {
  /** One reads a range slowly while others overwrite it. */
  const source = family(
    {
      reader: { code: 'read', heap: ['SEEN, 16', 'X, 64', 'Y, 64'] },
      w1: { code: 'write', heap: ['X, 64'] },
      w2: { code: 'write', heap: ['X, 64'] },
      w3: { code: 'write', heap: ['Y, 64'] },
      w4: { code: 'write', heap: ['Y, 64'] },
    },
    `${CELLS}
read:
mov X, SEEN
${wait('wait', 200)}
mov Y, SEEN+8
exit:c
write:
mov ctx.heap_list, r1
mov (r1), r2
${wait('first', 5)}
add (r2), $1, (r2)
exit:c
`,
  );
  const small = { ...slices, rcomps: 5, pageSize: 64, cacheBytes: 0 };

  test('are kept while a live snapshot may read them: there is no time window', () => {
    for (const result of runOrders(source, 20, { config: small })) {
      expect(happened(result, 'ended')).toEqual([]);
      expect(wordsAt(result, X, 1)).toEqual([2n]);
    }
  });

  test('past a memory cap the oldest attempt ends snapshot-too-old and its runner runs again, counted under rule 10', () => {
    const results = runOrders(source, 40, { config: { ...small, versionBytes: 64 } });
    const tooOld = (result: SimResult) =>
      happened(result, 'ended').filter(({ why }) => why === 'snapshot-too-old');

    expect(results.flatMap(tooOld).length).toBeGreaterThan(0);
    for (const result of results) {
      expect(result.summary.counts.committed).toBe(6);
      expect(result.summary.counts.retries).toBe(happened(result, 'conflict').length + tooOld(result).length);
      expect([wordAt(result, X), wordAt(result, Y)]).toEqual([2n, 2n]);
    }
  });

  test('while it is starving, commits that would exceed the cap wait', () => {
    const config = { ...small, versionBytes: 64, starvingAfter: 1 };
    let waited = 0;
    for (const result of runOrders(source, 60, { config })) {
      const starving = new Set<bigint>();
      for (const { event } of result.trace) {
        if (event.type === 'starving') {
          if (event.starving) starving.add(event.runner);
          else starving.delete(event.runner);
        }
        if (event.type === 'ended' && starving.has(event.attempt.runner))
          expect(event.why).not.toBe('snapshot-too-old');
      }
      if (happened(result, 'starving').length > 0) waited += 1;
      expect(result.summary.counts.committed).toBe(6);
    }
    expect(waited).toBeGreaterThan(0);
  });
});
