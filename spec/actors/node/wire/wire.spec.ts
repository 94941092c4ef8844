import fc from 'fast-check';
import msgpack from 'msgpack-lite';
import { expect, test } from 'vitest';
import { checkFrame, LONGEST_FRAME } from '../../../../src/actors/node/wire/frame.ts';
import { SHARED_BYTES } from '../../../../src/actors/node/wire/long-bytes.ts';
import { MESSAGES } from '../../../../src/actors/node/wire/messages.ts';
import { pack } from '../../../../src/actors/node/wire/schema.ts';
import {
  decodeLetters,
  decodeMessage,
  encodeLetter,
  encodeMessage,
  type Letter,
} from '../../../../src/actors/node/wire/wire.ts';
import { ACTOR_KINDS, anyLetter, anyMessage, frameOf, messageTo } from '../../../support/messages.ts';
import { runs } from '../../../support/runs.ts';

test('decode(encode(m)) = m, 64-bit edges included (I33)', () => {
  fc.assert(
    fc.property(anyMessage, ({ kind, message }) => {
      expect(decodeMessage(kind, encodeMessage(kind, message))).toStrictEqual({ ok: true, message });
    }),
    runs(2000),
  );
});

test('letters come back in their order, each for whom it was', () => {
  fc.assert(
    fc.property(fc.array(anyLetter, { maxLength: 5 }), (letters) => {
      expect(decodeLetters(frameOf(letters))).toStrictEqual({ ok: true, letters });
    }),
    runs(500),
  );
});

test('any bytes give a message or a typed error (I33)', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ACTOR_KINDS), fc.uint8Array({ maxLength: 64 }), (kind, bytes) => {
      const decoded = decodeMessage(kind, bytes);
      if (decoded.ok)
        expect(decodeMessage(kind, encodeMessage(kind, decoded.message))).toStrictEqual(decoded);
      else expect(decoded.error.offset).toBeLessThanOrEqual(bytes.length);
    }),
    runs(20_000),
  );
});

test('a message with any byte changed gives a message or a typed error (I33)', () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), fc.nat(255), ({ kind, message }, at, byte) => {
      const bytes = encodeMessage(kind, message);
      bytes[at % bytes.length] = byte;
      const decoded = decodeMessage(kind, bytes);
      if (decoded.ok)
        expect(decodeMessage(kind, encodeMessage(kind, decoded.message))).toStrictEqual(decoded);
    }),
    runs(5_000),
  );
});

test('a message cut short or with a byte too many is refused (I33)', () => {
  fc.assert(
    fc.property(anyMessage, fc.nat(), fc.nat(255), ({ kind, message }, cut, byte) => {
      const bytes = encodeMessage(kind, message);
      expect(decodeMessage(kind, bytes.subarray(0, cut % bytes.length))).toMatchObject({
        error: { code: 'truncated' },
      });
      expect(decodeMessage(kind, Uint8Array.of(...bytes, byte))).toMatchObject({
        error: { code: 'trailing-bytes' },
      });
    }),
    runs(1000),
  );
});

test.each([
  ['3 bytes', 3],
  ['long bytes in a long frame', 2 ** 20],
])('a decoded message of %s shares none with its frame', (_, length) => {
  const write = () => ({ type: 'device-write', offset: 0, bytes: new Uint8Array(length).fill(7) }) as const;
  const frame = encodeMessage('device', write());
  const decoded = decodeMessage('device', frame);
  frame.fill(0);

  expect(decoded).toEqual({ ok: true, message: write() });
});

/** A home's answer with so many pages. */
function fetched(pages: number): Letter {
  const page = (number: number) =>
    ({
      page: number,
      state: 'bytes',
      bytes: new Uint8Array(4096).fill(number),
      from: 0,
      through: 1,
    }) as const;
  const message = {
    type: 'fetched',
    home: 0,
    at: 1,
    pages: Array.from({ length: pages }, (_, i) => page(i)),
  } as const;
  return { kind: 'agent', run: 1, id: 1, message };
}

test('what is sent of pages is their own bytes until a frame is made', () => {
  const letter = fetched(3);

  if (letter.kind !== 'agent' || letter.message.type !== 'fetched') expect.unreachable();
  expect(encodeLetter(letter).long).toEqual(letter.message.pages.map(({ bytes }) => bytes));
  for (const [i, { bytes }] of letter.message.pages.entries())
    expect(encodeLetter(letter).long[i]).toBe(bytes);
});

test.each([
  ['a long frame, not its own', 200, 2],
  ['a short frame, its own', 128, 1],
])('pages that come together share memory of 512 KiB at the most: of %s', (_, count, shared) => {
  const frame = frameOf([fetched(count)]);
  const decoded = decodeLetters(frame);

  if (!decoded.ok || decoded.letters[0]?.message.type !== 'fetched') expect.unreachable();
  const { pages } = decoded.letters[0].message;
  const buffers = new Set(pages.map(({ bytes }) => bytes.buffer));
  expect(buffers.size).toBe(shared);
  expect(buffers.has(frame.buffer)).toBe(shared === 1);
  for (const { byteLength } of buffers) expect(byteLength).toBeLessThanOrEqual(SHARED_BYTES);
});

/** With how many bytes of msgpack there are in front of it. */
function framed(packed: readonly number[]): Uint8Array {
  return Uint8Array.of(0, 0, packed.length >> 8, packed.length & 0xff, ...packed);
}

/** Of a fetched page: its number, its state, how many bytes, from and through. */
function recordOf(bytes: number, state = 0): Buffer {
  const record = Buffer.alloc(29);
  record[8] = state;
  record.writeUInt32BE(bytes, 9);
  return record;
}

test('what msgpack-lite would misread never reaches it', () => {
  const wrong: Record<string, readonly [readonly number[], string]> = {
    'a map with the key __proto__': [[0x81, 0xa9, ...Buffer.from('__proto__'), 0x80], 'forbidden-kind'],
    'a date': [[0xc7, 8, 0x0d, 0, 0, 0, 0, 0, 0, 0, 0], 'forbidden-kind'],
    'an integer of 64 bits': [[0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 'forbidden-kind'],
    'a list of 4,294,967,295': [[0xdd, 0xff, 0xff, 0xff, 0xff], 'truncated'],
    'bytes beyond the end': [[0xc6, 0xff, 0xff, 0xff, 0xff, 1], 'truncated'],
    'a hundred lists within each other': [[...new Array(100).fill(0x91), 0xc0], 'too-deep'],
    'two values': [[0x91, 0x00, 0x91, 0x00], 'trailing-bytes'],
    'a text of msgpack': [[...msgpack.encode([0, 'text'])], 'forbidden-kind'],
    'a fraction': [[...msgpack.encode([2, 0.5])], 'wrong-shape'],
    'a number where bytes belong': [[...msgpack.encode([0, 7, 7, 7])], 'wrong-shape'],
    'an empty text where bytes belong': [[...msgpack.encode([0, 7, 7, ''])], 'forbidden-kind'],
    'an empty text of 8 bits of length where bytes belong': [[0x94, 0, 7, 7, 0xd9, 0], 'forbidden-kind'],
    'an empty text of 16 bits of length': [[0x94, 0, 7, 7, 0xda, 0, 0], 'forbidden-kind'],
    'an empty text of 32 bits of length': [[0x94, 0, 7, 7, 0xdb, 0, 0, 0, 0], 'forbidden-kind'],
    'a long text where bytes belong': [
      [0x94, 0, 7, 7, 0xda, 4, 0, ...new Array(1_024).fill(65)],
      'forbidden-kind',
    ],
    'a length of long bytes where short ones belong': [[...msgpack.encode([0, 7, 7, 1_023])], 'wrong-shape'],
    'long bytes that are not there': [[...msgpack.encode([0, 7, 7, 5_000])], 'truncated'],
    'more long bytes than there can be': [[...msgpack.encode([0, 7, 7, 2 ** 53])], 'wrong-shape'],
    'half a record': [[...msgpack.encode([14, 0, 1, Buffer.alloc(28)])], 'wrong-shape'],
    'a record whose number is none': [[...msgpack.encode([14, 0, 1, Buffer.alloc(29, 65)])], 'wrong-shape'],
    'a record whose bytes are not there': [[...msgpack.encode([14, 0, 1, recordOf(1)])], 'truncated'],
    'a record whose choice does not exist': [[...msgpack.encode([14, 0, 1, recordOf(0, 9)])], 'wrong-shape'],
    'long bytes where a number belongs': [
      [...msgpack.encode([0, Buffer.alloc(5000), 7, Buffer.alloc(1)])],
      'wrong-shape',
    ],
    'long bytes where a list belongs': [[...msgpack.encode(Buffer.alloc(5000))], 'wrong-shape'],
    'a long text that is no UTF-8': [[...msgpack.encode([5, Buffer.alloc(5000, 0xff)])], 'wrong-shape'],
    'a text that is no UTF-8': [[...msgpack.encode([5, Buffer.of(0xff)])], 'wrong-shape'],
    'a variant that does not exist': [[...msgpack.encode([99])], 'wrong-shape'],
    nothing: [[], 'truncated'],
  };
  for (const [what, [bytes, code]] of Object.entries(wrong)) {
    expect([what, decodeMessage('io', framed(bytes))]).toMatchObject([what, { ok: false, error: { code } }]);
  }
});

test('where msgpack ends is checked, and what follows it is taken to the last byte', () => {
  const frame = encodeMessage('device', { type: 'device-write', offset: 7, bytes: new Uint8Array(5_000) });
  const wrong: Record<string, readonly [Uint8Array, object]> = {
    'more msgpack than there is': [Uint8Array.of(0, 0, 0, 2, 0x90), { code: 'truncated', offset: 0 }],
    'a length that is cut short': [Uint8Array.of(0, 0, 0), { code: 'truncated', offset: 0 }],
    'a long byte too few': [frame.subarray(0, -1), { code: 'truncated', offset: frame.length - 1 }],
    'a long byte too many': [
      Uint8Array.of(...frame, 1),
      { code: 'trailing-bytes', offset: frame.length, message: '1 bytes' },
    ],
  };
  for (const [what, [bytes, error]] of Object.entries(wrong))
    expect([what, decodeMessage('device', bytes)]).toMatchObject([what, { ok: false, error }]);
});

test('a frame longer than the limit is refused unread', () => {
  expect(decodeMessage('io', new Uint8Array(LONGEST_FRAME + 1))).toMatchObject({
    error: { code: 'too-long' },
  });
});

test.each([
  ['lists in lists', (n: number) => msgpack.encode(Array.from({ length: n }, () => []))],
  ['numbers', (n: number) => msgpack.encode(new Array<number>(n).fill(2 ** 40))],
  ['one long value', (n: number) => msgpack.encode([4, Buffer.alloc(n)])],
])('the check of a frame takes one step a byte: %s', (_, make) => {
  const reads = (frame: Uint8Array): number => {
    let count = 0;
    const counted = new Proxy(frame, {
      get: (bytes, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) count += 1;
        return Reflect.get(bytes, key) as unknown;
      },
    });
    checkFrame(counted);
    return count;
  };
  const frame = new Uint8Array(make(2000));

  expect(reads(frame)).toBeLessThanOrEqual(3 * frame.length);
});

test('a node refuses to send what the other side would refuse', () => {
  expect(() => encodeMessage('home', { type: 'settle', version: 2 ** 53 })).toThrow(
    'whole and within bounds',
  );
  expect(() => encodeMessage('master', { type: 'activate', watcher: 2n ** 64n, activation: 1 })).toThrow(
    '64 bits',
  );
});

test('every type of message has a schema of its own place', () => {
  fc.assert(
    fc.property(messageTo('io'), (message) => {
      const [place] = pack(MESSAGES.io.form, message, []) as [number];
      const { form } = MESSAGES.io;
      expect(form.kind === 'variants' && form.of[place]?.type).toBe(message.type);
    }),
    runs(100),
  );
});
