/** Cost of validation and of finding watchers against how much is live: prints one table a question. */

import { RangeIndex } from '../src/memory/range-index.ts';
import type { Range } from '../src/memory/ranges.ts';
import type { Span } from '../src/memory/span.ts';
import { WriteHistory } from '../src/memory/write-history.ts';

const OPERATIONS = 100_000;
const WATCHERS = 100_000;
const RANGES_PER_WATCHER = 2;

/** Word i of a shared region in which neighbours in time are strangers in space. */
function word(i: number): Range {
  return { base: 2 ** 34 + (Math.imul(i, 0x9e3779b1) >>> 0) * 16, length: 8 };
}

function span(i: number): Span {
  const { base, length } = word(i);
  return { base, length, merge: 0 };
}

/** Nanoseconds that one call of `operation` takes: the best of five rounds, so other work on the machine counts little. */
function nanoseconds(operation: (i: number) => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < OPERATIONS; i++) operation(round * OPERATIONS + i);
    best = Math.min(best, Number(process.hrtime.bigint() - start));
  }
  return Math.round(best / OPERATIONS);
}

/** Bytes that `make` leaves alive, inside and outside the garbage-collected heap. */
function retained<T>(make: () => T): { readonly value: T; readonly bytes: number } {
  const used = (): number => {
    if (globalThis.gc === undefined) throw new Error('run this with node --expose-gc');
    globalThis.gc();
    globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const value = make();
  return { value, bytes: used() - before };
}

function history(live: number): WriteHistory {
  const writes = new WriteHistory();
  for (let i = 1; i <= live; i++) writes.record(i, 1n, [span(i)]);
  return writes;
}

const ranges = Array.from({ length: WATCHERS * RANGES_PER_WATCHER }, (_, i) => word(i));
const { value: index, bytes } = retained(() => {
  const watchers = new RangeIndex<number>();
  for (let key = 0; key < WATCHERS; key++) {
    watchers.insert(key, ranges.slice(key * RANGES_PER_WATCHER, (key + 1) * RANGES_PER_WATCHER));
  }
  return watchers;
});

console.log(`${WATCHERS} watchers of ${RANGES_PER_WATCHER} words each`);
console.table({
  'bytes an entry': Math.round(bytes / WATCHERS),
  'ns a commit that touches none': nanoseconds((i) => index.touched([word(i + ranges.length)])),
  'ns a commit that touches one': nanoseconds((i) => index.touched([word(i % ranges.length)])),
  'ns to delete and insert': nanoseconds((i) => {
    const key = i % WATCHERS;
    index.delete(key);
    index.insert(key, [word(key * RANGES_PER_WATCHER), word(key * RANGES_PER_WATCHER + 1)]);
  }),
});

console.log('commits of one word, n live intervals (ns)');
console.table(
  [1e2, 1e3, 1e4, 1e5, 1e6].map((live) => {
    const writes = history(live);
    let version = live;
    return {
      live,
      'conflict, none': nanoseconds((i) => writes.conflict([span(live + 1 + i)], live / 2)),
      'conflict, one': nanoseconds((i) => writes.conflict([span(1 + (i % live))], 0)),
      'first touch, none': nanoseconds((i) => writes.firstTouch([word(i % live)], live, 0n)),
      'rewrite a word': nanoseconds((i) => writes.record(++version, 1n, [span(1 + (i % live))])),
      'write and forget': nanoseconds((i) => {
        writes.record(++version, 1n, [span(live + i)]);
        writes.forget(version - live);
      }),
    };
  }),
);
