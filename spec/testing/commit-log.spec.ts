/** Our own log runs the suite in `spec/actors/commit-log.spec.ts`; here is one that outlives its process, and some that are none. */

import { describe, expect, test } from 'vitest';
import { type LogRecord, MemoryCommitLog } from '../../src/actors/commit-log.ts';
import { commitLogSuite, type LogUnderTest } from '../../testing/suites/commit-log.ts';
import { failureIn } from '../support/failing.ts';
import { scale } from '../support/runs.ts';

const SEED = 5;

const plain = (log: MemoryCommitLog): LogUnderTest => ({ log, epochs: log });

/** Answers later, and forgets at a crash what it has not answered: all of it, or what `kept` says. */
class Slow extends MemoryCommitLog {
  readonly #batches: { readonly epoch: number; readonly batch: readonly Uint8Array[]; answered: boolean }[] =
    [];

  override append(epoch: number, batch: readonly Uint8Array[]): never {
    const kept = { epoch, batch, answered: false };
    const version = super.append(epoch, batch);
    if (version !== 'fenced') this.#batches.push(kept);
    const answer = Promise.resolve().then(() => {
      kept.answered = true;
      return version;
    });
    return answer as never;
  }

  crash(kept: (batches: readonly Uint8Array[][]) => readonly Uint8Array[][]): MemoryCommitLog {
    const again = new MemoryCommitLog();
    const epoch = again.claim();
    for (const { batch } of this.#batches.filter(({ answered }) => answered)) again.append(epoch, batch);
    const rest = this.#batches.filter(({ answered }) => !answered).map(({ batch }) => [...batch]);
    for (const batch of kept(rest)) again.append(epoch, batch);
    return again;
  }
}

const slow = (kept: Parameters<Slow['crash']>[0]) => (): LogUnderTest => {
  const log = new Slow();
  return { ...plain(log), crash: () => plain(log.crash(kept)) };
};

describe.each([
  ['loses', slow(() => [])],
  ['keeps', slow((batches) => batches)],
  ['keeps the first of', slow((batches) => batches.slice(0, 1))],
])('a log that %s what it has not acknowledged', (_, create) => {
  for (const { name, run } of commitLogSuite(create, { scale })) test(name, run);
});

class Unfenced extends MemoryCommitLog {
  #newest = 0;

  override claim(): number {
    this.#newest = super.claim();
    return this.#newest;
  }

  override append(epoch: number, batch: readonly Uint8Array[]): number | 'fenced' {
    return super.append(Math.max(epoch, this.#newest), batch);
  }
}

class Gap extends MemoryCommitLog {
  override read(from: number): readonly LogRecord[] | 'gone' {
    const records = super.read(from);
    return records === 'gone' ? records : records.filter(({ bytes }) => bytes[0] !== 0);
  }
}

class SameEpoch extends MemoryCommitLog {
  override claim(): number {
    super.claim();
    return 1;
  }
}

class Hoarding extends MemoryCommitLog {
  override checkpoint(): void {}
}

class Late extends MemoryCommitLog {
  override append(epoch: number, batch: readonly Uint8Array[]): never {
    return Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => super.append(Math.max(epoch, this.newest), batch)) as never;
  }

  newest = 0;

  override claim(): number {
    this.newest = super.claim();
    return this.newest;
  }
}

describe('the suite finds', () => {
  test.each([
    ['forgets a record', Gap, 'what is appended is read'],
    ['numbers its versions with gaps', Gap, 'versions are'],
    ['gives out an epoch twice', SameEpoch, 'each claim'],
    ['believes an old master', Unfenced, 'only the newest epoch'],
    ['lets an old append come after a claim', Late, 'an append that a claim overtakes'],
    ['keeps all for ever', Hoarding, 'a checkpoint'],
  ])('a log that %s', async (_, Log, name) => {
    const tests = commitLogSuite(() => plain(new Log()), { seed: SEED });

    expect(await failureIn(tests, name)).toContain('expected');
  });

  test.each([
    ['splits a batch at a crash', slow((batches) => batches.map((batch) => batch.slice(0, 1)))],
    ['keeps a later batch without the one before it', slow((batches) => batches.slice(1))],
    [
      'forgets what it has acknowledged',
      () => ({ ...plain(new Slow()), crash: () => plain(new MemoryCommitLog()) }),
    ],
  ])('a log that %s', async (_, create) => {
    expect(await failureIn(commitLogSuite(create, { seed: SEED }), 'a crash loses nothing')).toContain(
      'expected',
    );
  });
});
