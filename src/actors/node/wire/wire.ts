/** Messages as bytes, for links between nodes and for tests that let messages cross one. */

import msgpack from 'msgpack-lite';
import { invariant } from '../../../invariant.ts';
import type { ActorKind, MessageTo } from '../../protocol.ts';
import { checkFrame, type WireError } from './frame.ts';
import { MESSAGES } from './messages.ts';
import { type Form, id, Misshapen, pack, unpack } from './schema.ts';

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

/** A message and whom it is for, on the node that it is sent to. */
export type Letter = {
  [K in ActorKind]: { readonly kind: K; readonly id: number | bigint; readonly message: MessageTo[K] };
}[ActorKind];

/** Letters in their order as one frame: what a node sends to another in one turn. */
export function encodeLetters(letters: readonly Letter[]): Uint8Array {
  const packed = letters.map(({ kind, id, message }) => ({ type: kind, id, message }));
  return encode(LETTERS, packed);
}

/** Any bytes give letters or an error, in time linear in their number; nothing is thrown. */
export function decodeLetters(frame: Uint8Array): DecodedLetters {
  const decoded = decode(LETTERS, frame);
  if (!decoded.ok) return decoded;
  const packed = decoded.value as readonly { type: ActorKind; id: number | bigint; message: never }[];
  return { ok: true, letters: packed.map(({ type, id, message }): Letter => ({ kind: type, id, message })) };
}

/** Any bytes give a message or an error, in time linear in their number; nothing is thrown. */
export function decodeMessage<K extends ActorKind>(kind: K, frame: Uint8Array): Decoded<K> {
  const decoded = decode(MESSAGES[kind].form, frame);
  return decoded.ok ? { ok: true, message: decoded.value as MessageTo[K] } : decoded;
}

const LETTERS: Form = {
  kind: 'list',
  of: {
    kind: 'variants',
    of: Object.entries(MESSAGES).map(([kind, { form }]) => ({
      type: kind,
      fields: [
        { name: 'id', form: id.form },
        { name: 'message', form },
      ],
    })),
  },
};

function encode(form: Form, value: unknown): Uint8Array {
  const frame = new Uint8Array(msgpack.encode(pack(form, value)));
  invariant(checkFrame(frame) === null, 'what is sent can be received');
  return frame;
}

function decode(form: Form, frame: Uint8Array): { readonly ok: true; readonly value: unknown } | Refused {
  const error = checkFrame(frame);
  if (error !== null) return { ok: false, error };
  try {
    return { ok: true, value: unpack(form, msgpack.decode(frame)) };
  } catch (problem) {
    if (!(problem instanceof Misshapen)) throw problem;
    return { ok: false, error: { code: 'wrong-shape', offset: 0, message: `${problem.expected} expected` } };
  }
}
