import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import type { MemoryMap } from '../../src/actors/config.ts';
import type { AttemptId } from '../../src/actors/control-block.ts';
import type { PageImage } from '../../src/actors/init.ts';
import { createHome, receiveAsHome } from '../../src/actors/page-home.ts';
import type { ToHome } from '../../src/actors/protocol.ts';
import type { MergeType } from '../../src/memory/merge.ts';
import type { PagePatch } from '../../src/memory/patch.ts';
import { attemptOf, CONFIG, EMPTY_MAP, Hosted } from '../support/actors.ts';
import { anyRepeats, expectSame } from '../support/repeats.ts';
import { runs } from '../support/runs.ts';

type Message<T extends ToHome['type']> = Extract<ToHome, { type: T }>;

const PAGE = 16;
const AGENT = addressOf('agent', 0);
const RCOMP = addressOf('rcomp', 1);
const NOTHING = new Uint8Array();
const FOR_EVER = Number.MAX_SAFE_INTEGER;

const home = (map: Partial<MemoryMap> = {}, image: readonly PageImage[] = []) =>
  new Hosted(
    createHome({
      kind: 'home',
      id: 0,
      node: 0,
      replica: 0,
      config: { ...CONFIG, pageSize: PAGE, homes: 1 },
      map: { ...EMPTY_MAP, ...map },
      image,
    }),
    receiveAsHome,
  );

/** A page that holds one value everywhere. */
const filled = (value: number) => new Uint8Array(PAGE).fill(value);

const patch = (page: number, value: number): PagePatch => ({
  page,
  runs: [{ address: page * PAGE, bytes: filled(value), merge: 0 }],
});

const stage = (
  attempt: AttemptId,
  patches: readonly PagePatch[],
  sv: number | null = 0,
): Message<'stage'> => ({
  type: 'stage',
  from: RCOMP,
  replica: 0,
  attempt,
  sv,
  patches,
});

const decide = (
  attempt: AttemptId | null,
  version: number,
  previous: number,
  said: Partial<Message<'decide'>> = {},
): Message<'decide'> => ({ type: 'decide', epoch: 1, attempt, version, previous, record: [], ...said });

const fetch = (page: number, at: number, needs = 0, have = -1): Message<'fetch'> => ({
  type: 'fetch',
  from: AGENT,
  pages: [{ page, have }],
  at,
  needs,
});

/** The one answer to a fetch of one page. */
const page = (state: string, from: number, through: number, bytes: Uint8Array = NOTHING) => [
  expect.objectContaining({
    to: 'agent:0@0',
    type: 'fetched',
    pages: [expect.objectContaining({ state, bytes, from, through })],
  }),
];

const [A, B] = [attemptOf(0x1000n), attemptOf(0x2000n)];

describe('a fetch', () => {
  test('is answered with the page as of its version, and the versions for which that holds', () => {
    const one = home({}, [{ page: 1, bytes: filled(1) }]);
    one.tell(stage(A, [patch(1, 2)]));
    one.tell(decide(A, 5, 0));

    expect(one.tell(fetch(1, 4))).toEqual(page('bytes', 0, 4, filled(1)));
    expect(one.tell(fetch(1, 5))).toEqual(page('bytes', 5, 5, filled(2)));
    expect(one.tell(fetch(2, 5))).toEqual(page('zero', 0, 5));
  });

  test('is answered without bytes where the asker holds that content', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 2)]));
    one.tell(decide(A, 5, 0));

    expect(one.tell(fetch(1, 5, 5, 5))).toEqual(page('same', 5, 5));
    expect(one.tell(fetch(1, 5, 5, 0))).toEqual(page('bytes', 5, 5, filled(2)));
    expect(one.tell(fetch(1, 4, 5, 0))).toEqual(page('same', 0, 4));
  });

  test('waits until the home has applied what it needs', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 2)]));

    one.tell(decide(null, 4, 0, { record: [patch(2, 1)] }));
    expect(one.tell(fetch(1, 7, 5))).toEqual([]);
    expect(one.tell(decide(A, 5, 4))).toEqual(page('bytes', 5, 7, filled(2)));
    expect(one.tell(decide(null, 9, 5, { record: [patch(2, 1)] }))).toEqual([]);
  });

  test('never waits for versions that touch other homes only', () => {
    expect(home().tell(fetch(1, 1_000_000, 0))).toEqual(page('zero', 0, 1_000_000));
  });

  test('below the floor is answered as too old, never with data', () => {
    const one = home({}, [{ page: 1, bytes: filled(1) }]);
    one.tell({ type: 'floor', epoch: 1, floor: 3 });

    expect(one.tell(fetch(1, 2))).toEqual(page('too-old', 0, 0));
    expect(one.tell(fetch(1, 3))).toEqual(page('bytes', 0, 3, filled(1)));
  });
});

describe('what is decided', () => {
  test('is applied in the order of versions, also if it comes in another', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 1)]));
    one.tell(stage(B, [patch(1, 2)]));
    one.tell(fetch(1, 8, 8));

    expect(one.tell(decide(B, 8, 3))).toEqual([]);
    expect(one.tell(fetch(1, 8, 3))).toEqual([]);
    // The first that came asked for 8, the second for 3: both are answered from a state that has both.
    expect(one.tell(decide(A, 3, 0))).toHaveLength(2);
    expect(one.tell(fetch(1, 7))).toEqual(page('bytes', 3, 7, filled(1)));
    expect(one.tell(fetch(1, 8))).toEqual(page('bytes', 8, 8, filled(2)));
  });

  test('of an attempt that lost nothing is left', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 1)]));
    one.tell({ type: 'drop', epoch: 1, attempt: A });
    one.tell(decide(null, 1, 0, { record: [patch(2, 7)] }));

    expect(one.tell(fetch(1, 1))).toEqual(page('zero', 0, 1));
    expect(one.tell(fetch(2, 1))).toEqual(page('bytes', 1, 1, filled(7)));
  });

  test('a status record lies over what the attempt wrote, in the same version', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 1)]));
    const record: PagePatch = { page: 1, runs: [{ address: PAGE + 8, bytes: filled(9).slice(8), merge: 0 }] };
    one.tell(decide(A, 1, 0, { record: [record] }));

    expect(one.tell(fetch(1, 1))).toEqual(
      page(
        'bytes',
        1,
        1,
        Uint8Array.from(filled(1), (byte, i) => (i < 8 ? byte : 9)),
      ),
    );
  });
});

describe('I27: a lower epoch is refused', () => {
  test.each<[string, ToHome]>([
    ['decide', decide(A, 1, 0)],
    ['drop', { type: 'drop', epoch: 1, attempt: A }],
    ['floor', { type: 'floor', epoch: 1, floor: 1 }],
  ])('%s', (_, message) => {
    const one = home();
    one.tell(stage(A, [patch(1, 1)]));
    one.tell({ type: 'floor', epoch: 2, floor: 0 });
    one.tell(message);

    expect(one.tell(fetch(1, 0))).toEqual(page('zero', 0, 0));
    expect(one.tell(fetch(1, 1, 1))).toEqual([]);
    expect(one.tell(decide(A, 1, 0, { epoch: 2 }))).toEqual(page('bytes', 1, 1, filled(1)));
  });
});

describe('output files', () => {
  const file = { base: 2 * PAGE - 4, length: 12, io: 5 };
  const write = (sequence: number, address: number, bytes: Uint8Array) => ({
    to: 'io:5@0',
    type: 'write',
    home: 0,
    sequence,
    address,
    bytes,
  });

  test('get the committed bytes of their range, and no others', () => {
    const one = home({ outputs: [file] });
    expect(one.tell(stage(A, [patch(1, 1), patch(2, 2), patch(3, 3)]))).toHaveLength(1);

    expect(one.tell(decide(A, 1, 0))).toEqual([
      write(1, file.base, filled(1).slice(0, 4)),
      write(2, 2 * PAGE, filled(2).slice(0, 8)),
    ]);
  });

  test('get the sum of a merge word, not the summand', () => {
    const one = home({ outputs: [file] });
    const add = (runner: bigint, merge: MergeType) =>
      stage(attemptOf(runner), [
        { page: 2, runs: [{ address: 2 * PAGE, bytes: Uint8Array.of(5, 0, 0, 0, 0, 0, 0, 0), merge }] },
      ]);
    one.tell(add(0x1000n, 1));
    one.tell(add(0x2000n, 1));
    one.tell(decide(A, 1, 0));

    expect(one.tell(decide(B, 2, 1))).toEqual([write(2, 2 * PAGE, Uint8Array.of(10, 0, 0, 0, 0, 0, 0, 0))]);
  });

  test('everything decided is applied and sent before the home says that it has settled', () => {
    const one = home({ outputs: [file] });
    one.tell(stage(A, [patch(2, 2)]));

    expect(one.tell({ type: 'settle', version: 4 })).toEqual([]);
    expect(one.tell(decide(A, 4, 0))).toEqual([
      write(1, 2 * PAGE, filled(2).slice(0, 8)),
      { to: 'master:0@0', type: 'settled', home: 0, version: 4, writes: [{ io: 5, count: 1 }] },
    ]);
  });
});

describe('input files', () => {
  /** All of page 2, and a part of page 3 together with another file. */
  const long = { base: 2 * PAGE, length: PAGE + 4, io: 4 };
  const short = { base: 3 * PAGE + 8, length: 4, io: 5 };
  const image = [{ page: 3, bytes: filled(9) }];
  const read = (io: number, of: number) => ({
    to: `io:${io}@0`,
    type: 'read',
    from: addressOf('home', 0),
    page: of,
  });
  const bytes = (io: number, of: number, content: Uint8Array): ToHome => ({
    type: 'bytes',
    io,
    page: of,
    bytes: content,
  });

  test('a page is read when it is first asked for, once for all who wait; a whole page of a file never changes', () => {
    const one = home({ files: [long, short] });

    expect(one.tell(fetch(2, 0))).toEqual([read(4, 2)]);
    expect(one.tell(fetch(2, 3))).toEqual([]);
    const answers = one.tell(bytes(4, 2, filled(7)));
    expect(answers).toEqual([
      ...page('bytes', 0, FOR_EVER, filled(7)),
      ...page('bytes', 0, FOR_EVER, filled(7)),
    ]);
    expect(one.tell(bytes(4, 2, filled(7)))).toEqual([]);
  });

  test('of a page that files cover in part, the rest is the page’s own, version by version', () => {
    const one = home({ files: [long, short] }, image);
    one.tell(stage(A, [{ page: 3, runs: [{ address: 3 * PAGE + 15, bytes: Uint8Array.of(1), merge: 0 }] }]));
    one.tell(decide(A, 1, 0));

    expect(one.tell(fetch(3, 1, 1))).toEqual([read(4, 3), read(5, 3)]);
    expect(one.tell(bytes(5, 3, Uint8Array.of(5, 5, 5, 5)))).toEqual([]);
    expect(one.tell(bytes(4, 3, Uint8Array.of(4, 4, 4, 4)))).toEqual(
      page('bytes', 1, 1, Uint8Array.of(4, 4, 4, 4, 9, 9, 9, 9, 5, 5, 5, 5, 9, 9, 9, 1)),
    );
  });

  test('other pages of the same fetch do not wait for a file', () => {
    const one = home({ files: [long] }, [{ page: 9, bytes: filled(3) }]);
    const both = [
      { page: 2, have: -1 },
      { page: 9, have: -1 },
    ];

    expect(one.tell({ ...fetch(0, 0), pages: both })).toEqual([
      ...page('bytes', 0, 0, filled(3)),
      read(4, 2),
    ]);
  });
});

describe('I29: messages that come again', () => {
  const harmless = ['staged', 'fetched', 'settled'];
  const step = fc.record({
    runner: fc.constantFrom(0x1000n, 0x2000n, 3n),
    page: fc.nat(2),
    lost: fc.boolean(),
    raises: fc.boolean(),
  });

  /** Attempts that are staged, then decided or dropped; floors in between; the last decisions in another order. */
  function history(steps: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[]): ToHome[] {
    let version = 0;
    const numbers = new Map<bigint, number>();
    return steps.flatMap(({ runner, page: at, lost, raises }): ToHome[] => {
      const number = (numbers.get(runner) ?? 0) + 1;
      numbers.set(runner, number);
      const attempt = attemptOf(runner, number);
      const staged = stage(attempt, [patch(at, number)], runner < 256n ? null : version);
      if (lost && runner >= 256n) return [staged, { type: 'drop', epoch: 1, attempt }, fetch(at, version)];
      version += 1;
      const decided = decide(attempt, version, version - 1);
      const floor: ToHome[] = raises ? [{ type: 'floor', epoch: 1, floor: version }] : [];
      return [staged, decided, fetch(at, version, version), ...floor, { type: 'settle', version }];
    });
  }

  test('lead to nothing but the same answers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), anyRepeats, (steps, repeats) => {
        expectSame(
          home,
          history(steps),
          repeats,
          (effect) => effect.type === 'send' && harmless.includes(effect.message.type),
        );
      }),
      runs(300),
    );
  });

  test('a stage that comes after its drop holds nothing', () => {
    const one = home();
    one.tell(stage(A, [patch(1, 1)]));
    one.tell({ type: 'drop', epoch: 1, attempt: A });

    expect(one.tell(stage(A, [patch(1, 1)]))).toEqual([
      { to: 'rcomp:1@0', type: 'staged', replica: 0, attempt: A },
    ]);
    expect(() => one.tell(decide(A, 1, 0))).toThrow('a decided attempt is staged here');
  });

  test('a stage of input that comes after its decision holds nothing, however late', () => {
    const one = home();
    const arrival = attemptOf(3n);
    one.tell(stage(arrival, [patch(1, 1)], null));
    one.tell(decide(arrival, 1, 0));
    one.tell(decide(null, 2, 1, { record: [patch(2, 1)] }));
    one.tell({ type: 'floor', epoch: 1, floor: 2 });
    one.tell(stage(arrival, [patch(1, 1)], null));

    expect(() => one.tell(decide(arrival, 3, 2))).toThrow('a decided attempt is staged here');
  });
});
