/** A journal over a commit log: what waits goes as one batch, and nothing is safe before the log says so. */

import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { MemoryCommitLog } from '../../../../src/actors/commit-log.ts';
import { LogJournal } from '../../../../src/actors/node/cluster/log-journal.ts';
import { decodeDecided } from '../../../../src/actors/node/wire/decided.ts';

const floor = (version: number) => [{ type: 'floor', floor: version }] as const;

/** A log whose appends end when a test says so. */
function slowLog() {
  const log = new MemoryCommitLog();
  const epoch = log.claim();
  const batches: number[] = [];
  const waiting: (() => void)[] = [];
  const append = async (of: number, batch: readonly Uint8Array[]) => {
    batches.push(batch.length);
    await new Promise<void>((goOn) => waiting.push(goOn));
    return log.append(of, batch);
  };
  const sync = async () => {
    waiting.shift()?.();
    await setImmediate();
  };
  return { log, epoch, batches, append, sync };
}

test('what is appended while a batch is under way is the next batch, and counts once the log has it', async () => {
  const { log, epoch, batches, append, sync } = slowLog();
  const journal = new LogJournal({ append }, epoch, () => {});
  const heard: number[] = [];
  journal.onSafe = () => heard.push(journal.safe);
  expect(journal.append(floor(1))).toBe(1);
  expect(journal.append(floor(2))).toBe(2);
  await setImmediate();
  journal.append(floor(3));
  journal.append(floor(4));
  expect([batches, journal.safe]).toEqual([[2], 0]);
  await sync();
  expect([batches, journal.safe]).toEqual([[2, 2], 2]);
  await sync();
  journal.append(floor(5));
  await setImmediate();
  await sync();

  expect(heard).toEqual([2, 4, 5]);
  expect(log.read(1)).toHaveLength(5);
  expect(
    [...(log.read(1) as readonly { bytes: Uint8Array }[])].map(({ bytes }) => decodeDecided(bytes)),
  ).toEqual([1, 2, 3, 4, 5].map((version) => ({ ok: true, value: floor(version) })));
});

test.each([
  ['another master has taken over', () => 'fenced' as const, 'another master has taken over this log'],
  [
    'the disk is full',
    () => {
      throw new Error('no space left');
    },
    'no space left',
  ],
])('where %s, nothing is safe any more, and that is told once', async (_, append, why) => {
  const failures: string[] = [];
  const journal = new LogJournal({ append }, 1, ({ message }) => failures.push(message));
  journal.append(floor(1));
  await setImmediate();
  journal.append(floor(2));
  await setImmediate();

  expect(journal.safe).toBe(0);
  expect(failures).toEqual([why]);
});
