import { describe, expect, test } from 'vitest';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { AttemptId, ControlBlock } from '../../src/actors/control-block.ts';
import type { AttemptEnd, Outcome, SnapshotPage, ToRComp } from '../../src/actors/protocol.ts';
import { createRComp, receiveAsRComp } from '../../src/actors/rcomp.ts';
import { homeOf } from '../../src/memory/directory.ts';
import { attemptOf, CONFIG, controlBlock, EMPTY_MAP, Hosted, type Letter } from '../support/actors.ts';
import { programOf } from '../support/scenario.ts';

const PAGE = CONFIG.pageSize;
const [A, B] = [attemptOf(0x1000n), attemptOf(0x2000n)];
const HEAP = 0x6_0000_0000;
const HOMES = 2;

/** A neighbouring page with another home. */
const FAR = Array.from({ length: 64 }, (_, i) => HEAP + PAGE * (i + 1)).find(
  (address) => homeOf(address / PAGE, HOMES) !== homeOf(HEAP / PAGE, HOMES),
)!;

/** A compartment, and the program that all of its runners execute. */
class Scene {
  readonly #program;
  readonly #map;
  readonly rcomp;

  constructor(source: string, said: Partial<MachineConfig> = {}) {
    this.#program = programOf(`.entry main\nmain:\n${source}`);
    this.#map = {
      ...EMPTY_MAP,
      assembled: this.#program.sections.map(({ address, bytes }) => ({
        base: address,
        length: bytes.length,
      })),
    };
    this.rcomp = new Hosted(
      createRComp({
        kind: 'rcomp',
        id: 1,
        agent: 0,
        config: { ...CONFIG, homes: HOMES, ...said },
        map: this.#map,
      }),
      receiveAsRComp,
    );
  }

  get entry(): number {
    return this.#program.entry;
  }

  /** All pages of the code. */
  get code(): SnapshotPage[] {
    const pages = new Map<number, Uint8Array>();
    for (const { address, bytes } of this.#program.sections)
      bytes.forEach((byte, i) => {
        const page = Math.floor((address + i) / PAGE);
        const content = pages.get(page) ?? new Uint8Array(PAGE);
        pages.set(page, content);
        content[(address + i) % PAGE] = byte;
      });
    return [...pages].map(([page, bytes]) => ({ page, bytes }));
  }

  start(
    attempt: AttemptId,
    sequence: number,
    control: Partial<ControlBlock> = {},
    pages = this.code,
  ): Letter[] {
    return this.rcomp.tell({
      type: 'start',
      sequence,
      attempt,
      control: controlBlock({
        id: attempt.runner,
        fi: this.entry,
        heap: [{ base: HEAP, length: FAR + PAGE - HEAP, merge: 0 }],
        ...control,
      }),
      sv: 5,
      pages,
    });
  }

  tell(message: ToRComp): Letter[] {
    return this.rcomp.tell(message);
  }
}

/** The answer to the attempt's first need, or to the one that is said. */
const zero = (attempt: AttemptId, address: number, number = 1): ToRComp => ({
  type: 'pages',
  attempt,
  number,
  pages: [address].map((address) => ({ page: address / PAGE, bytes: null })),
});

const ended = (attempt: AttemptId, end: Partial<AttemptEnd>) => [
  { to: 'agent:0@0', type: 'ended', rcomp: 1, attempt, end: expect.objectContaining(end) },
];

const staged = (replica: number, attempt = A): ToRComp => ({ type: 'staged', replica, attempt });

describe('slices', () => {
  test('each is a message of its own, so that runners overlap and can be dropped', () => {
    const scene = new Scene('loop: br:j loop', { slice: 3 });
    const slice = [{ to: 'rcomp:1@0', type: 'slice', attempt: A }];

    expect(scene.start(A, 1)).toEqual(slice);
    expect(scene.tell({ type: 'slice', attempt: A })).toEqual(slice);
    expect(scene.tell({ type: 'stop', attempt: A })).toEqual(ended(A, { type: 'lost' }));
    expect(scene.tell({ type: 'slice', attempt: A })).toEqual([]);
  });

  test('a page that is missing is asked for, with those that a sequential reader will miss next', () => {
    const scene = new Scene(`mov ${HEAP + 8}, r0\nexit:a`);
    const page = HEAP / PAGE;

    expect(scene.start(A, 1, { heap: [{ base: HEAP, length: 3 * PAGE, merge: 0 }] })).toEqual([
      { to: 'agent:0@0', type: 'need', rcomp: 1, attempt: A, number: 1, pages: [page, page + 1, page + 2] },
    ]);
    expect(scene.tell({ type: 'slice', attempt: A })).toEqual([]);
    expect(scene.tell(zero(A, HEAP))).toEqual(ended(A, { type: 'abort' }));
  });

  test('I29: pages that come twice make it ask for nothing twice', () => {
    const scene = new Scene(`mov ${HEAP}, r0\nmov ${FAR}, r0\nexit:a`);
    scene.start(A, 1);

    expect(scene.tell(zero(A, HEAP))).toMatchObject([{ type: 'need' }]);
    expect(scene.tell(zero(A, HEAP))).toEqual([]);
    expect(scene.tell(zero(A, FAR, 2))).toEqual(ended(A, { type: 'abort' }));
  });

  test('pages ahead are few, however long the range', () => {
    const scene = new Scene(`mov ${HEAP + 8}, r0\nexit:a`);

    expect(scene.start(A, 1, { heap: [{ base: HEAP, length: 2 ** 44, merge: 0 }] })).toMatchObject([
      { type: 'need', pages: { length: 8 } },
    ]);
  });

  test('a page that is no longer kept ends the attempt', () => {
    const scene = new Scene(`mov ${HEAP}, r0\nexit:a`);
    scene.start(A, 1);

    expect(scene.tell({ type: 'too-old', attempt: A })).toEqual(
      ended(A, { type: 'snapshot-too-old', sv: 5 }),
    );
  });
});

describe('a commit', () => {
  const write = `mov $1, ${HEAP}\nmov $2, ${FAR}\nexit:c`;
  const [near, far] = [HEAP, FAR].map((address) => homeOf(address / PAGE, HOMES)) as [number, number];

  test('is staged at every home first; the master is asked once all of them hold it', () => {
    const scene = new Scene(write);
    const stages = scene.start(A, 1);

    expect(stages).toMatchObject([
      { to: `home:${near}@0`, type: 'stage', attempt: A, sv: 5, patches: [{ page: HEAP / PAGE }] },
      { to: `home:${far}@0`, type: 'stage', attempt: A, sv: 5, patches: [{ page: FAR / PAGE }] },
    ]);
    expect(scene.tell(staged(near))).toEqual([]);
    expect(scene.tell(staged(near))).toEqual([]);
    expect(scene.tell(staged(far))).toEqual(
      ended(A, {
        type: 'commit',
        sv: 5,
        spans: [
          { base: HEAP, length: 8, merge: 0 },
          { base: FAR, length: 8, merge: 0 },
        ],
        homes: [near, far],
        executed: 3,
      }),
    );
    expect(scene.tell(staged(far))).toEqual([]);
  });

  test('of an attempt that was told to stop is dropped at the homes: nobody else knows of it', () => {
    const scene = new Scene(write);
    scene.start(A, 1);
    scene.tell(staged(near));
    const letters = scene.tell({ type: 'stop', attempt: A });

    expect(letters).toEqual([
      { to: `home:${near}@0`, type: 'drop', epoch: 1, attempt: A },
      { to: `home:${far}@0`, type: 'drop', epoch: 1, attempt: A },
      ...ended(A, { type: 'lost', sv: 5 }),
    ]);
    expect(scene.tell(staged(far))).toEqual([]);
  });

  test('without written bytes goes straight to the master', () => {
    expect(new Scene('exit:c').start(A, 1)).toEqual(ended(A, { type: 'commit', spans: [], homes: [] }));
  });

  test('carries output and the stack never (I15)', () => {
    const stack = 0x3e00_0000_0000;
    const scene = new Scene(`mov $1, ${stack}\nmov $0x41:b, ctx.stdout:b\nexit:c`);

    expect(scene.start(A, 1, { stack: { base: stack, length: 8 } })).toEqual(
      ended(A, { type: 'commit', spans: [], output: [{ channel: 'stdout', bytes: Uint8Array.of(0x41) }] }),
    );
  });
});

test.each<[string, string, Partial<AttemptEnd>]>([
  ['exit:a', 'exit:a', { type: 'abort', detach: false }],
  ['exit:ad', 'exit:ad', { type: 'abort', detach: true }],
  ['exit:cd', 'exit:cd', { type: 'commit', detach: true }],
  ['a fault', `mov $1, ${HEAP - 8}`, { type: 'fault', executed: 1 }],
])('%s stages nothing and ends at once', (_, source, end) => {
  expect(new Scene(source).start(A, 1)).toEqual(ended(A, end));
});

describe('with the engine wasm', () => {
  const LOOP = 'loop: br:j loop';
  const wasm = (source: string, prelude = 10) => new Scene(source, { engine: 'wasm', prelude });
  const commit: Outcome = {
    type: 'commit',
    patches: [{ page: HEAP / PAGE, runs: [{ address: HEAP + 8, bytes: new Uint8Array(8), merge: 0 }] }],
    reads: [{ base: HEAP, length: 8 }],
    children: [],
    output: [],
    detach: false,
    executed: 1_000,
  };
  const executed = (attempt: AttemptId, pages = expect.anything()) => ({
    to: 'compartment:1@0',
    type: 'execute',
    attempt,
    control: expect.objectContaining({ id: attempt.runner }),
    sv: 5,
    pages,
  });
  const cancelled = (attempt: AttemptId) => ({ to: 'compartment:1@0', type: 'cancel', attempt });
  const cameBack = (attempt: AttemptId, outcome: Outcome | null = commit): ToRComp => ({
    type: 'compartment-ended',
    attempt,
    outcome,
    loads: [],
  });

  test('a runner that is over after its prelude never leaves the RComp', () => {
    expect(wasm('exit:a').start(A, 1)).toEqual(ended(A, { type: 'abort', executed: 1 }));
    expect(wasm('mov $1, r0\nexit:a', 2).start(A, 1)).toEqual(ended(A, { type: 'abort', executed: 2 }));
  });

  test('a longer one begins anew in its compartment, with all pages that have come so far', () => {
    const scene = wasm(`mov ${HEAP}, r0\n${LOOP}`);
    scene.start(A, 1);

    expect(scene.tell(zero(A, HEAP))).toEqual([
      executed(A, [...scene.code, { page: HEAP / PAGE, bytes: null }]),
    ]);
  });

  test('another one of the same code goes there at once, until one has turned out to be short', () => {
    const scene = wasm(LOOP);
    scene.start(A, 1);
    scene.tell(cameBack(A));
    scene.tell(staged(homeOf(HEAP / PAGE, HOMES)));

    expect(scene.start(B, 2)).toEqual([executed(B, scene.code)]);
    scene.tell(cameBack(B, { type: 'abort', detach: false, executed: 10 }));
    expect(scene.rcomp.state.long.size).toBe(0);
  });

  test('without a prelude all go there', () => {
    const scene = wasm('exit:a', 0);

    expect(scene.start(A, 1)).toEqual([executed(A, scene.code)]);
  });

  test('pages that the compartment needs are asked for and passed on', () => {
    const scene = wasm(LOOP, 0);
    scene.start(A, 1);

    const pages = [HEAP / PAGE, HEAP / PAGE + 1];
    expect(scene.tell({ type: 'compartment-needs', attempt: A, pages })).toEqual([
      { to: 'agent:0@0', type: 'need', rcomp: 1, attempt: A, number: 1, pages },
    ]);
    expect(scene.tell(zero(A, HEAP))).toEqual([
      { to: 'compartment:1@0', type: 'supply', attempt: A, pages: [{ page: HEAP / PAGE, bytes: null }] },
    ]);
  });

  test('what comes back is staged, and then the master is asked, as ever', () => {
    const scene = wasm(LOOP, 0);
    scene.start(A, 1);
    const home = homeOf(HEAP / PAGE, HOMES);

    expect(scene.tell(cameBack(A))).toMatchObject([
      { to: `home:${home}@0`, type: 'stage', attempt: A, sv: 5 },
    ]);
    expect(scene.tell(cameBack(A))).toEqual([]);
    expect(scene.tell(staged(home))).toEqual(
      ended(A, {
        type: 'commit',
        sv: 5,
        spans: [{ base: HEAP + 8, length: 8, merge: 0 }],
        reads: [{ base: HEAP, length: 8 }],
        homes: [home],
        executed: 1_000,
      }),
    );
  });

  test.each<[string, Outcome | null, Partial<AttemptEnd>]>([
    ['an abort', { type: 'abort', detach: true, executed: 9 }, { type: 'abort', detach: true, executed: 9 }],
    [
      'a fault',
      { type: 'fault', fault: { cause: 'fuel', pc: 1, address: null, detail: '' }, executed: 9 },
      { type: 'fault', executed: 9 },
    ],
    ['the death of the compartment', null, { type: 'lost', sv: 5 }],
  ])('%s ends the attempt', (_, outcome, end) => {
    const scene = wasm(LOOP, 0);
    scene.start(A, 1);

    expect(scene.tell(cameBack(A, outcome))).toEqual(ended(A, end));
    expect(scene.tell(cameBack(A, outcome))).toEqual([]);
  });

  test.each<[string, ToRComp, Partial<AttemptEnd>]>([
    ['is told to stop', { type: 'stop', attempt: A }, { type: 'lost' }],
    ['has lost its snapshot', { type: 'too-old', attempt: A }, { type: 'snapshot-too-old' }],
  ])('the compartment drops an attempt that %s', (_, message, end) => {
    const scene = wasm(LOOP, 0);
    scene.start(A, 1);

    expect(scene.tell(message)).toEqual([cancelled(A), ...ended(A, end)]);
    expect(scene.tell(cameBack(A))).toEqual([]);
    expect(scene.tell({ type: 'compartment-needs', attempt: A, pages: [7] })).toEqual([]);
  });

  test('the compartment drops an incumbent that the agent has given up', () => {
    const scene = wasm(LOOP, 0);
    scene.start(A, 1);

    expect(scene.start(B, 2)).toEqual([cancelled(A), executed(B)]);
  });
});

describe('one runner at a time', () => {
  const peek = `mov $7, r9\nmov $7, 0x100001000\nmov $7, ${HEAP}\nloop: br:j loop`;

  test('I29: a start that comes again, at once or late, is ignored', () => {
    const scene = new Scene('exit:a');
    scene.start(A, 1);
    scene.start(B, 2);

    expect(scene.start(B, 2)).toEqual([]);
    expect(scene.start(A, 1)).toEqual([]);
  });

  test('what concerns an attempt that is no longer here is ignored', () => {
    const scene = new Scene('loop: br:j loop', { slice: 3 });
    scene.start(B, 1);

    for (const type of ['slice', 'stop', 'too-old'] as const)
      expect(scene.tell({ type, attempt: A })).toEqual([]);
    expect(scene.tell({ type: 'slice', attempt: { ...B, number: 2 } })).toEqual([]);
    expect(scene.tell({ type: 'slice', attempt: { ...B, epoch: 2 } })).toEqual([]);
    expect(scene.tell(zero(A, HEAP))).toEqual([]);
    expect(scene.tell(staged(0))).toEqual([]);
  });

  test('a newer start takes the place of an incumbent that the agent has given up', () => {
    const scene = new Scene('loop: br:j loop', { slice: 3 });
    scene.start(A, 1);
    scene.start(B, 2);

    expect(scene.tell({ type: 'slice', attempt: A })).toEqual([]);
    expect(scene.tell({ type: 'slice', attempt: B })).toHaveLength(1);
  });

  test('I17: nothing of an attempt outlives it: registers, private words, written and snapshot bytes', () => {
    const scene = new Scene(
      `br:nz ${HEAP}, first\n` +
        `add r9, 0x100001000, r9\nadd r9, ${HEAP}, r9\nmov r9, ctx.stdout\nexit:c\nfirst:\n${peek}`,
      { slice: 100 },
    );
    scene.start(A, 1);
    const full = new Uint8Array(PAGE).fill(1);
    scene.tell({ type: 'pages', attempt: A, number: 1, pages: [{ page: HEAP / PAGE, bytes: full }] });

    expect(scene.start(B, 2)).toMatchObject([{ type: 'need', attempt: B }]);
    expect(scene.tell(zero(B, HEAP))).toEqual(
      ended(B, { type: 'commit', output: [{ channel: 'stdout', bytes: new Uint8Array(8) }] }),
    );
  });
});
