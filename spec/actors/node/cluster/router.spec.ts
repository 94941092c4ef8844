/** Letters between nodes: batched by the turn, in parts where they are long, and none lost for want of room. */

import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Router } from '../../../../src/actors/node/cluster/router.ts';
import { Outbox } from '../../../../src/actors/node/link/outbox.ts';
import { LINK_OPTIONS } from '../../../../src/actors/node/link/web-socket-endpoint.ts';
import { WebSocketTransport } from '../../../../src/actors/node/link/web-socket-transport.ts';
import { LocalTransport } from '../../../../src/actors/node/local-transport.ts';
import type { Endpoint } from '../../../../src/actors/node/transport.ts';
import { SHARED_BYTES } from '../../../../src/actors/node/wire/long-bytes.ts';
import type { Letter } from '../../../../src/actors/node/wire/wire.ts';
import { anyLetter } from '../../../support/messages.ts';
import { runs } from '../../../support/runs.ts';

const letter = (run: number, bytes = 0): Letter => ({
  kind: 'device',
  run,
  id: 1,
  message: { type: 'device-write', offset: 0, bytes: new Uint8Array(bytes).fill(run) },
});

interface Heard {
  readonly letters: Letter[];
  readonly broken: string[];
  readonly tooLong: [number, number][];
}

function listening(longest?: number): { readonly router: Router; readonly heard: Heard } {
  const heard: Heard = { letters: [], broken: [], tooLong: [] };
  const router = new Router(
    {
      hear: (_, letters) => heard.letters.push(...letters),
      onBroken: (from, why) => heard.broken.push(`${from}: ${why}`),
      onTooLong: (_, { run }, bytes) => heard.tooLong.push([run, bytes]),
    },
    longest,
  );
  return { router, heard };
}

/** Two nodes, and what the second one hears. */
function pair(window: number, longest?: number) {
  const transport = new LocalTransport(window);
  const [near, far] = [listening(longest), listening(longest)];
  near.router.connect(transport.join(0, near.router));
  far.router.connect(transport.join(1, far.router));
  return { near: near.router, heard: far.heard, told: near.heard, far: far.router, transport };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
}

/** An endpoint that takes what a test says, and what it took. */
function counting(takes: () => boolean): { readonly endpoint: Endpoint; readonly frames: Uint8Array[] } {
  const frames: Uint8Array[] = [];
  const send = (_: number, frame: Uint8Array) => {
    if (!takes()) return false;
    frames.push(frame);
    return true;
  };
  return { frames, endpoint: { send, close: async () => {} } };
}

test('letters arrive each once and in order, however small the window and however often connections break', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(anyLetter, { maxLength: 4 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.nat(7)),
      async (turns, window, breaks) => {
        const { near, heard, transport } = pair(window);
        for (const [turn, letters] of turns.entries()) {
          for (const one of letters) near.post(1, one);
          if (breaks.includes(turn)) transport.breakConnection(0, 1);
          await setImmediate();
        }
        await settle();
        expect(heard.letters).toStrictEqual(turns.flat());
      },
    ),
    runs(100),
  );
});

test('what is posted in one turn goes in one frame', async () => {
  const { router } = listening();
  const { endpoint, frames } = counting(() => true);
  router.connect(endpoint);
  for (let run = 0; run < 100; run += 1) router.post(1, letter(run));
  await setImmediate();

  expect(frames.length).toBe(1);
});

test('a long letter goes in parts, between its neighbours', async () => {
  const { near, heard } = pair(2);
  const letters = [letter(1), letter(2, 3_000_000), letter(3), letter(4, 600_000), letter(5)];
  for (const one of letters) near.post(1, one);
  await settle();

  // Vitest's own comparison takes seconds for so many bytes.
  expect(isDeepStrictEqual(heard.letters, letters)).toBe(true);
});

test('a frame whose bytes nobody heeds any more lends its memory to the next one, and no other does', async () => {
  const { router } = listening();
  const { endpoint, frames } = counting(() => true);
  router.connect(endpoint);
  const send = async (bytes: number) => {
    router.post(1, letter(1, bytes));
    await setImmediate();
    return frames.at(-1)!;
  };
  const first = await send(400_000);
  const second = await send(400_000);
  router.released(first);
  router.released(new Uint8Array(400_000));
  const short = await send(100_000);
  const third = await send(500_000);
  const fourth = await send(500_000);

  expect(third.buffer === first.buffer).toBe(true);
  expect(new Set([second, short, third, fourth].map(({ buffer }) => buffer)).size).toBe(4);
});

test('frames that wait for a peer that is stalled hold 8 MiB at the most, whatever their lengths', async () => {
  const { room } = LINK_OPTIONS;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(fc.nat(20_000), fc.integer({ min: 100_000, max: 600_000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.integer({ min: 1, max: 4 }),
      async (lengths, turn) => {
        const outbox = new Outbox(room, () => {});
        const { router } = listening();
        router.connect({ send: (_, frame) => outbox.take(frame), close: async () => {} });
        for (let bytes = 0, i = 0; bytes < 2 * room.bytes && i < 10_000; i += 1) {
          const length = lengths[i % lengths.length]!;
          router.post(1, letter(i, length));
          bytes += length;
          if (i % turn === 0) await setImmediate();
        }
        const held = new Set(outbox.pending.map(({ buffer }) => buffer));
        const bytes = [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
        expect(bytes).toBeLessThanOrEqual(2 ** 23);
      },
    ),
    runs(30),
  );
});

test('letters in memory that is used again arrive as they were, however often connections break', async () => {
  const transport = new WebSocketTransport();
  const [near, far] = [listening(), listening()];
  const all = Array.from({ length: 60 }, (_, i) => letter(i, 300_000 + 5_000 * (i % 40)));
  const ends = [await transport.join(0, near.router), await transport.join(1, far.router)];
  near.router.connect(ends[0]!);
  far.router.connect(ends[1]!);
  for (const [i, one] of all.entries()) {
    near.router.post(1, one);
    if (i % 9 === 0) transport.breakConnection(0, 1);
    await setImmediate();
  }
  while (far.heard.letters.length < all.length && far.heard.broken.length === 0) await setImmediate();
  for (const end of ends) await end.close();

  expect(far.heard.letters.every((one, i) => isDeepStrictEqual(one, all[i]))).toBe(true);
});

test('what is refused for want of room goes once there is room, before what was posted later', async () => {
  let room = false;
  const { router } = listening();
  const { endpoint, frames } = counting(() => room);
  router.connect(endpoint);
  router.post(1, letter(1));
  await setImmediate();
  router.post(1, letter(2));
  await setImmediate();
  expect(frames).toEqual([]);
  room = true;
  router.room(1);

  const { router: reader, heard } = listening();
  for (const frame of frames) reader.receive(0, frame);
  expect(heard.letters).toStrictEqual([letter(1), letter(2)]);
});

test('nothing goes to a node that is forgotten', async () => {
  const { router } = listening();
  const { endpoint, frames } = counting(() => true);
  router.connect(endpoint);
  router.post(1, letter(1));
  router.forget(1);
  await setImmediate();

  expect(frames).toEqual([]);
});

test('a letter that is too long is told of and not sent; the others are', async () => {
  const { near, heard, told } = pair(64, 10_000);
  near.post(1, letter(1));
  near.post(1, letter(2, 10_000));
  near.post(1, letter(3));
  await settle();

  expect(heard.letters).toStrictEqual([letter(1), letter(3)]);
  expect(told.tooLong).toEqual([[2, expect.any(Number)]]);
});

/** The first part of a message that begins so. */
const part = (...content: number[]) => {
  const frame = new Uint8Array(SHARED_BYTES);
  frame.set([1, ...content]);
  return frame;
};

/** As they stand after a tag. */
const NO_LETTERS = [0, 0, 0, 1, 0x90] as const;

test.each([
  ['nothing', [[]], 'a frame that is neither letters nor a part'],
  ['an unknown tag', [[7, ...NO_LETTERS]], 'a frame that is neither letters nor a part'],
  [
    'letters between parts',
    [part(...NO_LETTERS), [0, ...NO_LETTERS]],
    'a frame that is neither letters nor a part',
  ],
  ['no letters', [[0, 0, 0, 0, 1, 0xc0]], 'a message that is none: list expected'],
  [
    'parts of no letters',
    [part(0, 0, 0, 2, 0x91, 0xc0), [2, 0]],
    'a message that is none: variants expected',
  ],
  ['parts without end', [part(), part()], 'a message of more than 1000000 bytes'],
  ['a part that is short', [[1, ...NO_LETTERS]], 'a part of 6 bytes'],
  ['a last part without content', [part(), [2]], 'a part of 1 bytes'],
] as const)('a node that sends %s is not heard any more', (_, frames, why) => {
  const { router, heard } = listening(1_000_000);
  for (const frame of frames) router.receive(3, Uint8Array.from(frame));
  router.receive(3, Uint8Array.of(0, ...NO_LETTERS));

  expect(heard.broken).toEqual([`3: ${why}`]);
  expect(heard.letters).toEqual([]);
});
