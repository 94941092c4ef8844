import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAgent, receiveAsAgent } from '../../src/actors/agent.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { ControlBlock } from '../../src/actors/control-block.ts';
import type { Assignment, AttemptEnd, FetchedPage, HomeVersion, ToAgent } from '../../src/actors/protocol.ts';
import { homeOf } from '../../src/memory/directory.ts';
import {
  attemptOf,
  CONFIG,
  controlBlock,
  EMPTY_MAP,
  Hosted,
  type Letter,
  lettersIn,
  SR,
} from '../support/actors.ts';
import { anyRepeats, expectSame } from '../support/repeats.ts';
import { runs } from '../support/runs.ts';

const PAGE = CONFIG.pageSize;
/** The page of the first instruction, and its home. */
const CODE = SR / PAGE;
const HOME = homeOf(CODE, CONFIG.homes);

const [A, B, C] = [attemptOf(0x1000n), attemptOf(0x2000n), attemptOf(0x3000n)];

function agent(said: Partial<MachineConfig> = {}) {
  const config = { ...CONFIG, rcomps: 1, ...said };
  const rcomps = Array.from({ length: config.rcomps }, (_, id) => id);
  return new Hosted(
    createAgent({ kind: 'agent', id: 0, incarnation: 1, rcomps, config, map: EMPTY_MAP }),
    receiveAsAgent,
  );
}

const assignment = (
  attempt = A,
  said: Partial<Assignment> = {},
  control: Partial<ControlBlock> = {},
): Assignment => ({
  attempt,
  control: controlBlock({ id: attempt.runner, ...control }),
  at: 0,
  exact: false,
  ...said,
});

const dispatch = (
  batch: number,
  assignments: readonly Assignment[],
  readable = 0,
  touched: readonly HomeVersion[] = [],
  epoch = 1,
): ToAgent => ({ type: 'dispatch', epoch, incarnation: 1, batch, news: { readable, touched }, assignments });

const news = (readable: number, touched: readonly HomeVersion[] = [], epoch = 1): ToAgent => ({
  type: 'news',
  epoch,
  news: { readable, touched },
});

const fetched = (at: number, ...pages: Partial<FetchedPage>[]): ToAgent => ({
  type: 'fetched',
  home: HOME,
  at,
  pages: pages.map((page) => ({
    page: CODE,
    state: 'zero',
    bytes: new Uint8Array(),
    from: 0,
    through: at,
    ...page,
  })),
});

const ended = (attempt = A, end: AttemptEnd = abort(0), rcomp = 0): ToAgent => ({
  type: 'ended',
  rcomp,
  attempt,
  end,
});
const abort = (sv: number): AttemptEnd => ({ type: 'abort', sv, detach: false, executed: 1 });

const FLUSH = { to: 'agent:0@0', type: 'flush' };
const reported = (...ends: [typeof A, AttemptEnd][]) => [
  {
    to: 'master:0@0',
    type: 'ends',
    agent: { node: 0, kind: 'agent', id: 0 },
    ends: ends.map(([attempt, end]) => ({ attempt, end })),
  },
];
const started = (attempt: typeof A, sv: number) =>
  expect.objectContaining({ to: 'rcomp:0@0', type: 'start', attempt, sv });
const asked = (at: number, needs = 0, have = -1, page = CODE) =>
  expect.objectContaining({
    to: `home:${homeOf(page, CONFIG.homes)}@0`,
    type: 'fetch',
    pages: [{ page, have }],
    at,
    needs,
  });

/** One RComp, whose runner A has started at version 0; `others` wait. */
function busy(...others: Assignment[]) {
  const one = agent();
  one.tell(dispatch(1, [assignment(A), ...others]));
  expect(one.tell(fetched(0, {}))).toEqual([started(A, 0)]);
  return one;
}

test('an agent joins before anything is dispatched to it', () => {
  expect(lettersIn(agent().effects)).toEqual([
    { to: 'master:0@0', type: 'join', agent: { node: 0, kind: 'agent', id: 0 }, incarnation: 1, rcomps: 1 },
  ]);
});

test('a node that has started again does not run what was sent to its earlier incarnation', () => {
  const earlier = { ...dispatch(1, [assignment(A)]), incarnation: 0 } as ToAgent;
  const one = agent();

  expect(one.tell(earlier)).toEqual([]);
  expect(one.tell(dispatch(1, [assignment(B)]))).toEqual([asked(0)]);
});

/** What has staged at two homes. */
const COMMIT: AttemptEnd = {
  type: 'commit',
  sv: 0,
  spans: [],
  reads: [],
  children: [],
  output: [],
  homes: [0, 1],
  generation: 0,
  detach: false,
  executed: 1,
};
const DROPPED = [0, 1].map((home) => ({ to: `home:${home}@0`, type: 'drop', epoch: 1, attempt: A }));

describe('rule 2: sv', () => {
  test('is stamped when the attempt starts, with the newest readable version its node has heard', () => {
    const one = busy(assignment(B));
    one.tell(news(5));

    expect(one.tell(ended(A))).toEqual([FLUSH, started(B, 5)]);
  });

  test('is never below the version that its dispatch named', () => {
    expect(agent().tell(dispatch(1, [assignment(A, { at: 7 })], 3))).toEqual([asked(7)]);
  });

  test('never falls because older news come late', () => {
    const one = busy(assignment(B));
    one.tell(news(5, [{ home: HOME, version: 5 }]));
    one.tell(news(4, [{ home: HOME, version: 4 }]));

    expect(one.tell(ended(A))).toEqual([FLUSH, asked(5, 5, 0)]);
  });

  test('is exactly the round’s version in a deterministic round (rule 29)', () => {
    const one = busy(assignment(B, { at: 2, exact: true }));
    one.tell(news(5));

    expect(one.tell(ended(A))).toEqual([FLUSH, started(B, 2)]);
  });

  test('I2: is one for all fetches of an attempt, whatever becomes readable meanwhile', () => {
    const one = busy();
    one.tell(news(9, [{ home: HOME, version: 9 }]));

    expect(one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1] })).toEqual([
      asked(0, 9, -1, CODE + 1),
    ]);
  });
});

describe('the page cache of a node', () => {
  test('spares a fetch where nothing has touched the page’s home since the home vouched for it', () => {
    const one = busy(assignment(B));
    one.tell(news(5, [{ home: 1 - HOME, version: 5 }]));

    expect(one.tell(ended(A))).toEqual([FLUSH, started(B, 5)]);
  });

  test('a home that was touched is asked, and says without bytes that the page is the same', () => {
    const one = busy(assignment(B));
    one.tell(news(5, [{ home: HOME, version: 4 }]));

    expect(one.tell(ended(A))).toEqual([FLUSH, asked(5, 4, 0)]);
    expect(one.tell(fetched(5, { state: 'same' }))).toEqual([started(B, 5)]);
  });

  test('has dropped what “the same” speaks of: asks again, for the bytes', () => {
    const one = agent({ rcomps: 2, cacheBytes: PAGE });
    one.tell(dispatch(1, [assignment(A)]));
    one.tell(fetched(0, {}));
    one.tell(dispatch(2, [assignment(B)], 5, [{ home: HOME, version: 5 }]));
    one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1] });
    one.tell(fetched(0, { page: CODE + 1 }));

    expect(one.tell(fetched(5, { state: 'same' }))).toEqual([asked(5, 5)]);
    const bytes = new Uint8Array(PAGE).fill(1);
    expect(one.tell(fetched(5, { state: 'bytes', bytes }))).toEqual([
      expect.objectContaining({ type: 'start', attempt: B, pages: [{ page: CODE, bytes }] }),
    ]);
  });

  test('is not asked for a newer content than the snapshot’s', () => {
    const one = agent({ rcomps: 2 });
    one.tell(dispatch(1, [assignment(A, { exact: true })]));
    one.tell(dispatch(2, [assignment(B)], 5, [{ home: HOME, version: 5 }]));

    // What came for B at 5 began after A's snapshot: A goes on waiting.
    expect(one.tell(fetched(5, { from: 5 }))).toEqual([
      expect.objectContaining({ type: 'start', attempt: B }),
    ]);
    expect(one.tell(fetched(0, {}))).toEqual([started(A, 0)]);
  });

  test('is of no use to an older snapshot than the content it holds', () => {
    const one = agent();
    one.tell(dispatch(1, [assignment(A)], 5, [{ home: HOME, version: 5 }]));
    one.tell(fetched(5, { from: 5 }));
    one.tell(dispatch(2, [assignment(B, { at: 3, exact: true })]));

    expect(one.tell(ended(A))).toEqual([FLUSH, asked(3, 5, 5)]);
  });

  test('an attempt starts with its first pages only: what that costs does not depend on its ranges’ size', () => {
    const letters = agent({ homes: 1 }).tell(
      dispatch(1, [assignment(A, {}, { heap: [{ base: 2 ** 45, length: 2 ** 44, merge: 0 }] })]),
    );

    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({ type: 'fetch', pages: { length: 8 } });
  });
});

describe('batches', () => {
  test('I29: one that comes twice, or after a newer one, is ignored', () => {
    const one = busy();
    one.tell(dispatch(3, [assignment(B)]));
    one.tell(dispatch(3, [assignment(B)]));
    one.tell(dispatch(2, [assignment(C)]));
    one.tell({ type: 'recall', epoch: 1 });

    expect(one.tell({ type: 'recall', epoch: 1 })).toMatchObject([{ attempts: [] }]);
    expect(one.tell(ended(A))).toEqual([FLUSH]);
  });

  test('I27: messages of a master that has been replaced are refused', () => {
    const one = busy(assignment(B));
    one.tell(news(1, [], 2));

    expect(one.tell(dispatch(2, [assignment(C)]))).toEqual([]);
    expect(one.tell(news(9))).toEqual([]);
    expect(one.tell({ type: 'recall', epoch: 1 })).toEqual([]);
    expect(one.tell({ type: 'revoke', epoch: 1, attempt: A })).toEqual([]);
    expect(one.tell(ended(A))).toEqual([FLUSH, started(B, 1)]);
  });

  test('a new master counts its batches anew', () => {
    const one = busy();
    one.tell(ended(A));

    expect(one.tell(dispatch(1, [assignment(B)], 0, [], 2))).toEqual([started(B, 0)]);
  });

  test('ends that come together go to the master together, in their order', () => {
    const one = agent({ rcomps: 2 });
    one.tell(dispatch(1, [assignment(A), assignment(B)]));
    one.tell(fetched(0, {}));

    expect(one.tell(ended(B, abort(0), 1))).toEqual([FLUSH]);
    expect(one.tell(ended(A))).toEqual([]);
    expect(one.tell({ type: 'flush' })).toEqual(reported([B, abort(0)], [A, abort(0)]));
    expect(one.tell({ type: 'flush' })).toEqual([]);
  });
});

test('recall gives back what has not started, and nothing else', () => {
  const one = busy(assignment(B), assignment(C));

  expect(one.tell({ type: 'recall', epoch: 1 })).toEqual([
    { to: 'master:0@0', type: 'returned', agent: { node: 0, kind: 'agent', id: 0 }, attempts: [B, C] },
  ]);
  expect(one.tell(ended(A))).toEqual([FLUSH]);
  expect(one.tell({ type: 'flush' })).toEqual(reported([A, abort(0)]));
});

describe('a revoked attempt', () => {
  const revoke = (attempt: typeof A): ToAgent => ({ type: 'revoke', epoch: 1, attempt });

  test('that waits never starts', () => {
    const one = busy(assignment(B), assignment(C));

    expect(one.tell(revoke(B))).toEqual([]);
    expect(one.tell(ended(A))).toEqual([FLUSH, started(C, 0)]);
  });

  test('that waits for its first pages gives way to the next one', () => {
    const one = agent();
    one.tell(dispatch(1, [assignment(A), assignment(B)]));

    expect(one.tell(revoke(A))).toEqual([asked(0)]);
    expect(one.tell(fetched(0, {}))).toEqual([started(B, 0)]);
  });

  test('that runs is stopped; its RComp is free only when it says so, and its end is not reported', () => {
    const one = busy(assignment(B));

    expect(one.tell(revoke(A))).toEqual([{ to: 'rcomp:0@0', type: 'stop', attempt: A }]);
    expect(one.tell(ended(A, { type: 'lost', sv: 0 }))).toEqual([started(B, 0)]);
    expect(one.tell({ type: 'flush' })).toEqual([]);
  });

  test('whose end crosses the revocation is not reported either', () => {
    const one = busy(assignment(B));
    one.tell(ended(A));

    expect(one.tell(revoke(A))).toEqual([]);
    expect(one.tell({ type: 'flush' })).toEqual([]);
  });

  test('that has staged and is done before it is stopped leaves nothing at its homes', () => {
    const one = busy();
    one.tell(revoke(A));

    expect(one.tell(ended(A, COMMIT))).toEqual(DROPPED);
  });

  test('whose commit request is about to be sent leaves nothing at its homes either', () => {
    const one = busy();
    one.tell(ended(A, COMMIT));

    expect(one.tell(revoke(A))).toEqual(DROPPED);
    expect(one.tell({ type: 'flush' })).toEqual([]);
  });

  test('whose RComp dies is not reported as lost', () => {
    const one = busy(assignment(B));
    one.tell(revoke(A));

    expect(one.tell({ type: 'rcomp-lost', rcomp: 0 })).toEqual([started(B, 0)]);
  });

  test('whose pages were collected is not reported as too old', () => {
    const one = busy();
    one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1] });
    one.tell(revoke(A));

    expect(one.tell(fetched(0, { page: CODE + 1, state: 'too-old' }))).toMatchObject([{ type: 'too-old' }]);
    expect(one.tell(ended(A, { type: 'lost', sv: 0 }))).toEqual([]);
  });
});

describe('an RComp that dies', () => {
  test('loses its attempt; the next one starts in the fresh RComp, as a newer start', () => {
    const one = busy(assignment(B));

    expect(one.tell({ type: 'rcomp-lost', rcomp: 0 })).toEqual([
      FLUSH,
      expect.objectContaining({ type: 'start', attempt: B, sequence: 2 }),
    ]);
    expect(one.tell({ type: 'flush' })).toEqual(reported([A, { type: 'lost', sv: 0 }]));
  });

  test('what it had said before is ignored when it comes late', () => {
    const one = busy(assignment(B));
    one.tell({ type: 'rcomp-lost', rcomp: 0 });

    expect(one.tell(ended(A))).toEqual([]);
    expect(one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE] })).toEqual([]);
    expect(one.tell({ type: 'flush' })).toEqual(reported([A, { type: 'lost', sv: 0 }]));
  });

  test('what it had staged is dropped if it had said so, once, and nobody else is told', () => {
    const one = busy(assignment(B));
    one.tell({ type: 'rcomp-lost', rcomp: 0 });

    expect(one.tell(ended(A, COMMIT))).toEqual(DROPPED);
    expect(one.tell(ended(A, COMMIT))).toEqual([]);
    expect(one.tell({ type: 'flush' })).toEqual(reported([A, { type: 'lost', sv: 0 }]));
  });

  test('is heard no more of once another has ended there', () => {
    const one = busy(assignment(B));
    one.tell({ type: 'rcomp-lost', rcomp: 0 });
    one.tell(ended(B));

    expect(one.tell(ended(A, COMMIT))).toEqual([]);
  });

  test('idle, loses nothing', () => {
    expect(agent().tell({ type: 'rcomp-lost', rcomp: 0 })).toEqual([]);
  });
});

describe('rule 14: a page that is no longer kept', () => {
  test('ends an attempt that has not started', () => {
    const one = agent();
    one.tell(dispatch(1, [assignment(A), assignment(B)]));
    one.tell(news(3));

    expect(one.tell(fetched(0, { state: 'too-old' }))).toEqual([FLUSH, asked(3)]);
    expect(one.tell({ type: 'flush' })).toEqual(reported([A, { type: 'snapshot-too-old', sv: 0 }]));
  });

  test('is told to a running one, which ends itself', () => {
    const one = busy();
    one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1] });

    expect(one.tell(fetched(0, { page: CODE + 1, state: 'too-old' }))).toEqual([
      { to: 'rcomp:0@0', type: 'too-old', attempt: A },
    ]);
  });

  test('does not concern one whose snapshot is newer', () => {
    const one = agent();
    one.tell(dispatch(1, [assignment(A, { at: 4 })], 4));

    expect(one.tell(fetched(3, { state: 'too-old' }))).toEqual([]);
    expect(one.tell(fetched(4, {}))).toEqual([started(A, 4)]);
  });
});

describe('what a running attempt needs', () => {
  test('is given once all of it is there', () => {
    const one = busy();
    one.tell({ type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1, CODE + 2] });

    expect(one.tell(fetched(0, { page: CODE + 2 }))).toEqual([]);
    expect(one.tell(fetched(0, { page: CODE + 1 }))).toEqual([
      {
        to: 'rcomp:0@0',
        type: 'pages',
        attempt: A,
        number: 1,
        pages: [
          { page: CODE + 2, bytes: null },
          { page: CODE + 1, bytes: null },
        ],
      },
    ]);
  });

  test('is asked for once', () => {
    const one = busy();
    const need: ToAgent = { type: 'need', rcomp: 0, attempt: A, number: 1, pages: [CODE + 1] };
    one.tell(need);

    expect(one.tell(need)).toEqual([]);
  });
});

describe('I29: repeated messages', () => {
  /** Messages in an order in which master, homes and RComps could send them, as the agent's own words ask for them. */
  function conversation(draws: readonly number[]): ToAgent[] {
    const one = agent({ rcomps: 2 });
    const told: ToAgent[] = [];
    const waiting: ToAgent[] = [];
    let version = 0;
    let batch = 0;
    let runner = 0x1000n;
    const touch = (): HomeVersion[] => [{ home: version % 2, version }];
    const answer = (letter: Letter): ToAgent[] => {
      if (letter.type === 'fetch')
        return [fetched(letter.at, ...letter.pages.map(({ page }) => ({ page, through: letter.at })))];
      const rcomp = Number(letter.to[6]);
      if (letter.type === 'start')
        return [
          { type: 'need', rcomp, attempt: letter.attempt, number: 1, pages: [CODE + (letter.sequence % 3)] },
          ended(letter.attempt, abort(letter.sv), rcomp),
        ];
      if (letter.type === 'flush') return [{ type: 'flush' }];
      return [];
    };
    for (const draw of draws) {
      if (draw % 4 === 0) {
        version += draw % 3;
        batch += 1;
        runner += 1n;
        waiting.push(dispatch(batch, [assignment(attemptOf(runner), { at: version })], version, touch()));
      } else if (draw % 7 === 0) {
        version += 1;
        waiting.push(news(version, touch()));
      }
      const [message] = waiting.splice(draw % Math.max(1, Math.min(3, waiting.length)), 1);
      if (message === undefined) continue;
      told.push(message);
      waiting.push(...one.tell(message).flatMap(answer));
    }
    return told;
  }

  test('lead to nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { maxLength: 60 }), anyRepeats, (draws, repeats) => {
        const messages = conversation(draws);
        // A repeated flush, the agent's own, only parts a batch in two.
        const repeated = repeats.map((backs, i) =>
          backs.filter((back) => messages[i - back]?.type !== 'flush'),
        );
        expectSame(() => agent({ rcomps: 2 }), messages, repeated);
      }),
      runs(200),
    );
  });
});
