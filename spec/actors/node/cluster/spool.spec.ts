/** Output that is kept until somebody has fetched it. */

import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Spool } from '../../../../src/actors/node/cluster/spool.ts';
import { runs } from '../../../support/runs.ts';

/** Everything from an offset on, as a follower takes it. */
function all(spool: Spool, from = 0): number[] {
  const bytes: number[] = [];
  for (let chunk = spool.after(from); chunk !== null; chunk = spool.after(from)) {
    bytes.push(...chunk.bytes);
    from = chunk.offset + chunk.bytes.length;
  }
  return bytes;
}

test('whatever came can be had from any offset on, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 5 })), fc.nat(40), (chunks, from) => {
      const spool = new Spool(() => {});
      for (const chunk of chunks) spool.write(chunk);
      const whole = chunks.flatMap((chunk) => [...chunk]);

      expect(spool.length).toBe(whole.length);
      expect(all(spool, from)).toEqual(whole.slice(from));
    }),
    runs(200),
  );
});

test('whoever writes waits while too much is not fetched, and goes on when it is', async () => {
  let news = 0;
  let written = 0;
  const spool = new Spool(() => (news += 1), 3);
  for (let i = 1; i <= 4; i += 1) spool.write(Uint8Array.of(i, i), () => (written += 1));
  await setImmediate();
  expect([news, written, spool.length]).toEqual([2, 1, 4]);
  spool.fetched(3);
  await setImmediate();
  expect([news, written, spool.length]).toEqual([4, 3, 8]);
  spool.fetched(100);
  await setImmediate();
  expect([written, spool.length]).toEqual([4, 8]);
  expect(all(spool)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
});

test('nobody waits once nothing is to be fetched any more', async () => {
  let written = 0;
  const spool = new Spool(() => {}, 1);
  for (let i = 0; i < 5; i += 1) spool.write(Uint8Array.of(i, i), () => (written += 1));
  await setImmediate();
  expect(written).toBe(0);
  spool.abandon();
  await setImmediate();

  expect(written).toBe(5);
});

test('what is fetched is let go of at last, and offsets go on', () => {
  const spool = new Spool(() => {});
  const mebibyte = new Uint8Array(2 ** 20);
  for (let i = 0; i < 10; i += 1) {
    spool.write(mebibyte);
    spool.fetched(spool.length);
  }
  expect(spool.forgotten).toBe(6 * 2 ** 20);
  expect(spool.after(0)?.offset).toBe(spool.forgotten);
});

test('another one goes on where it was', () => {
  const spool = new Spool(() => {});
  spool.resume(10);
  spool.write(Uint8Array.of(1, 2));

  expect([spool.length, spool.forgotten]).toEqual([12, 10]);
  expect(spool.after(11)).toEqual({ offset: 11, bytes: Buffer.from([2]) });
});
