/** A page store beside the dumb model: every version of every page. */

import fc from 'fast-check';
import type { PageStoreLike } from '../../src/memory/page-store.ts';
import { applyPatch, type PagePatch } from '../../src/memory/patch.ts';
import { must, mustEqual } from '../conformance.ts';

export const PAGE_SIZE = 16;
export const PAGES = [0, 1, 2];
export const IMAGE = new Uint8Array(PAGE_SIZE).fill(0xaa);

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

export interface Step {
  readonly type: (typeof STEPS)[number];
  /** Which attempt, floor, message or gap between versions. */
  readonly draw: number;
  /** What is staged, or recorded by the master. */
  readonly patches: readonly PagePatch[];
}

const STEPS = ['stage', 'decide', 'record', 'drop', 'abandon', 'floor', 'replay'] as const;

const anyPatches = fc.subarray(PAGES).chain((pages) => fc.tuple(...pages.map(anyPatch)));

export const anySteps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    type: fc.constantFrom(...STEPS, 'stage', 'decide', 'replay'),
    draw: fc.nat(),
    patches: fc.oneof(anyPatches, fc.constant([])),
  }),
  { maxLength: 40, size: 'max' },
);

interface Attempt {
  readonly key: string;
  /** Null: an arrival of input. */
  readonly sv: number | null;
  readonly patches: readonly PagePatch[];
}

/** With the messages so far, for replays. */
export class Scene {
  readonly store: PageStoreLike;
  /** Content by page, by version. */
  readonly memory: (Uint8Array | null)[][] = [[null, IMAGE, null]];
  readonly #pending: Attempt[] = [];
  readonly #messages: (() => void)[] = [];
  #made = 0;
  #checks = 0;
  floor = 0;

  constructor(store: PageStoreLike) {
    this.store = store;
    this.store.load(1, Uint8Array.from(IMAGE));
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

  /** Every page at every version, and the next time backwards: what was read last is so read first, after what happened since. */
  check(): void {
    const reads = PAGES.flatMap((page) => this.memory.map((_, at) => ({ page, at })));
    this.#checks += 1;
    for (const { page, at } of this.#checks % 2 === 0 ? reads.reverse() : reads) {
      const what = `page ${page} at ${at}, below floor ${this.floor}`;
      if (at < this.floor) mustEqual(this.store.read(page, at), 'below-floor', what);
      else this.#checkRead(page, at);
    }
  }

  #checkRead(page: number, at: number): void {
    const read = this.store.read(page, at);
    must(read !== 'below-floor', `page ${page} is kept at ${at}, and the floor is ${this.floor}`);
    mustEqual(plain(read.bytes), plain(this.memory[at]![page]!), `page ${page} at ${at}`);
    must(read.from <= at && at <= read.through, `[${read.from}, ${read.through}] holds ${at}`);
    const last = Math.min(read.through, this.newest);
    for (let same = Math.max(this.floor, read.from); same <= last; same += 1)
      mustEqual(
        plain(this.memory[same]![page]!),
        plain(read.bytes),
        `page ${page} at ${same}, which is what it is at ${at} by [${read.from}, ${read.through}]`,
      );
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

/** Plays all steps; `replays`: messages come again; `check`: after each. */
export function played(
  store: PageStoreLike,
  steps: readonly Step[],
  { replays, check }: { readonly replays: boolean; readonly check: boolean },
): Scene {
  const scene = new Scene(store);
  for (const step of steps) {
    scene.take(step, replays);
    if (check) scene.check();
  }
  return scene;
}

/** Whatever kind of array the bytes are in. */
function plain(bytes: Uint8Array | null): readonly number[] | null {
  return bytes === null ? null : [...bytes];
}
