import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantError } from '../../src/invariant.ts';
import type { MergeType } from '../../src/memory/merge.ts';
import type { Span } from '../../src/memory/span.ts';
import { type Collision, WriteHistory } from '../../src/memory/write-history.ts';
import { anyRanges, anySpans, bytesOf, kindsOf } from '../support/memory.ts';
import { runs } from '../support/runs.ts';

interface Commit {
  readonly version: number;
  readonly writer: bigint;
  readonly kinds: ReadonlyMap<number, MergeType>;
}

/** The history beside the dumb model: each commit's bytes, never forgotten. */
interface Past {
  readonly history: WriteHistory;
  readonly log: readonly Commit[];
  readonly floor: number;
  readonly now: number;
}

const anyStep = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('record' as const),
      gap: fc.integer({ min: 1, max: 2 }),
      writer: fc.bigInt({ min: 1n, max: 4n }),
      spans: anySpans,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('forget' as const), draw: fc.nat() }) },
);

const anyPast: fc.Arbitrary<Past> = fc.array(anyStep, { maxLength: 20 }).map((steps) => {
  const history = new WriteHistory();
  const log: Commit[] = [];
  let floor = 0;
  let now = 0;
  for (const step of steps) {
    if (step.type === 'forget') {
      floor += step.draw % (now - floor + 1);
      history.forget(floor);
    } else {
      now += step.gap;
      history.record(now, step.writer, step.spans);
      log.push({ version: now, writer: step.writer, kinds: kindsOf(step.spans) });
    }
  }
  return { history, log, floor, now };
});

/** A version that questions may still be about. */
function drawVersion({ floor, now }: Past, draw: number): number {
  return floor + (draw % (now - floor + 1));
}

/** Rule 6, for one byte. */
function clash(mine: MergeType, theirs: MergeType | undefined): boolean {
  return theirs !== undefined && (mine === 0 || mine !== theirs);
}

/** That the collision is one: the commit it names wrote all of its bytes, after `since`, against the asker's kinds. */
function expectReal(
  { log }: Past,
  since: number,
  kinds: ReadonlyMap<number, MergeType>,
  collision: Collision,
): void {
  const commit = log.find(({ version }) => version === collision.version)!;

  expect(commit.writer).toBe(collision.writer);
  expect(commit.version).toBeGreaterThan(since);
  expect(collision.length).toBeGreaterThan(0);
  for (const byte of bytesOf([collision])) {
    expect(kinds.has(byte) && clash(kinds.get(byte)!, commit.kinds.get(byte))).toBe(true);
  }
}

describe('validation', () => {
  test('rule 3, I4, I5: a commit whose written bytes overlap those of any commit in (sv, now] is a conflict; no false conflicts. Rule 6: contributions of the same type never conflict', () => {
    fc.assert(
      fc.property(anyPast, anySpans, fc.nat(), (past, spans, draw) => {
        const sv = drawVersion(past, draw);
        for (const span of spans) {
          const kinds = kindsOf([span]);
          const clashes = past.log.some(
            (commit) =>
              commit.version > sv && [...kinds].some(([byte, kind]) => clash(kind, commit.kinds.get(byte))),
          );
          const collision = past.history.conflict([span], sv);

          expect(collision !== null).toBe(clashes);
          if (collision !== null) expectReal(past, sv, kinds, collision);
        }
        const alone = spans.map((span) => past.history.conflict([span], sv));
        expect(past.history.conflict(spans, sv)).toEqual(alone.find((one) => one !== null) ?? null);
      }),
      runs(2000),
    );
  });

  test('rule 5: what a serializable runner could read is validated against every write in (sv, now], contributions too', () => {
    fc.assert(
      fc.property(anyPast, anyRanges, fc.nat(), (past, reads, draw) => {
        const sv = drawVersion(past, draw);
        const bytes = bytesOf(reads);
        const written = past.log.some(
          ({ version, kinds }) => version > sv && [...kinds.keys()].some((byte) => bytes.has(byte)),
        );
        const collision = past.history.readConflict(reads, sv);

        expect(collision !== null).toBe(written);
        if (collision === null) return;
        expectReal(past, sv, new Map([...bytes].map((byte) => [byte, 0])), collision);
      }),
      runs(1000),
    );
  });

  test('rule 3: neighbours in a word never abort each other', () => {
    const history = new WriteHistory();
    history.record(1, 7n, [{ base: 3, length: 1, merge: 0 }]);

    expect(history.conflict([{ base: 2, length: 1, merge: 0 }], 0)).toBeNull();
    expect(history.conflict([{ base: 4, length: 4, merge: 0 }], 0)).toBeNull();
    expect(history.conflict([{ base: 0, length: 8, merge: 0 }], 0)).toEqual({
      version: 1,
      writer: 7n,
      base: 3,
      length: 1,
    });
  });

  test('rule 6: a contribution does not hide the plain write before it', () => {
    const history = new WriteHistory();
    const word = { base: 8, length: 8 };
    history.record(1, 1n, [{ ...word, merge: 0 }]);
    history.record(2, 2n, [{ ...word, merge: 1 }]);
    history.record(3, 3n, [{ ...word, merge: 1 }]);

    expect(history.conflict([{ ...word, merge: 1 }], 0)).toMatchObject({ version: 1, writer: 1n });
    expect(history.conflict([{ ...word, merge: 1 }], 1)).toBeNull();
    expect(history.conflict([{ ...word, merge: 2 }], 2)).toMatchObject({ version: 3, writer: 3n });
  });
});

describe('arming of watchers', () => {
  test('rules 20, 24: the first commit after `since` by another runner that writes a watched byte is found as by a scan of the log', () => {
    fc.assert(
      fc.property(
        anyPast,
        anyRanges,
        fc.nat(),
        fc.bigInt({ min: 0n, max: 4n }),
        (past, ranges, draw, except) => {
          const since = drawVersion(past, draw);
          const bytes = bytesOf(ranges);
          const first = past.log.find(
            ({ version, writer, kinds }) =>
              version > since && writer !== except && [...kinds.keys()].some((byte) => bytes.has(byte)),
          );
          const touch = past.history.firstTouch(ranges, since, except);

          expect(touch?.version).toBe(first?.version);
          if (touch === null) return;
          expectReal(past, since, new Map([...bytes].map((byte) => [byte, 0])), touch);
          expect(touch.base).toBe(Math.min(...[...first!.kinds.keys()].filter((byte) => bytes.has(byte))));
        },
      ),
      runs(2000),
    );
  });

  test('rule 20: the creator’s own later write does not hide another’s earlier one', () => {
    const history = new WriteHistory();
    const spans: Span[] = [{ base: 0, length: 8, merge: 0 }];
    history.record(1, 1n, spans);
    history.record(2, 2n, spans);

    expect(history.firstTouch([{ base: 4, length: 1 }], 0, 2n)).toEqual({
      version: 1,
      writer: 1n,
      base: 4,
      length: 1,
    });
    expect(history.firstTouch([{ base: 4, length: 1 }], 1, 2n)).toBeNull();
  });
});

describe('the memory of the history', () => {
  test('what no question can be about is forgotten, whatever it was', () => {
    fc.assert(
      fc.property(anyPast, ({ history, log, floor, now }) => {
        for (const { version, kinds } of log) {
          expect(kindsOf(history.spansOf(version))).toEqual(version > floor ? kinds : new Map());
        }
        history.forget(now);

        expect(history.size).toBe(0);
        expect(() => history.conflict([], now - 1)).toThrow(InvariantError);
      }),
      runs(300),
    );
  });

  test('commits come in the order of the log', () => {
    const history = new WriteHistory();
    history.record(2, 1n, []);

    expect(() => history.record(2, 1n, [])).toThrow(InvariantError);
  });

  test('one hot word is one interval, however often it is written', () => {
    const history = new WriteHistory();
    for (let version = 1; version <= 1000; version++) {
      history.record(version, 1n, [{ base: 64, length: 8, merge: version % 2 === 0 ? 0 : 1 }]);
    }

    expect(history.size).toBe(1);
  });

  test('a commit, its validation and a watcher that nothing touched cost O(log n) for n live intervals', () => {
    const stepsOf = (live: number): number => {
      const history = new WriteHistory();
      const place = (i: number): number => (Math.imul(i, 0x9e3779b1) >>> 0) * 16;
      for (let i = 1; i <= live; i++) history.record(i, 1n, [{ base: place(i), length: 8, merge: 0 }]);
      expect(history.size).toBe(live);
      const before = history.steps;
      for (let i = 1; i <= 500; i++) {
        const spans: Span[] = [{ base: place(i) + 4, length: 8, merge: i % 2 === 0 ? 1 : 0 }];
        history.conflict(spans, 0);
        history.firstTouch(spans, live + i - 1, 0n);
        history.record(live + i, 2n, spans);
      }
      return (history.steps - before) / 500;
    };

    expect(stepsOf(1000)).toBeLessThan(15 * Math.log2(1000));
    expect(stepsOf(100_000)).toBeLessThan(15 * Math.log2(100_000));
  });
});
