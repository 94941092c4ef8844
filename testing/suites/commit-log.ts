/** What is a commit log: the suite for every place where decisions can be kept. */

import fc from 'fast-check';
import type { CommitLog, Epochs, LogRecord } from '../../src/actors/commit-log.ts';
import type { Soon } from '../../src/actors/soon.ts';
import { type ConformanceTest, drawnLater, must, mustEqual, type SuiteOptions } from '../conformance.ts';

/** A fresh log that nobody has written to. */
export interface LogUnderTest {
  readonly log: CommitLog;
  readonly epochs: Epochs;
  /**
   * The process that writes it dies, with everything that is not yet where it outlives that; then the log is opened
   * again. Absent: it has nothing that outlives its process.
   */
  crash?(): Soon<Omit<LogUnderTest, 'crash'>>;
}

/** Some batches of records, each record one to three bytes. */
const anyBatches = fc.array(fc.array(fc.uint8Array({ minLength: 1, maxLength: 3 }), { maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
});

/** The suite for a log; `create` is called once for every drawn case. */
export function commitLogSuite(
  create: () => Soon<LogUnderTest>,
  options: SuiteOptions = {},
): ConformanceTest[] {
  const test = <T>(name: string, arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>) =>
    drawnLater(name, arbitrary, 50, options, check);
  return [
    test('versions are 1, 2, 3, … in the order of appending', anyBatches, async (batches) => {
      const { log, epochs } = await create();
      const epoch = await epochs.claim();
      let newest = 0;
      for (const batch of batches) {
        newest += batch.length;
        mustEqual(await log.append(epoch, batch), newest, 'the version of the last record of a batch');
      }
      mustEqual(versionsOf(await recordsOf(log)), upTo(newest), 'the versions in the log');
    }),
    test('what is appended is read, from any version on, with its epoch', anyBatches, async (batches) => {
      const { log, epochs } = await create();
      const all: LogRecord[] = [];
      for (const batch of batches) {
        const epoch = await epochs.claim();
        await log.append(epoch, batch);
        for (const bytes of batch) all.push({ version: all.length + 1, epoch, bytes });
        mustEqual(plain(await recordsOf(log)), plain(all), 'the log after an append');
      }
      for (let from = 1; from <= all.length + 1; from += 1)
        mustEqual(plain(await recordsOf(log, from)), plain(all.slice(from - 1)), `the log from ${from} on`);
    }),
    test('each claim is above all before it', fc.integer({ min: 2, max: 9 }), async (count) => {
      const { epochs } = await create();
      const claims: number[] = [];
      for (let i = 0; i < count; i += 1) claims.push(await epochs.claim());
      must(
        claims.every((claim, i) => i === 0 || claim > claims[i - 1]!),
        `epochs rise, and they are ${claims.join(', ')}`,
      );
    }),
    test(
      'only the newest epoch appends, and nothing of a fenced one is ever seen (I27)',
      anyBatches,
      async (batches) => {
        const { log, epochs } = await create();
        const old = await epochs.claim();
        const sizes: number[] = [];
        for (const batch of batches) sizes.push(await appended(log, old, batch));
        const young = await epochs.claim();
        mustEqual(await log.append(old, [Uint8Array.of(1)]), 'fenced', 'an append of the earlier epoch');
        mustEqual(await log.append(young + 1, [Uint8Array.of(1)]), 'fenced', 'an append that nobody claimed');
        const before = sizes.at(-1)!;
        mustEqual(
          await log.append(young, [Uint8Array.of(2)]),
          before + 1,
          'the first append of the new epoch',
        );
        mustEqual(
          (await recordsOf(log, before + 1)).map(({ epoch }) => epoch),
          [young],
          'the epochs since',
        );
      },
    ),
    test(
      'an append that a claim overtakes is fenced, or stands before all that the new epoch reads',
      anyBatches,
      async (batches) => {
        const { log, epochs } = await create();
        const old = await epochs.claim();
        const underWay = batches.map((batch) => log.append(old, batch));
        const young = await epochs.claim();
        const read = await recordsOf(log);
        const answers = await Promise.all(underWay);
        mustEqual(plain(await recordsOf(log)), plain(read), 'the log when all appends are answered');
        const kept = answers.filter((answer, i) => answer !== 'fenced' && batches[i]!.length > 0);
        mustEqual(Math.max(0, ...kept.map(Number)), read.length, 'the newest version that was answered');
        mustEqual(await log.append(young, [Uint8Array.of(1)]), read.length + 1, 'the next version');
      },
    ),
    test(
      'a checkpoint bounds what is kept, and numbers nothing anew',
      fc.tuple(anyBatches, fc.nat(), fc.nat()),
      async ([batches, first, second]) => {
        const { log, epochs } = await create();
        const epoch = await epochs.claim();
        const all = batches.flat();
        for (const batch of batches) await log.append(epoch, batch);
        let passed = 0;
        for (const draw of [first, second]) {
          const at = draw % (all.length + 1);
          await log.checkpoint(at);
          passed = Math.max(passed, at);
          if (passed > 0) mustEqual(await log.read(passed), 'gone', `the log from its checkpoint ${passed}`);
          mustEqual(
            (await recordsOf(log, passed + 1)).map(({ bytes }) => [...bytes]),
            all.slice(passed).map((bytes) => [...bytes]),
            'the log after its checkpoint',
          );
        }
        mustEqual(
          await log.append(epoch, [Uint8Array.of(1)]),
          all.length + 1,
          'the version after a checkpoint',
        );
      },
    ),
    ...crashes(create, options),
  ];
}

/** For those that claim to outlive their process. */
function crashes(create: () => Soon<LogUnderTest>, options: SuiteOptions): ConformanceTest[] {
  return [
    drawnLater(
      'a crash loses nothing that was acknowledged, and of the rest only whole batches from the end',
      fc.tuple(anyBatches, anyBatches),
      50,
      options,
      async ([answered, unanswered]) => {
        const { log, epochs, crash } = await create();
        if (crash === undefined) return;
        const epoch = await epochs.claim();
        for (const batch of answered) await log.append(epoch, batch);
        // Never answered: a process that is dead hears nothing.
        for (const batch of unanswered) void Promise.resolve(log.append(epoch, batch)).catch(() => {});
        const again = await crash();
        const kept = await recordsOf(again.log);
        const ends = [0];
        for (const batch of unanswered) ends.push(ends.at(-1)! + batch.length);
        const acknowledged = answered.flat().length;
        must(
          ends.includes(kept.length - acknowledged),
          `${acknowledged} acknowledged records are kept and then whole batches, and ${kept.length} records are there`,
        );
        const all = [...answered, ...unanswered].flat();
        const left = all.slice(0, kept.length).map((bytes, i) => ({ version: i + 1, epoch, bytes }));
        mustEqual(plain(kept), plain(left), 'the log after a crash');
        const next = await again.epochs.claim();
        must(next > epoch, `an epoch that is claimed after a crash is above ${epoch}, and it is ${next}`);
        mustEqual(await again.log.append(epoch, [Uint8Array.of(1)]), 'fenced', 'an append of the dead epoch');
        mustEqual(await again.log.append(next, [Uint8Array.of(1)]), kept.length + 1, 'the next version');
      },
    ),
  ];
}

async function appended(log: CommitLog, epoch: number, batch: readonly Uint8Array[]): Promise<number> {
  const version = await log.append(epoch, batch);
  must(version !== 'fenced', `the newest epoch, ${epoch}, appends`);
  return version;
}

async function recordsOf(log: CommitLog, from = 1): Promise<readonly LogRecord[]> {
  const records = await log.read(from);
  must(records !== 'gone', `the log is kept from ${from} on`);
  return records;
}

function versionsOf(records: readonly LogRecord[]): number[] {
  return records.map(({ version }) => version);
}

function upTo(newest: number): number[] {
  return Array.from({ length: newest }, (_, i) => i + 1);
}

/** Whatever kind of array the bytes are in. */
function plain(records: readonly LogRecord[]): unknown {
  return records.map(({ version, epoch, bytes }) => ({ version, epoch, bytes: [...bytes] }));
}
