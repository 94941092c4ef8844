import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { ChannelDevice, FULL } from '../../../../src/actors/node/devices/channel-device.ts';
import { openInputFile, openOutputFile } from '../../../../src/actors/node/devices/files.ts';
import { InFileDevice } from '../../../../src/actors/node/devices/in-file-device.ts';
import { OutFileDevice } from '../../../../src/actors/node/devices/out-file-device.ts';
import { StreamDevice } from '../../../../src/actors/node/devices/stream-device.ts';
import type { ToIo } from '../../../../src/actors/protocol.ts';
import { runs } from '../../../support/runs.ts';

const directory = mkdtempSync(join(tmpdir(), 'dvm-spec-'));
afterAll(() => rmSync(directory, { recursive: true }));
const place = (name: string): string => join(directory, name);

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

/** Answers as they come, and a way to wait for the n-th. */
function answers() {
  const heard: ToIo[] = [];
  const until = async (count: number): Promise<readonly ToIo[]> => {
    while (heard.length < count) await setImmediate();
    return heard;
  };
  return { heard, until, reply: (message: ToIo) => heard.push(message) };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await setImmediate();
}

/** A sink that takes a chunk only when told to. */
function slowSink() {
  const taken: string[] = [];
  let release: (() => void) | null = null;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      taken.push(chunk.toString());
      release = done;
    },
  });
  return { sink, taken, release: () => release?.() };
}

test('a channel brings its bytes out in their order, and a slow reader gets what has gathered in one piece', async () => {
  const { sink, taken, release } = slowSink();
  const { heard, reply } = answers();
  const device = new ChannelDevice(sink, reply);
  device.receive({ type: 'device-write', offset: 0, bytes: bytes('a') });
  device.receive({ type: 'device-write', offset: 1, bytes: bytes('bc') });
  device.receive({ type: 'device-write', offset: 3, bytes: bytes('d') });
  device.receive({ type: 'device-flush' });
  await settle();

  expect([taken, heard]).toEqual([['a'], []]);
  release();
  await settle();
  expect([taken, heard]).toEqual([['a', 'bcd'], []]);
  release();
  await settle();
  expect(heard).toEqual([{ type: 'device-flushed' }]);
});

test('a channel in which too much waits says that it is full, and when there is room again', async () => {
  const { sink, release } = slowSink();
  const { heard, reply } = answers();
  const device = new ChannelDevice(sink, reply);
  device.receive({ type: 'device-write', offset: 0, bytes: new Uint8Array(FULL) });
  expect(heard).toEqual([]);
  device.receive({ type: 'device-write', offset: FULL, bytes: new Uint8Array(1) });
  device.receive({ type: 'device-write', offset: FULL + 1, bytes: new Uint8Array(1) });

  expect(heard).toEqual([{ type: 'device-full', isFull: true }]);
  device.remind();
  expect(heard).toHaveLength(2);
  release();
  await settle();
  expect(heard.slice(2)).toEqual([{ type: 'device-full', isFull: false }]);
});

test('a channel with a gap or a repetition is our own mistake', () => {
  const device = new ChannelDevice(new PassThrough(), () => {});
  device.receive({ type: 'device-write', offset: 0, bytes: bytes('ab') });

  expect(() => device.receive({ type: 'device-write', offset: 1, bytes: bytes('b') })).toThrow(
    'order of its offsets',
  );
});

test('a channel whose sink fails says so once, and again for each flush', async () => {
  const sink = new Writable({ write: (_chunk, _encoding, done) => done(new Error('gone')) });
  const { heard, reply } = answers();
  const device = new ChannelDevice(sink, reply);
  device.receive({ type: 'device-write', offset: 0, bytes: bytes('a') });
  device.receive({ type: 'device-flush' });
  device.receive({ type: 'device-write', offset: 1, bytes: bytes('b') });
  await settle();
  device.receive({ type: 'device-flush' });
  await settle();

  const failed = { type: 'device-failed', error: 'gone' };
  expect(heard).toEqual([failed, failed, failed]);
});

test('a closed channel leaves no listener at its sink', async () => {
  const sink = new PassThrough();
  const device = new ChannelDevice(sink, () => {});
  await device.close();

  expect(sink.listenerCount('error')).toBe(0);
});

test('an input file is read where it is asked for', async () => {
  writeFileSync(place('in'), 'hello, world');
  const { until, reply } = answers();
  const file = await openInputFile(place('in'));
  const device = new InFileDevice(file, reply);
  device.receive({ type: 'device-read', offset: 7, length: 5 });

  expect(file.length).toBe(12);
  expect(await until(1)).toEqual([{ type: 'device-bytes', offset: 7, bytes: bytes('world') }]);
  await device.close();
});

test('an input file that becomes shorter during the run fails, and gives no zeros', async () => {
  writeFileSync(place('shrinking'), 'hello, world');
  const { until, reply } = answers();
  const device = new InFileDevice(await openInputFile(place('shrinking')), reply);
  truncateSync(place('shrinking'), 8);
  device.receive({ type: 'device-read', offset: 7, length: 5 });

  expect(await until(1)).toMatchObject([
    { type: 'device-failed', error: expect.stringContaining('shorter than 12') },
  ]);
  await device.close();
});

test('an output file holds the last of the bytes written to each place, once a flush is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ offset: fc.nat(20), bytes: fc.uint8Array({ maxLength: 12 }) }), { maxLength: 20 }),
      async (writes) => {
        const file = await openOutputFile(place('out'));
        await file.begin(32);
        const { until, reply } = answers();
        const device = new OutFileDevice(file, reply);
        for (const write of writes) device.receive({ type: 'device-write', ...write });
        device.receive({ type: 'device-flush' });

        expect(await until(1)).toEqual([{ type: 'device-flushed' }]);
        const expected = new Uint8Array(32);
        for (const write of writes) expected.set(write.bytes, write.offset);
        expect(new Uint8Array(readFileSync(place('out')))).toEqual(expected);
        await device.close();
      },
    ),
    runs(50),
  );
});

test('an output file that fails says so once, and again for each flush', async () => {
  const { until, reply } = answers();
  const device = new OutFileDevice(
    { write: () => Promise.reject(new Error('full')), close: async () => {} },
    reply,
  );
  device.receive({ type: 'device-write', offset: 0, bytes: bytes('a') });
  device.receive({ type: 'device-write', offset: 1, bytes: bytes('b') });
  device.receive({ type: 'device-flush' });

  const failed = { type: 'device-failed', error: 'full' };
  expect(await until(2)).toEqual([failed, failed]);
});

test('a file is opened without being touched, and only a regular one', async () => {
  writeFileSync(place('kept'), 'kept');
  await (await openOutputFile(place('kept'))).close();

  expect(readFileSync(place('kept'), 'utf8')).toBe('kept');
  await expect(openOutputFile(directory)).rejects.toThrow('not a regular file');
  await expect(openInputFile('/dev/null')).rejects.toThrow('not a regular file');
});

test('a stream never takes more than is welcome, keeps the order, and tells its end', async () => {
  const source = fc.array(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      source,
      fc.array(fc.integer({ min: 1, max: 9 })),
      fc.boolean(),
      async (chunks, credits, objects) => {
        const readable = objects ? Readable.from(chunks) : Readable.from(chunks, { objectMode: false });
        const { heard, until, reply } = answers();
        const device = new StreamDevice(readable, reply);
        let welcome = 0;
        for (const credit of credits) {
          welcome += credit;
          device.receive({ type: 'device-credit', bytes: credit });
          await setImmediate();
          expect(taken(heard).length).toBeLessThanOrEqual(welcome);
        }
        const whole = Buffer.from(chunks.join(''));
        device.receive({ type: 'device-credit', bytes: whole.length + 1 });
        while (heard.at(-1)?.type !== 'input-ended') await until(heard.length + 1);

        expect(taken(heard)).toEqual(whole);
        await device.close();
      },
    ),
    runs(100),
  );
});

test('a closed stream leaves its source to its owner, paused and unlistened', async () => {
  const source = new PassThrough();
  const { heard, reply } = answers();
  const device = new StreamDevice(source, reply);
  device.receive({ type: 'device-credit', bytes: 2 });
  source.write('abcd');
  await settle();
  await device.close();
  source.end('efgh');
  await settle();

  expect(taken(heard)).toEqual(Buffer.from('ab'));
  expect(source.listenerCount('readable')).toBe(0);
  expect(source.read()?.toString()).toBe('cdefgh');
});

/** All input so far; its offsets must fit. */
function taken(heard: readonly ToIo[]): Buffer {
  let all = Buffer.alloc(0);
  for (const message of heard) {
    if (message.type !== 'input') continue;
    expect(message.offset).toBe(all.length);
    all = Buffer.concat([all, message.bytes]);
  }
  return all;
}
