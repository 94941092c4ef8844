/** What a master's node keeps on disk. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as lmdb from 'lmdb';
import { afterAll, describe, expect, test } from 'vitest';
import { Store } from '../../../../src/actors/node/cluster/store.ts';
import { commitLogSuite } from '../../../../testing/suites/commit-log.ts';
import { scale } from '../../../support/runs.ts';

const directory = mkdtempSync(join(tmpdir(), 'dvm-store-'));
const open = new Set<Store>();
afterAll(async () => {
  for (const store of open) await store.close();
  rmSync(directory, { recursive: true });
});

function opened(name: string): Store {
  const store = Store.open(join(directory, name));
  open.add(store);
  return store;
}

describe('a commit log on disk', () => {
  let id = 0;
  const create = () => {
    id += 1;
    const name = `log-${Math.floor(id / 20)}`;
    const store = [...open].find((one) => names.get(one) === name) ?? named(name);
    const log = store.logOf(id);
    return { log, epochs: log };
  };
  const names = new Map<Store, string>();
  const named = (name: string) => {
    const store = opened(name);
    names.set(store, name);
    return store;
  };
  for (const { name, run } of commitLogSuite(create, { scale: scale * 0.4 })) test(name, run);
});

describe('a store', () => {
  test.each([
    ['before formats were told', null, 1],
    ['in a format to come', 3, 3],
  ])('is refused if it was written %s, however often it is opened', async (_, format, told) => {
    const name = `format-${told}`;
    const written = opened(name);
    await written.add({ id: 1, submitted: 12_345, submission: Uint8Array.of(1) });
    await written.close();
    open.delete(written);
    const root = lmdb.open({ path: join(directory, name, 'dvm.mdb'), maxDbs: 8 });
    const heads = root.openDB<number, [number, string]>({ name: 'heads' });
    if (format === null) await heads.remove([0, 'format']);
    else await heads.put([0, 'format'], format);
    await root.close();

    for (let again = 0; again < 2; again += 1)
      expect(() => Store.open(join(directory, name))).toThrow(
        `written by a version of dvm that keeps its log in another way (format ${told}, not 2): go on with that version, or name another directory`,
      );
  });

  test('has what was put into it when it is opened again', async () => {
    const first = opened('again');
    await first.add({ id: 1, submitted: 12_345, submission: Uint8Array.of(1, 2, 3) });
    await first.add({ id: 7, submitted: 67_890, submission: Uint8Array.of() });
    const epoch = await first.logOf(7).claim();
    await first.logOf(7).append(epoch, [Uint8Array.of(9), Uint8Array.of(8)]);
    await first.close();
    open.delete(first);
    const second = opened('again');

    expect(second.programs()).toEqual([
      { id: 1, submitted: 12_345, submission: Uint8Array.of(1, 2, 3) },
      { id: 7, submitted: 67_890, submission: Uint8Array.of() },
    ]);
    expect(second.logOf(7).read(1)).toEqual([
      { version: 1, epoch, bytes: Uint8Array.of(9) },
      { version: 2, epoch, bytes: Uint8Array.of(8) },
    ]);
    expect(await second.logOf(7).claim()).toBe(epoch + 1);
  });

  test('has a checkpoint in the place of the steps that it stands for, with all pages so far', async () => {
    const store = opened('checkpoints');
    const log = store.logOf(3);
    const epoch = await log.claim();
    await log.append(
      epoch,
      [1, 2, 3, 4].map((byte) => Uint8Array.of(byte)),
    );
    expect(store.checkpoint(3)).toBe(null);
    const page = (number: number, byte: number) => ({ page: number, bytes: Uint8Array.of(byte) });
    const outputs = [{ io: 0, offset: 7, bytes: Uint8Array.of(8) }];
    await store.saveCheckpoint(3, epoch, {
      steps: 2,
      state: Uint8Array.of(1),
      pages: [page(5, 1), page(6, 1)],
      outputs,
    });
    await store.saveCheckpoint(3, epoch, { steps: 3, state: Uint8Array.of(2), pages: [page(6, 2)], outputs });

    expect(store.checkpoint(3)).toEqual({
      steps: 3,
      state: Uint8Array.of(2),
      pages: [page(5, 1), page(6, 2)],
      outputs,
    });
    expect(log.read(3)).toBe('gone');
    expect(log.read(4)).toMatchObject([{ version: 4 }]);
    expect(await log.append(epoch, [Uint8Array.of(5)])).toBe(5);
    await store.remove(3, epoch);
    expect(store.checkpoint(3)).toBe(null);
  });

  test('takes nothing from a master that another one has followed, and nothing older than it has', async () => {
    const store = opened('fenced');
    const log = store.logOf(4);
    const old = await log.claim();
    await log.append(
      old,
      [1, 2, 3, 4].map((byte) => Uint8Array.of(byte)),
    );
    const checkpoint = (steps: number) => ({ steps, state: Uint8Array.of(steps), pages: [], outputs: [] });
    const newer = await log.claim();
    await store.saveCheckpoint(4, newer, checkpoint(3));
    await store.saveCheckpoint(4, old, checkpoint(4));
    await store.saveCheckpoint(4, newer, checkpoint(2));
    await store.remove(4, old);

    expect(store.checkpoint(4)).toMatchObject({ steps: 3, state: Uint8Array.of(3) });
    expect(log.read(4)).toHaveLength(1);
  });

  test('keeps logs apart, and nothing of a program that is removed', async () => {
    const store = opened('apart');
    for (const id of [1, 2]) {
      await store.add({ id, submitted: 0, submission: Uint8Array.of(id) });
      await store.logOf(id).append(await store.logOf(id).claim(), [Uint8Array.of(id), Uint8Array.of(id)]);
    }
    await store.remove(1, 1);

    expect(store.programs().map(({ id }) => id)).toEqual([2]);
    expect(store.logOf(1).read(1)).toEqual([]);
    expect(await store.logOf(1).claim()).toBe(1);
    expect(store.logOf(2).read(1)).toHaveLength(2);
  });
});
