/** What is a page store: the suite for everything that keeps the pages of a home. */

import type { PageStoreLike } from '../../src/memory/page-store.ts';
import type { PagePatch } from '../../src/memory/patch.ts';
import { type ConformanceTest, drawn, must, mustEqual, type SuiteOptions } from '../conformance.ts';
import { anySteps, IMAGE, PAGE_SIZE, PAGES, played, type Step } from './page-store-scene.ts';

/** Makes an empty store of pages of so many bytes. */
export type CreatePageStore = (options: { readonly pageSize: number }) => PageStoreLike;

/** The suite for a store; `create` is called once for every case. */
export function pageStoreSuite(create: CreatePageStore, options: SuiteOptions = {}): ConformanceTest[] {
  const fresh = () => create({ pageSize: PAGE_SIZE });
  const steps = (name: string, usual: number, check: (steps: Step[]) => void) =>
    drawn(name, anySteps, usual, options, check);
  return [
    steps(
      'I10, I12: read(page, v) = M_v from the floor to the newest version; below the floor is an error, never data',
      300,
      (all) => {
        played(fresh(), all, { replays: true, check: true });
      },
    ),
    steps('I29: stage, decide, drop and floor that come again, however late, change nothing', 300, (all) => {
      const often = played(fresh(), all, { replays: true, check: false });
      const once = played(fresh(), all, { replays: false, check: false });
      mustEqual(often.seen(), once.seen(), 'what is seen when messages come again');
    }),
    steps('I12: at rest one version a page remains, and no byte of another', 200, (all) => {
      const { store } = played(fresh(), all, { replays: true, check: false });
      store.raiseFloor(store.applied);
      const counts = PAGES.map((page) => store.versionCount(page));
      mustEqual(counts, [1, 1, 1], 'versions kept of each page');
      mustEqual(store.retainedBytes, 0, 'bytes kept of earlier versions');
    }),
    ...examples(fresh),
  ];
}

function examples(fresh: () => PageStoreLike): ConformanceTest[] {
  const test = (name: string, check: (store: PageStoreLike) => void): ConformanceTest => ({
    name,
    run: () => check(fresh()),
  });
  return [
    test('retained bytes are those of the versions that are not the newest', (store) => {
      const seen: number[] = [];
      for (let version = 1; version <= 4; version += 1) {
        store.stage(`${version}`, version - 1, [byteOf(5, 0, 1)]);
        store.decide(`${version}`, version);
        seen.push(store.retainedBytes);
      }
      for (let floor = 1; floor <= 4; floor += 1) {
        store.raiseFloor(floor);
        seen.push(store.retainedBytes);
      }
      mustEqual(seen, [0, 16, 32, 48, 48, 32, 16, 0], 'retained bytes after four commits and four floors');
    }),
    test('rule 25: a status record is written over its runner’s commit in one version, or takes a version of its own', (store) => {
      store.stage('a', 0, [byteOf(0, 0, 1)]);
      const [both] = store.decide('a', 1, [byteOf(0, 0, 2)]);
      mustEqual(
        both?.runs.map(({ bytes }) => bytes[0]),
        [1, 2],
        'the bytes applied as version 1',
      );
      mustEqual(store.decide(null, 2, [byteOf(0, 1, 3)]), [byteOf(0, 1, 3)], 'the patches of version 2');
      mustEqual(store.decide(null, 2, [byteOf(0, 1, 4)]), [], 'the patches of version 2 that comes again');
      mustEqual(firstBytes(store, 1), [2, 0], 'the bytes at version 1');
      mustEqual(firstBytes(store, 2), [2, 3], 'the bytes at version 2');
    }),
    test('a stage is new once, is remembered when settled, and is refused below the floor', (store) => {
      mustEqual(store.stage('a', 0, []), true, 'the answer to a stage');
      mustEqual(store.stage('a', 0, []), false, 'the answer to a stage that comes again');
      store.drop('a');
      mustEqual(store.stage('a', 0, []), false, 'the answer to a stage that was dropped');
      store.raiseFloor(3);
      mustEqual(store.stage('a', 0, []), false, 'the answer to a stage below the floor');
      mustEqual(store.stage('b', 3, []), true, 'the answer to a stage at the floor');
    }),
    test('deciding what was dropped, or was never staged, is refused', (store) => {
      store.stage('a', 0, []);
      store.drop('a');
      mustThrow(() => store.decide('a', 1), 'deciding what was dropped');
      mustThrow(() => store.decide('b', 1), 'deciding what was never staged');
    }),
    test('I7: what was decided cannot be decided again as another version', (store) => {
      store.stage('a', 0, []);
      store.decide('a', 1);
      mustThrow(() => store.decide('a', 2), 'deciding a second time');
    }),
    test('an arrival reads no snapshot: no floor passes its stage, and it is remembered until one passes its commit', (store) => {
      store.raiseFloor(5);
      mustEqual(store.stage('line 1', null, [byteOf(0, 0, 1)]), true, 'the answer to an arrival');
      store.raiseFloor(6);
      mustEqual(store.decide('line 1', 7), [byteOf(0, 0, 1)], 'the patches of the arrival');
      store.raiseFloor(7);
      mustEqual(store.stage('line 1', null, []), false, 'the answer to an arrival that comes again');
    }),
    test('an image is loaded whole, and before the page is written', (store) => {
      store.load(0, Uint8Array.from(IMAGE));
      mustThrow(() => store.load(0, Uint8Array.from(IMAGE)), 'loading a page twice');
      mustThrow(() => store.load(1, IMAGE.slice(1)), 'loading a part of a page');
    }),
    test('what is loaded as of a later version is not taken for what was there before', (store) => {
      store.begin(5, 2);
      store.load(0, Uint8Array.from(IMAGE), 5);
      mustEqual(store.read(0, 4), 'below-floor', 'the page before it was loaded, and above the floor');
      mustEqual(firstBytes(store, 5), [...IMAGE.slice(0, 2)], 'the bytes at version 5');
      mustEqual(store.stage('a', 2, [byteOf(0, 0, 9)]), true, 'the answer to a stage at the floor');
      store.decide('a', 6);
      mustEqual(firstBytes(store, 6), [9, IMAGE[1]], 'the bytes at version 6');
    }),
  ];
}

/** One byte of a page. */
function byteOf(page: number, at: number, value: number): PagePatch {
  return { page, runs: [{ address: page * PAGE_SIZE + at, bytes: Uint8Array.of(value), merge: 0 }] };
}

/** The first two bytes of page 0. */
function firstBytes(store: PageStoreLike, at: number): unknown {
  const read = store.read(0, at);
  return read === 'below-floor' ? read : [read.bytes?.[0], read.bytes?.[1]];
}

function mustThrow(run: () => unknown, what: string): void {
  let threw = false;
  try {
    run();
  } catch {
    threw = true;
  }
  must(threw, `${what} throws`);
}
