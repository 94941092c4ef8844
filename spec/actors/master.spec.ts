import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { Output, ToMaster } from '../../src/actors/protocol.ts';
import { faultNumber } from '../../src/isa/fault.ts';
import { homeOf } from '../../src/memory/directory.ts';
import { childId } from '../../src/memory/ids.ts';
import { attemptOf, eventsIn, type Letter, SR } from '../support/actors.ts';
import {
  anyChildren,
  anyDraws,
  attemptOfChild,
  child,
  commit,
  ENTRY,
  endOf,
  ends,
  hostedMaster,
  join,
  MasterWorld,
  run,
  toTheEnd,
} from '../support/master-world.ts';
import { anyRepeats, expectSame } from '../support/repeats.ts';
import { runs } from '../support/runs.ts';

const PAGE = 64;
const word = (n: number) => ({ base: SR + PAGE * 16 * n, length: 8, merge: 0 as const });
const homeOfWord = (n: number) => homeOf(word(n).base / PAGE, 2);
const writing = (sv: number, ...words: number[]) =>
  commit(sv, { spans: words.map(word), homes: [...new Set(words.map(homeOfWord))] });
const ROOT = attemptOf(ENTRY);

/** A master with one agent that runs the entry runner. */
function running(config: Partial<MachineConfig> = {}, rcomps = 4) {
  const master = hostedMaster(config);
  master.tell(join(0, rcomps));
  master.tell(run());
  return master;
}

/** The entry has committed at version 1 and made `count` children, each with a word of its own unless they share one. */
function withChildren(count: number, config: Partial<MachineConfig> = {}, shared = false) {
  const master = running(config, count);
  const children = Array.from({ length: count }, (_, i) => child(i, { heap: [word(shared ? 0 : i)] }));
  master.tell(ends(ROOT, commit(0, { children })));
  return master;
}

const only = (letters: readonly Letter[], type: Letter['type']) =>
  letters.filter((letter) => letter.type === type);

describe('dispatch', () => {
  test('begins once there is a program and somebody to run it, in whatever order they come', () => {
    const dispatched = [
      expect.objectContaining({
        to: 'agent:0@0',
        type: 'dispatch',
        batch: 1,
        assignments: [expect.objectContaining({ attempt: ROOT, at: 0, exact: false })],
      }),
    ];
    const first = hostedMaster();
    const second = hostedMaster();

    expect([first.tell(join()), first.tell(run())]).toEqual([[], dispatched]);
    expect([second.tell(run()), second.tell(join())]).toEqual([[], dispatched]);
  });

  test('goes in batches: children of one commit are one message', () => {
    const letters = withChildren(4).effects;

    expect(letters.filter(({ type }) => type === 'send')).toHaveLength(1);
  });

  test('to an agent stops where its room does', () => {
    const master = running({ dispatchAhead: 2 }, 1);
    const children = Array.from({ length: 9 }, (_, i) => child(i));
    const [dispatch] = master.tell(ends(ROOT, commit(0, { children })));

    expect(dispatch).toMatchObject({ assignments: { length: 3 } });
  });
});

describe('the deciding step', () => {
  test('assigns the version, tells the homes, makes newborns schedulable and sends them out: all in one', () => {
    const master = running();
    const letters = master.tell(ends(ROOT, commit(0, { ...writing(0, 0), children: [child(0)] })));

    expect(letters).toMatchObject([
      { to: `home:${homeOfWord(0)}@0`, type: 'decide', attempt: ROOT, version: 1, previous: 0 },
      {
        type: 'dispatch',
        news: { readable: 1, touched: [{ home: homeOfWord(0), version: 1 }] },
        assignments: [{ attempt: attemptOfChild(0), at: 1 }],
      },
    ]);
  });

  test('rule 3: first committer wins, per byte; the loser is dropped at its homes and runs again by itself', () => {
    const master = withChildren(2, {}, true);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    const letters = master.tell(ends(attemptOfChild(1), writing(1, 0)));

    expect(letters).toMatchObject([
      { to: `home:${homeOfWord(0)}@0`, type: 'drop', attempt: attemptOfChild(1) },
      { type: 'dispatch', assignments: [{ attempt: attemptOfChild(1, 2), at: 2 }] },
    ]);
    expect(eventsIn(master.effects)).toContainEqual({
      type: 'conflict',
      attempt: attemptOfChild(1),
      sv: 1,
      with: { version: 2, writer: child(0).id, base: word(0).base, length: 8 },
    });
  });

  test('rule 3: neighbours in a word never abort each other', () => {
    const master = withChildren(2, {}, true);
    const half = (offset: number) =>
      commit(1, { spans: [{ base: word(0).base + offset, length: 4, merge: 0 }], homes: [homeOfWord(0)] });
    master.tell(ends(attemptOfChild(0), half(0)));

    expect(only(master.tell(ends(attemptOfChild(1), half(4))), 'decide')).toHaveLength(1);
  });

  test('each home hears which of its versions came before', () => {
    const master = withChildren(3);
    const decides = [0, 1, 2].flatMap((n) =>
      only(master.tell(ends(attemptOfChild(n), writing(1, n))), 'decide'),
    );
    const byHome = new Map<string, number>();
    for (const letter of decides) {
      if (letter.type !== 'decide') continue;
      expect(letter.previous).toBe(byHome.get(letter.to) ?? 0);
      byHome.set(letter.to, letter.version);
    }

    expect(decides).toHaveLength(3);
  });

  test('I6: an attempt without writes, children and output serialises at its sv and is never rejected', () => {
    const master = withChildren(2, {}, true);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    const reads = [word(0)];

    master.tell(ends(attemptOfChild(1), commit(1, { reads })));
    expect(eventsIn(master.effects)).toContainEqual(
      expect.objectContaining({ type: 'runner', state: 'finished', end: 'committed' }),
    );
  });

  test('rule 5: validated reads reject an attempt that has effects', () => {
    const master = withChildren(2, {}, true);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    const output = [{ channel: 'stdout', bytes: Uint8Array.of(1) }] as const;

    master.tell(ends(attemptOfChild(1), commit(1, { reads: [word(0)], output })));
    expect(eventsIn(master.effects)[0]).toMatchObject({ type: 'conflict' });
  });

  test('rule 9: `--on-conflict=abort` ends the loser with `conflict`', () => {
    const master = withChildren(2, { onConflict: 'abort' }, true);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    master.tell(ends(attemptOfChild(1), writing(1, 0)));

    expect(eventsIn(master.effects)).toContainEqual(
      expect.objectContaining({ type: 'runner', state: 'finished', end: 'conflict' }),
    );
  });

  test('rule 12: an attempt that was given up is never accepted, and what it staged is dropped', () => {
    const master = withChildren(2);
    master.tell(ends(attemptOfChild(0), { type: 'lost', sv: 1 }));

    expect(master.tell(ends(attemptOfChild(0), writing(1, 0)))).toEqual([
      { to: `home:${homeOfWord(0)}@0`, type: 'drop', epoch: 1, attempt: attemptOfChild(0) },
    ]);
  });

  test('rule 12: a compartment that dies three times under the same runner faults it', () => {
    const master = withChildren(2);
    for (const number of [1, 2]) {
      const letters = master.tell(ends(attemptOfChild(0, number), { type: 'lost', sv: 1 }));
      expect(letters).toMatchObject([{ assignments: [{ attempt: attemptOfChild(0, number + 1) }] }]);
    }
    expect(master.tell(ends(attemptOfChild(0, 3), { type: 'lost', sv: 1 }))).toEqual([]);
    expect(master.state.tally.faults).toMatchObject([{ fault: { cause: 'compartment-lost' } }]);
  });

  test.each([
    ['beyond its heap', word(1)],
    ['partly beyond it', { ...word(0), length: 9 }],
    ['in another way than declared', { ...word(0), merge: 1 as const }],
    ['half a merge word', { ...word(2), length: 4, merge: 1 as const }],
  ])(
    'rule 17: a commit that claims to have written %s is dropped, and its compartment counts as dead',
    (_, span) => {
      const master = running();
      const heap = [word(0), { ...word(2), merge: 1 as const }];
      master.tell(ends(ROOT, commit(0, { children: [child(0, { heap })] })));
      const letters = master.tell(ends(attemptOfChild(0), commit(1, { spans: [span], homes: [0] })));

      expect(letters).toMatchObject([
        { to: 'home:0@0', type: 'drop', attempt: attemptOfChild(0) },
        { assignments: [{ attempt: attemptOfChild(0, 2) }] },
      ]);
      expect(master.state.version).toBe(1);
    },
  );

  test('a runner whose children are too many for the machine faults, and the machine goes on', () => {
    const master = running({ limits: { children: 9, ranges: 9, privateBytes: 9, runners: 2 } });
    const children = [0, 1, 2].map((n) => child(n));
    const letters = master.tell(ends(ROOT, commit(0, { ...writing(0, 0), children })));

    expect(letters[0]).toMatchObject({ type: 'drop', attempt: ROOT });
    expect(only(letters, 'settle')).toHaveLength(2);
    expect(master.state.tally.faults).toMatchObject([{ fault: { cause: 'too-many-children' } }]);
  });

  test('rule 26: output goes out after the decision, in commit order, neighbouring stores as one', () => {
    const master = withChildren(2);
    const bytes = (...values: number[]) => Uint8Array.from(values);
    const said = (channel: 'stdout' | 'stderr', ...values: number[]) => ({
      channel,
      bytes: bytes(...values),
    });
    const output = [said('stdout', 1), said('stdout', 2), said('stderr', 3), said('stdout', 4)];
    const first = only(master.tell(ends(attemptOfChild(1), commit(1, { output }))), 'output');
    const second = only(master.tell(ends(attemptOfChild(0), commit(1, { output }))), 'output');

    expect(first).toEqual([
      { to: 'io:0@0', type: 'output', version: 2, offset: 0, bytes: bytes(1, 2) },
      { to: 'io:1@0', type: 'output', version: 2, offset: 0, bytes: bytes(3) },
      { to: 'io:0@0', type: 'output', version: 2, offset: 2, bytes: bytes(4) },
    ]);
    expect(second).toMatchObject([{ offset: 3 }, { offset: 1 }, { offset: 5 }]);
  });

  test('rule 10: what agents hold ready is called back when a runner starves', () => {
    const master = withChildren(2, { starvingAfter: 1 }, true);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));

    expect(only(master.tell(ends(attemptOfChild(1), writing(1, 0))), 'recall')).toHaveLength(1);
  });

  test('rule 25: a faulted runner’s status record is a version of its own', () => {
    const master = running();
    const status = word(0).base;
    master.tell(ends(ROOT, commit(0, { children: [child(0, { status })] })));
    const fault = { cause: 'fuel', pc: SR, address: null, detail: '' } as const;
    const letters = master.tell(ends(attemptOfChild(0), { type: 'fault', sv: 1, fault, executed: 1 }));

    expect(letters[0]).toMatchObject({ type: 'decide', attempt: null, version: 2 });
    expect(letters[0]).toHaveProperty('record[0].runs[0].bytes[16]', faultNumber('fuel'));
  });
});

describe('watchers', () => {
  const watcher = (index: number, persistent = false) =>
    child(index, { watcher: true, watched: [word(0)], persistent });
  const notice = (index: number, version: number) =>
    expect.objectContaining({
      to: `watcher:0x${child(index).id.toString(16)}@0`,
      type: 'committed',
      version,
    });
  const activate = (index: number, activation = 1): ToMaster => ({
    type: 'activate',
    watcher: child(index).id,
    activation,
  });

  test('rule 20: the creator’s own writes do not fire it', () => {
    const letters = running().tell(ends(ROOT, commit(0, { ...writing(0, 0), children: [watcher(0)] })));

    expect(only(letters, 'committed')).toEqual([]);
  });

  test('rule 20: a commit after its creator’s sv fires it, even one decided before the creator’s own', () => {
    const master = withChildren(2);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    const letters = master.tell(ends(attemptOfChild(1), commit(1, { children: [watcher(5)] })));

    expect(letters).toContainEqual(notice(5, 2));
  });

  test('rule 19: the program is not over while a notice is on its way', () => {
    const master = withChildren(2);
    master.tell(ends(attemptOfChild(1), commit(1, { children: [watcher(5)] })));
    const letters = master.tell(ends(attemptOfChild(0), writing(1, 0)));

    expect(letters).toContainEqual(notice(5, 3));
    expect(only(letters, 'settle')).toEqual([]);
    expect(only(master.tell(activate(5)), 'dispatch')).toHaveLength(1);
  });

  test('rule 21: activation is idempotent', () => {
    const master = withChildren(2);
    master.tell(ends(attemptOfChild(1), commit(1, { children: [watcher(5)] })));
    expect(master.tell(activate(5))).toEqual([]);
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    master.tell(activate(5));

    expect(master.tell(activate(5))).toEqual([]);
  });

  test('rule 22: an activation is a runner of its own; after it the watcher watches again from its sv', () => {
    const master = withChildren(2);
    master.tell(ends(attemptOfChild(1), commit(1, { children: [watcher(5, true)] })));
    master.tell(ends(attemptOfChild(0), writing(1, 0)));
    const [dispatch] = master.tell(activate(5));
    const activation = attemptOf(childId(child(5).id, 0));

    expect(dispatch).toMatchObject({ assignments: [{ attempt: activation, at: 3 }] });
    expect(master.tell(ends(activation, { type: 'abort', sv: 3, detach: false, executed: 1 }))[0]).toEqual({
      to: `watcher:0x${child(5).id.toString(16)}@0`,
      type: 'finished',
      activation: 1,
      since: 3,
    });
  });

  test('a commit’s messages and steps do not grow with the watchers and runners that it does not touch', () => {
    const costOf = (idle: number) => {
      const master = running({}, 2);
      const watchers = Array.from({ length: idle }, (_, i) =>
        child(9 + i, { watcher: true, watched: [word(100 + i)] }),
      );
      const children = [
        child(0, { heap: [word(0)] }),
        child(1, { heap: [{ ...word(9), length: 2 ** 40 }] }),
        ...watchers,
      ];
      master.tell(ends(ROOT, commit(0, { children })));
      const { index, history } = master.state;
      const before = index.steps + history.steps;
      const letters = master.tell(ends(attemptOfChild(0), writing(1, 0)));
      return { letters: letters.length, steps: index.steps + history.steps - before };
    };
    const [few, many] = [costOf(10), costOf(10_000)];

    expect(many.letters).toBe(few.letters);
    expect(many.letters).toBe(1);
    expect(many.steps).toBeLessThan(5 * Math.log2(10_000));
  });

  test('a commit that touches few of many watchers costs what it touches', () => {
    const master = running({}, 2);
    const watchers = Array.from({ length: 10_000 }, (_, i) =>
      child(9 + i, { watcher: true, watched: [word(i % 1000)] }),
    );
    master.tell(ends(ROOT, commit(0, { children: [child(0, { heap: [word(7)] }), ...watchers] })));
    const before = master.state.index.steps;
    const letters = master.tell(ends(attemptOfChild(0), writing(1, 7)));

    expect(only(letters, 'committed')).toHaveLength(10);
    // Found, and taken out of the index.
    expect(master.state.index.steps - before).toBeLessThan(11 * 5 * Math.log2(10_000));
  });
});

describe('the end of a program', () => {
  /** Homes settle; nothing has been put out. */
  function tellEnd(master: ReturnType<typeof running>) {
    master.tell({ type: 'settled', home: 0, version: 0, writes: [] });
    return master.tell({ type: 'settled', home: 1, version: 0, writes: [] });
  }

  const output: Output[] = [
    { channel: 'stdout', bytes: Uint8Array.of(1) },
    { channel: 'stderr', bytes: Uint8Array.of(2) },
  ];

  test('is told once all that was committed is applied and outside', () => {
    const master = running();
    const settles = master.tell(ends(ROOT, { ...writing(0, 0), output }));
    expect(only(settles, 'settle')).toMatchObject(
      [0, 1].map((home) => ({ version: home === homeOfWord(0) ? 1 : 0 })),
    );
    expect(master.tell({ type: 'settled', home: 0, version: 0, writes: [] })).toEqual([]);
    expect(master.tell({ type: 'settled', home: 0, version: 0, writes: [] })).toEqual([]);
    expect(master.tell({ type: 'settled', home: 1, version: 1, writes: [] })).toMatchObject([
      { to: 'io:0@0', type: 'flush', writes: 0 },
      { to: 'io:1@0', type: 'flush', writes: 0 },
    ]);
    expect(master.tell({ type: 'flushed', io: 1, error: null })).toEqual([]);
    expect(master.tell({ type: 'flushed', io: 1, error: null })).toEqual([]);
    expect(master.tell({ type: 'flushed', io: 0, error: null })).toMatchObject([
      { to: 'client:0@0', type: 'done', summary: { status: 'done', version: 1, entry: 'committed' } },
    ]);
    expect(master.tell({ type: 'flushed', io: 0, error: null })).toEqual([]);
  });

  test('does not wait for channels to which nothing was put out', () => {
    const master = running();
    master.tell(ends(ROOT, commit(0, { output: [{ channel: 'stderr', bytes: Uint8Array.of(2) }] })));
    master.tell({ type: 'settled', home: 0, version: 0, writes: [] });

    expect(master.tell({ type: 'settled', home: 1, version: 1, writes: [] })).toMatchObject([
      { to: 'io:1@0', type: 'flush' },
    ]);
  });

  test('output files wait for as many writes as the homes have sent', () => {
    const file = { base: word(0).base, length: 8, io: 3 };
    const master = hostedMaster({}, [...STANDARD_IO, { type: 'out-file', file }]);
    master.tell(join());
    master.tell(run());
    master.tell(ends(ROOT, commit(0)));
    master.tell({ type: 'settled', home: 0, version: 0, writes: [{ io: 3, count: 2 }] });
    const letters = master.tell({ type: 'settled', home: 1, version: 0, writes: [{ io: 3, count: 5 }] });

    expect(letters).toContainEqual({ to: 'io:3@0', type: 'flush', writes: 7 });
  });

  test('an output that cannot bring its bytes outside fails the program', () => {
    const master = running();
    master.tell(ends(ROOT, commit(0, { output })));
    for (const home of [0, 1]) master.tell({ type: 'settled', home, version: 0, writes: [] });
    master.tell({ type: 'flushed', io: 0, error: 'disk full' });

    expect(master.tell({ type: 'flushed', io: 1, error: null })).toMatchObject([
      { summary: { status: 'failed', error: 'disk full' } },
    ]);
  });

  test('cancel drops running attempts; what comes from them afterwards changes nothing', () => {
    const master = withChildren(2);
    const letters = master.tell({ type: 'cancel' });

    expect(only(letters, 'revoke')).toHaveLength(2);
    expect(only(master.tell({ type: 'cancel' }), 'revoke')).toEqual([]);
    expect(master.tell(ends(attemptOfChild(0), writing(1, 0)))).toMatchObject([{ type: 'drop' }]);
    expect(tellEnd(master)).toMatchObject([{ summary: { status: 'cancelled', version: 1 } }]);
  });

  test.each<[string, ToMaster, string]>([
    ['the outside fails', { type: 'io-failed', io: 0, error: 'gone' }, 'failed'],
    ['it is cancelled', { type: 'cancel' }, 'cancelled'],
  ])('is told also where %s before the program is started, or before it is over', (_, message, status) => {
    const done = [expect.objectContaining({ type: 'done', summary: expect.objectContaining({ status }) })];
    const early = hostedMaster();
    early.tell(message);
    expect(tellEnd(early)).toEqual([]);
    expect(early.tell(run())).toEqual(done);
    expect(early.tell(run())).toEqual([]);

    const between = hostedMaster();
    between.tell(message);
    expect(between.tell(run())).toEqual([]);
    expect(tellEnd(between)).toEqual(done);
  });

  test('nothing is begun while an output is full, and what is out may end', () => {
    const master = hostedMaster();
    master.tell(join());
    master.tell(run());
    const congested = (changes: number): ToMaster => ({ type: 'congested', io: 0, changes });
    expect(master.tell(congested(1))).toEqual([]);
    const born = master.tell(ends(attemptOf(ENTRY), commit(0, { children: [child(0)] })));
    expect(born.map(({ type }) => type)).not.toContain('dispatch');
    expect(master.state.version).toBe(1);

    expect(master.tell(congested(2)).map(({ type }) => type)).toContain('dispatch');
    // A word that comes again, late, holds nobody up (I29).
    master.tell(congested(1));
    expect(master.state.congestion.get(0)).toBe(2);
  });

  describe('with an input stream', () => {
    const stream = { base: word(40).base, length: 128, io: 3 };
    const arrival = (number: number, last = false): ToMaster => ({
      type: 'arrival',
      io: 3,
      number,
      spans: [{ base: stream.base, length: 8, merge: 0 }],
      homes: [0],
      generation: 0,
      last,
    });
    const streaming = () => {
      const master = hostedMaster({}, [...STANDARD_IO, { type: 'stream', stream }]);
      master.tell(join());
      master.tell(run());
      return master;
    };

    test('comes only when its input has ended', () => {
      const master = streaming();
      expect(only(master.tell(ends(ROOT, commit(0))), 'settle')).toEqual([]);

      expect(only(master.tell(arrival(1, true)), 'settle')).toHaveLength(2);
    });

    test('comes when its ring is full and nobody is left to consume', () => {
      const master = streaming();
      master.tell(ends(ROOT, commit(0)));

      expect(only(master.tell({ type: 'stalled', io: 3, consumed: 0 }), 'settle')).toHaveLength(2);
    });

    test('does not come because a stream stalled before a commit that moved its cursor', () => {
      const master = streaming();
      const cursor = { base: stream.base + 16, length: 8, merge: 0 as const };
      const letters = master.tell(ends(ROOT, commit(0, { spans: [cursor], homes: [0] })));

      expect(letters).toContainEqual({ to: 'io:3@0', type: 'consumed', version: 1 });
      expect(only(master.tell({ type: 'stalled', io: 3, consumed: 0 }), 'settle')).toEqual([]);
      expect(only(master.tell({ type: 'stalled', io: 3, consumed: 1 }), 'settle')).toHaveLength(2);
    });

    test('I29: an arrival is decided once, and answered', () => {
      const master = streaming();

      expect(master.tell(arrival(1))).toMatchObject([
        { type: 'decide', version: 1, attempt: { runner: 4n, number: 1 } },
        { to: 'io:3@0', type: 'arrived', number: 1, version: 1 },
      ]);
      expect(master.tell(arrival(1))).toEqual([]);
      expect(master.tell(arrival(3))).toEqual([]);
    });
  });
});

test('I29: repeated messages, at once or late, change no decision; nothing is dropped that may still be decided', () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      anyChildren,
      anyDraws,
      anyRepeats,
      (deterministic, children, draws, repeats) => {
        const config = { deterministic, starvingAfter: 2, versionBytes: 256, dispatchAhead: 2 };
        const world = new MasterWorld(config, [{ rcomps: 2 }]);
        world.tell(run());
        while (world.deliver(0));
        world.end(0, ({ sv }) => commit(sv, { children }));
        for (const draw of draws) {
          if (draw % 3 === 0) world.end(draw >> 2, (one) => endOf(one, draw));
          else world.deliver(draw >> 2);
        }
        toTheEnd(world);

        expectSame(
          () => hostedMaster(config),
          world.told,
          repeats,
          (effect, repeated, after) => {
            if (effect.type === 'trace') return effect.event.type === 'ended' && effect.event.why === 'stale';
            if (effect.type !== 'send' || effect.message.type !== 'drop' || repeated.type !== 'ends')
              return false;
            const { runner, number } = effect.message.attempt;
            return !((world.decidedAfter.get(`${runner}.${number}`) ?? 0) > after);
          },
        );
      },
    ),
    runs(200),
  );
});

describe('a cancelled program', () => {
  const committing = commit(1, { spans: [word(0)], homes: [homeOfWord(0)] });

  test('leaves nothing at the homes of a commit that waits for its round', () => {
    const master = withChildren(2, { deterministic: true });
    master.tell(ends(attemptOfChild(0), committing));

    expect(only(master.tell({ type: 'cancel' }), 'drop')).toEqual([
      { to: `home:${homeOfWord(0)}@0`, type: 'drop', epoch: 1, attempt: attemptOfChild(0) },
    ]);
  });

  test('revokes what runs, and nothing of it is dropped that nobody has staged', () => {
    const master = withChildren(2);

    expect(only(master.tell({ type: 'cancel' }), 'drop')).toEqual([]);
  });
});
