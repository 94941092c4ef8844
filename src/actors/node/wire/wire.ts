/** Messages as bytes, for links between nodes and for tests that let messages cross one. */

import msgpack from 'msgpack-lite';
import { invariant } from '../../../invariant.ts';
import type { ActorKind, MessageTo } from '../../protocol.ts';
import { type ToNode, toNode } from './control.ts';
import { checkFrame, type WireError } from './frame.ts';
import { type LongBytes, longBytesOf, without } from './long-bytes.ts';
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

/** A letter as it stands in a frame. Long bytes in it, such as pages, are those of the letter: nothing is copied yet. */
export function encodeLetter({ kind, run, id, message }: Letter): Pieces {
  const packed = pack(LETTER, { type: kind, run, id, message });
  const pieces: Uint8Array[] = [];
  let length = 0;
  ENCODER.push = (piece: Uint8Array) => {
    pieces.push(piece);
    length += piece.length;
  };
  ENCODER.write(packed);
  ENCODER.flush();
  return { pieces, length };
}

/** What stands before so many encoded letters: all of them are one frame, what a node sends to another in one turn. */
export function headOf(letters: number): Pieces {
  const head = Buffer.alloc(LIST_HEAD_BYTES);
  head[0] = LIST_32;
  head.writeUInt32BE(letters, 1);
  return { pieces: [head], length: head.length };
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

/** Head of a list whose length has 32 bits, and bytes of it and that length. */
const LIST_32 = 0xdd;
export const LIST_HEAD_BYTES = 5;

/**
 * One for all letters, which share the buffer for what is short. Danger: what is pushed to it lies in that buffer, or is the
 * letter's own. (Its types leave out that it can be made.)
 */
const ENCODER = (msgpack as unknown as { Encoder(): msgpack.Encoder }).Encoder();

function encode(form: Form, value: unknown): Uint8Array {
  const frame = new Uint8Array(msgpack.encode(pack(form, value)));
  invariant(checkFrame(frame) === null, 'what is sent can be received');
  return frame;
}

function decode(form: Form, frame: Uint8Array): { readonly ok: true; readonly value: unknown } | Refused {
  const long: LongBytes[] = [];
  const error = checkFrame(frame, long);
  if (error !== null) return { ok: false, error };
  try {
    const packed: unknown = msgpack.decode(without(long, frame));
    return { ok: true, value: unpack(form, packed, longBytesOf(long, frame).values()) };
  } catch (problem) {
    if (!(problem instanceof Misshapen)) throw problem;
    return { ok: false, error: { code: 'wrong-shape', offset: 0, message: `${problem.expected} expected` } };
  }
}
