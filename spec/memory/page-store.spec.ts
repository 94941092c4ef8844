import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import { PageStore } from '../../src/memory/page-store.ts';
import { PageVersions } from '../../src/memory/page-versions.ts';
import { applyPatch, type PagePatch } from '../../src/memory/patch.ts';
import { runs } from '../support/runs.ts';

const PAGE_SIZE = 16;
const PAGES = [0, 1, 2];
const IMAGE = new Uint8Array(PAGE_SIZE).fill(0xaa);

const anyPatch = (page: number): fc.Arbitrary<PagePatch> =>
  fc.record({
    page: fc.constant(page),
    runs: fc.array(
      fc.oneof(
        fc.tuple(fc.nat(12), fc.uint8Array({ minLength: 1, maxLength: 4 })).map(([at, bytes]) => ({
          address: page * PAGE_SIZE + at,
          bytes,
          merge: 0 as const,
        })),
        fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => ({
          address: page * PAGE_SIZE + 8,
          bytes,
          merge: 1 as const,
        })),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  });

interface Step {
  readonly type: (typeof STEPS)[number];
  /** Which attempt, floor, message or gap between versions. */
  readonly draw: number;
  /** What is staged, or recorded by the master. */
  readonly patches: readonly PagePatch[];
}

const STEPS = ['stage', 'decide', 'record', 'drop', 'abandon', 'floor', 'replay'] as const;

const anyPatches = fc.subarray(PAGES).chain((pages) => fc.tuple(...pages.map(anyPatch)));

const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    type: fc.constantFrom(...STEPS, 'stage', 'decide', 'replay'),
    draw: fc.nat(),
    patches: fc.oneof(anyPatches, fc.constant([])),
  }),
  { maxLength: 40 },
);

interface Attempt {
  readonly key: string;
  /** Null: an arrival of input. */
  readonly sv: number | null;
  readonly patches: readonly PagePatch[];
}

/** A home beside the dumb model: every version of every page, and the messages so far, for replays. */
class Scene {
  readonly store = new PageStore({ pageSize: PAGE_SIZE });
  /** Content by page, by version. */
  readonly memory: (Uint8Array | null)[][] = [[null, IMAGE, null]];
  readonly #pending: Attempt[] = [];
  readonly #messages: (() => void)[] = [];
  #made = 0;
  floor = 0;

  constructor() {
    this.store.load(1, IMAGE);
  }

  get newest(): number {
    return this.memory.length - 1;
  }

  take(step: Step, replays: boolean): void {
    switch (step.type) {
      case 'stage': {
        const attempt = {
          key: `${this.#made++}`,
          sv: step.draw % 4 === 0 ? null : this.newest,
          patches: step.patches,
        };
        this.#pending.push(attempt);
        this.#send(() => this.store.stage(attempt.key, attempt.sv, attempt.patches));
        break;
      }
      case 'decide': {
        const attempt = this.#settle(step.draw);
        if (attempt !== undefined) this.#decide(attempt.key, attempt.patches, step);
        break;
      }
      case 'record':
        this.#decide(null, [], step);
        break;
      case 'drop': {
        const attempt = this.#settle(step.draw);
        if (attempt !== undefined) this.#send(() => this.store.drop(attempt.key));
        break;
      }
      case 'abandon':
        this.#settle(step.draw);
        break;
      case 'floor': {
        // No floor passes the snapshot of an attempt that may still be decided.
        const limit = Math.min(this.newest, ...this.#pending.map(({ sv }) => sv ?? this.newest));
        const floor = this.floor + (step.draw % (limit - this.floor + 1));
        this.floor = floor;
        this.#send(() => this.store.raiseFloor(floor));
        break;
      }
      case 'replay':
        if (replays) this.#messages[step.draw % this.#messages.length]?.();
    }
  }

  check(): void {
    for (const page of PAGES) {
      for (let at = 0; at < this.floor; at++) expect(this.store.read(page, at)).toBe('below-floor');
      for (let at = this.floor; at <= this.newest; at++) {
        const read = this.store.read(page, at);

        expect(read).toMatchObject({ bytes: this.memory[at]![page]! });
        if (read === 'below-floor') continue;
        expect(read.from).toBeLessThanOrEqual(at);
        expect(read.through).toBeGreaterThanOrEqual(at);
        for (
          let same = Math.max(this.floor, read.from);
          same <= Math.min(read.through, this.newest);
          same++
        ) {
          expect(this.memory[same]![page]).toEqual(read.bytes);
        }
      }
    }
  }

  /** All that anyone can see of the home. */
  seen(): unknown {
    const { applied, floor, retainedBytes } = this.store;
    const counts = PAGES.map((page) => this.store.versionCount(page));
    const reads = PAGES.map((page) => this.memory.map((_, at) => this.store.read(page, at)));
    return { applied, floor, retainedBytes, counts, reads };
  }

  #settle(draw: number): Attempt | undefined {
    return this.#pending.splice(draw % Math.max(1, this.#pending.length), 1)[0];
  }

  #decide(key: string | null, staged: readonly PagePatch[], { draw, patches }: Step): void {
    for (let i = 0; i <= draw % 3; i++) this.memory.push([...this.memory[this.newest]!]);
    const version = this.newest;
    for (const patch of [...staged, ...patches]) {
      this.memory[version]![patch.page] = applyPatch(this.memory[version]![patch.page]!, PAGE_SIZE, patch);
    }
    this.#send(() => this.store.decide(key, version, patches));
  }

  #send(message: () => void): void {
    message();
    this.#messages.push(message);
  }
}

function played(steps: readonly Step[], replays: boolean, check: boolean): Scene {
  const scene = new Scene();
  for (const step of steps) {
    scene.take(step, replays);
    if (check) scene.check();
  }
  return scene;
}

describe('what a page home keeps', () => {
  test('I10, I12: read(page, v) = M_v from the floor to the newest version; below the floor is an error, never data', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        played(steps, true, true);
      }),
      runs(300),
    );
  });

  test('I29: stage, decide, drop and floor that come again, however late, change nothing', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        expect(played(steps, true, false).seen()).toEqual(played(steps, false, false).seen());
      }),
      runs(300),
    );
  });

  test('I12: at rest one version a page remains, and no byte of another', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const { store } = played(steps, true, false);
        store.raiseFloor(store.applied);

        expect(PAGES.map((page) => store.versionCount(page))).toEqual([1, 1, 1]);
        expect(store.retainedBytes).toBe(0);
      }),
      runs(200),
    );
  });

  test('retained bytes are those of the versions that are not the newest', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    const patches: PagePatch[] = [{ page: 5, runs: [{ address: 80, bytes: Uint8Array.of(1), merge: 0 }] }];
    const seen: number[] = [];
    for (let version = 1; version <= 4; version++) {
      store.stage(`${version}`, version - 1, patches);
      store.decide(`${version}`, version);
      seen.push(store.retainedBytes);
    }
    for (let floor = 1; floor <= 4; floor++) {
      store.raiseFloor(floor);
      seen.push(store.retainedBytes);
    }

    expect(seen).toEqual([0, 16, 32, 48, 48, 32, 16, 0]);
  });

  test('raising the floor visits the pages that were written since, not all', () => {
    const collect = vi.spyOn(PageVersions.prototype, 'collect');
    const store = new PageStore({ pageSize: PAGE_SIZE });
    for (let page = 0; page < 10_000; page++) store.load(page, IMAGE);
    for (let version = 1; version <= 100; version++) {
      const runs = [{ address: version * PAGE_SIZE, bytes: Uint8Array.of(1), merge: 0 as const }];
      store.decide(null, version, [{ page: version, runs }]);
      store.raiseFloor(version);
    }

    expect(collect).toHaveBeenCalledTimes(100);
    collect.mockRestore();
  });

  test('rule 25: a status record is written over its runner’s commit in one version, or takes a version of its own', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    const byte = (at: number, value: number): PagePatch => ({
      page: 0,
      runs: [{ address: at, bytes: Uint8Array.of(value), merge: 0 }],
    });
    store.stage('a', 0, [byte(0, 1)]);

    const [both] = store.decide('a', 1, [byte(0, 2)]);
    expect(both?.runs.map(({ bytes }) => bytes[0])).toEqual([1, 2]);
    expect(store.decide(null, 2, [byte(1, 3)])).toEqual([byte(1, 3)]);
    expect(store.decide(null, 2, [byte(1, 4)])).toEqual([]);
    expect(store.read(0, 1)).toMatchObject({ bytes: { 0: 2, 1: 0 }, from: 1, through: 1 });
    expect(store.read(0, 2)).toMatchObject({ bytes: { 0: 2, 1: 3 }, from: 2 });
  });

  test('a stage is new once, is remembered when settled, and is refused below the floor', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });

    expect(store.stage('a', 0, [])).toBe(true);
    expect(store.stage('a', 0, [])).toBe(false);
    store.drop('a');
    expect(store.stage('a', 0, [])).toBe(false);
    store.raiseFloor(3);
    expect(store.stage('a', 0, [])).toBe(false);
    expect(store.stage('b', 3, [])).toBe(true);
  });

  test('deciding what was dropped, or was never staged, is our own mistake', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    store.stage('a', 0, []);
    store.drop('a');

    expect(() => store.decide('a', 1)).toThrow(InvariantError);
    expect(() => store.decide('b', 1)).toThrow(InvariantError);
  });

  test('I7: what was decided cannot be decided again as another version', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    store.stage('a', 0, []);
    store.decide('a', 1);

    expect(() => store.decide('a', 2)).toThrow(InvariantError);
  });

  test('an arrival reads no snapshot: no floor passes its stage, and it is remembered until one passes its commit', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    const patches: PagePatch[] = [{ page: 0, runs: [{ address: 0, bytes: Uint8Array.of(1), merge: 0 }] }];
    store.raiseFloor(5);

    expect(store.stage('line 1', null, patches)).toBe(true);
    store.raiseFloor(6);
    expect(store.decide('line 1', 7)).toEqual(patches);
    store.raiseFloor(7);
    expect(store.stage('line 1', null, patches)).toBe(false);
  });

  test('an image is loaded whole, and before the page is written', () => {
    const store = new PageStore({ pageSize: PAGE_SIZE });
    store.load(0, IMAGE);

    expect(() => store.load(0, IMAGE)).toThrow(InvariantError);
    expect(() => store.load(1, IMAGE.subarray(1))).toThrow(InvariantError);
  });
});
