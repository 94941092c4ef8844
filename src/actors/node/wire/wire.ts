/**
 * Messages as bytes, for links between nodes and for tests that let messages cross one. First how many bytes of msgpack there
 * are, in 32 bits, then these, then the long bytes that msgpack only tells the lengths of.
 */

import msgpack from 'msgpack-lite';
import { invariant } from '../../../invariant.ts';
import type { ActorKind, MessageTo } from '../../protocol.ts';
import { type ToNode, toNode } from './control.ts';
import { checkFrame, LONGEST_FRAME, type WireError } from './frame.ts';
import { CutShort, LongBytes } from './long-bytes.ts';
import { MESSAGES } from './messages.ts';
import { count, type Form, id, integer, Misshapen, pack, type Schema, unpack } from './schema.ts';

interface Refused {
  readonly ok: false;
  readonly error: WireError;
}

export type Decoded<K extends ActorKind> = { readonly ok: true; readonly message: MessageTo[K] } | Refused;

export type DecodedLetters = { readonly ok: true; readonly letters: readonly Letter[] } | Refused;

/** The message to an actor of that kind, as one frame. */
export function encodeMessage<K extends ActorKind>(kind: K, message: MessageTo[K]): Uint8Array {
  return encode(MESSAGES[kind].form, message);
}

/** A message and whom it is for, on the node that it is sent to. `run`: which run of the node's; 0 for the node itself. */
export type Letter =
  | {
      [K in ActorKind]: {
        readonly kind: K;
        readonly run: number;
        readonly id: number | bigint;
        readonly message: MessageTo[K];
      };
    }[ActorKind]
  | { readonly kind: 'node'; readonly run: 0; readonly id: 0; readonly message: ToNode };

/** Bytes that lie in several places, in their order. */
export interface Pieces {
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

/** A letter as msgpack says it, and its long bytes, such as pages. These are those of the letter: nothing is copied yet. */
export interface Encoded {
  readonly packed: Uint8Array;
  readonly long: readonly Uint8Array[];
  /** Bytes of all that. */
  readonly length: number;
}

export function encodeLetter({ kind, run, id, message }: Letter): Encoded {
  return encoded(LETTER, { type: kind, run, id, message });
}

/** Bytes that a message has beside its letters. */
export const HEAD_BYTES = 9;

/** Letters as one message: what a node sends to another in one turn. */
export function messageOf(letters: readonly Encoded[]): Pieces {
  const head = Buffer.allocUnsafe(HEAD_BYTES);
  const pieces: Uint8Array[] = [head];
  let packed = LIST_HEAD_BYTES;
  let length = HEAD_BYTES;
  for (const letter of letters) {
    pieces.push(letter.packed);
    packed += letter.packed.length;
    length += letter.length;
  }
  for (const { long } of letters) for (const piece of long) pieces.push(piece);
  head.writeUInt32BE(packed);
  head[LENGTH_BYTES] = LIST_32;
  head.writeUInt32BE(letters.length, LENGTH_BYTES + 1);
  return { pieces, length };
}

/** Any bytes give letters or an error, in time linear in their number; nothing is thrown. */
export function decodeLetters(frame: Uint8Array): DecodedLetters {
  const decoded = decode(LETTERS, frame);
  if (!decoded.ok) return decoded;
  const packed = decoded.value as readonly { type: ActorKind; run: number; id: number; message: never }[];
  return {
    ok: true,
    letters: packed.map(({ type, run, id, message }): Letter => ({ kind: type, run, id, message })),
  };
}

/** Any bytes give a message or an error, in time linear in their number; nothing is thrown. */
export function decodeMessage<K extends ActorKind>(kind: K, frame: Uint8Array): Decoded<K> {
  const decoded = decode(MESSAGES[kind].form, frame);
  return decoded.ok ? { ok: true, message: decoded.value as MessageTo[K] } : decoded;
}

/** A value of that shape, as one frame. */
export function encodeAs<T>(schema: Schema<T>, value: T): Uint8Array {
  return encode(schema.form, value);
}

/** Any bytes give a value of that shape or an error; nothing is thrown. */
export function decodeAs<T>(
  schema: Schema<T>,
  frame: Uint8Array,
): { readonly ok: true; readonly value: T } | Refused {
  return decode(schema.form, frame) as { readonly ok: true; readonly value: T } | Refused;
}

const LETTER: Form = {
  kind: 'variants',
  of: [
    ...Object.entries(MESSAGES).map(([kind, { form }]) => ({
      type: kind,
      fields: [
        { name: 'run', form: count.form },
        { name: 'id', form: id.form },
        { name: 'message', form },
      ],
    })),
    {
      type: 'node',
      fields: [
        { name: 'run', form: integer(0, 0).form },
        { name: 'id', form: integer(0, 0).form },
        { name: 'message', form: toNode.form },
      ],
    },
  ],
};

const LETTERS: Form = { kind: 'list', of: LETTER };

/** Of a message: how many bytes of msgpack follow. */
const LENGTH_BYTES = 4;

/** Head of a list whose length has 32 bits, and bytes of it and that length. */
const LIST_32 = 0xdd;
const LIST_HEAD_BYTES = 5;

function encode(form: Form, value: unknown): Uint8Array {
  const { packed, long, length } = encoded(form, value);
  const isSound = LENGTH_BYTES + length <= LONGEST_FRAME && checkFrame(packed) === null;
  invariant(isSound, 'what is sent can be received');
  const frame = new Uint8Array(LENGTH_BYTES + length);
  new DataView(frame.buffer).setUint32(0, packed.length);
  let at = LENGTH_BYTES;
  for (const piece of [packed, ...long]) {
    frame.set(piece, at);
    at += piece.length;
  }
  return frame;
}

/** Danger: what is packed lies in the memory of the encoder, with what is packed after it. */
function encoded(form: Form, value: unknown): Encoded {
  const long: Uint8Array[] = [];
  ENCODER.write(pack(form, value, long));
  const packed = ENCODER.read();
  let length = packed.length;
  for (const piece of long) length += piece.length;
  return { packed, long, length };
}

/** One for all, which share memory. (The types of msgpack-lite leave out what is beneath its `encode`.) */
const ENCODER = (
  msgpack as unknown as { Encoder(): { write(value: unknown): void; read(): Buffer } }
).Encoder();

function decode(form: Form, frame: Uint8Array): { readonly ok: true; readonly value: unknown } | Refused {
  if (frame.length > LONGEST_FRAME) return refused('too-long', 0, `${frame.length} bytes`);
  if (frame.length < LENGTH_BYTES) return refused('truncated', 0, `${frame.length} bytes`);
  const { buffer, byteOffset } = frame;
  const end = LENGTH_BYTES + new DataView(buffer, byteOffset).getUint32(0);
  if (end > frame.length) return refused('truncated', 0, `${frame.length} bytes of ${end}`);
  const packed = Buffer.from(buffer, byteOffset + LENGTH_BYTES, end - LENGTH_BYTES);
  const error = checkFrame(packed);
  if (error !== null) return { ok: false, error: { ...error, offset: LENGTH_BYTES + error.offset } };
  const long = new LongBytes(frame, end);
  try {
    const value = unpack(form, msgpack.decode(packed), long);
    if (long.left > 0) return refused('trailing-bytes', frame.length - long.left, `${long.left} bytes`);
    return { ok: true, value };
  } catch (problem) {
    if (problem instanceof CutShort) return refused('truncated', frame.length, 'long bytes are missing');
    if (!(problem instanceof Misshapen)) throw problem;
    return refused('wrong-shape', 0, `${problem.expected} expected`);
  }
}

function refused(code: WireError['code'], offset: number, message: string): Refused {
  return { ok: false, error: { code, offset, message } };
}
