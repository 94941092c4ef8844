import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { WebSocketEndpoint } from '../../../../src/actors/node/link/web-socket-endpoint.ts';
import { connectReadingWhole, WholePayloads } from '../../../../src/actors/node/link/whole-payloads.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const LONGEST = 2 ** 20;
const ANSWER = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n');

/** A binary message (RFC 6455, 5.2); its mask is zeros. */
function frame(payload: Uint8Array, masks = false): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = 0x82;
  head[1] = length < 126 ? length : length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  if (!masks) return Buffer.concat([head, payload]);
  head[1] |= 0x80;
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

const payload = (length: number, seed: number) =>
  new Uint8Array(length).map((_, i) => Math.imul(i + seed, 0x9e37_79b1) >>> 24);

/** What comes out as it is put in, so many bytes at a time at the most. */
function passed(reader: WholePayloads, stream: Uint8Array, most: () => number): Buffer[] {
  const out: Buffer[] = [];
  for (let at = 0; at < stream.length; ) {
    const room = reader.room();
    const some = stream.subarray(at, at + Math.max(1, Math.min(room.length, most())));
    room.set(some);
    at += some.length;
    const bytes = reader.filled(some.length);
    if (bytes !== null) out.push(bytes);
  }
  return out;
}

const anyLength = fc.oneof(
  fc.nat(200),
  fc.constantFrom(0, 125, 126, 65_535, 65_536, 65_537, LONGEST),
  fc.integer({ min: 65_536, max: 300_000 }),
);
const anyPayload = fc.record({ length: anyLength, seed: fc.nat(255), masks: fc.boolean() });

describe('a connection whose long payloads are read whole', () => {
  it('brings what was sent, however it was cut on its way, long payloads whole, and nothing of it changes later', () => {
    fc.assert(
      fc.property(
        fc.array(anyPayload, { maxLength: 6 }),
        fc.array(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.boolean(),
        (payloads, cuts, isUpgrade) => {
          const head = isUpgrade ? ANSWER : Buffer.from('HTTP/1.1 403 Forbidden\r\n\r\n');
          const frames = payloads.map(({ length, seed, masks }) => frame(payload(length, seed), masks));
          const stream = Buffer.concat([head, ...frames]);
          let turn = 0;
          const out = passed(new WholePayloads(LONGEST), stream, () => cuts[turn++ % cuts.length]!);

          expect(Buffer.concat(out).equals(stream)).toBe(true);
          if (!isUpgrade) return;
          for (const { length, seed } of payloads.filter(({ length }) => length >= 65_536))
            expect(out.some((piece) => piece.equals(payload(length, seed)))).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('has a long payload in one piece, in memory of its own', () => {
    const long = [payload(400_000, 1), payload(70_000, 2), payload(LONGEST, 3)];
    const stream = Buffer.concat([ANSWER, frame(payload(50, 0)), ...long.map((one) => frame(one))]);
    const out = passed(new WholePayloads(LONGEST), stream, () => 65_536);

    for (const one of long) {
      const whole = out.filter((piece) => piece.equals(one));
      expect(whole.length).toBe(1);
      expect(whole[0]!.buffer.byteLength).toBe(one.length);
    }
  });

  it.each([
    ['a payload that is longer than any', frame(payload(LONGEST + 1, 1))],
    ['a length of 64 bits', Buffer.of(0x82, 127, 255, 255, 255, 255, 255, 255, 255, 255, 1, 2, 3)],
    ['a head of HTTP without an end', Buffer.alloc(200_000, 65)],
  ])('takes no memory for %s, and brings it all the same', (_, bytes) => {
    const isHttp = bytes[0] === 65;
    const stream = isHttp ? bytes : Buffer.concat([ANSWER, bytes]);
    const reader = new WholePayloads(LONGEST);
    const out = passed(reader, stream, () => 65_536);

    expect(Buffer.concat(out).equals(stream)).toBe(true);
    expect(reader.room().length).toBeLessThanOrEqual(65_536);
  });

  it('stops reading while nobody takes what has come, and goes on afterwards', async () => {
    const stream = Buffer.concat([
      ANSWER,
      ...Array.from({ length: 300 }, (_, i) => frame(payload(200_000, i))),
    ]);
    const server = createServer((socket) => socket.end(stream)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connectReadingWhole({ port, host: '127.0.0.1' }, LONGEST);
    await once(socket, 'readable');
    for (let quiet = 0, before = 0; quiet < 1_000; before = socket.bytesRead) {
      quiet = socket.bytesRead === before ? quiet + 1 : 0;
      await new Promise((turn) => setImmediate(turn));
    }
    const unread = socket.readableLength;
    const out: Buffer[] = [];
    for await (const piece of socket) out.push(piece as Buffer);
    server.close();

    expect(unread).toBeLessThan(2 ** 20);
    expect(Buffer.concat(out).equals(stream)).toBe(true);
  });

  it('keeps no memory of a payload that has come', async () => {
    const reader = new WholePayloads(LONGEST);
    const stream = Buffer.concat([ANSWER, frame(payload(400_000, 1))]);
    const whole = new WeakRef(passed(reader, stream, () => 65_536).at(-1)!);
    // What a WeakRef has shown lives until the turn is over.
    await new Promise((turn) => setImmediate(turn));
    collectGarbage();

    expect(whole.deref()).toBe(undefined);
    expect(reader.room().length).toBeGreaterThan(0);
  });

  it('is what a node has on its side of a link that it opens', async () => {
    const made = vi.spyOn(Buffer, 'allocUnsafeSlow');
    const joined = vi.spyOn(Buffer, 'allocUnsafe');
    const room = () => {};
    let url = '';
    let heard = (_: Uint8Array) => {};
    const frames = new Promise<Uint8Array>((came) => {
      heard = came;
    });
    const near = new WebSocketEndpoint(0, { receive: () => {}, room }, () => 'unknown');
    const far = new WebSocketEndpoint(1, { receive: (_, one) => heard(one), room }, () => ({ url }));
    url = await near.listen('127.0.0.1', 0);
    far.greet(0);
    near.send(1, payload(123_457, 1));

    expect((await frames).length).toBe(123_457);
    expect(made).toHaveBeenCalledWith(123_457);
    expect(joined).not.toHaveBeenCalledWith(123_457);
    vi.restoreAllMocks();
    await near.close();
    await far.close();
  });
});
