/** Messages as bytes, for links between nodes and for tests that let messages cross one. */

import msgpack from 'msgpack-lite';
import { invariant } from '../../../invariant.ts';
import type { ActorKind, MessageTo } from '../../protocol.ts';
import { checkFrame, type WireError } from './frame.ts';
import { MESSAGES } from './messages.ts';
import { Misshapen, pack, unpack } from './schema.ts';

export type { WireError } from './frame.ts';

export type Decoded<K extends ActorKind> =
  | { readonly ok: true; readonly message: MessageTo[K] }
  | { readonly ok: false; readonly error: WireError };

/** The message to an actor of that kind, as one frame. */
export function encodeMessage<K extends ActorKind>(kind: K, message: MessageTo[K]): Uint8Array {
  const frame = new Uint8Array(msgpack.encode(pack(MESSAGES[kind].form, message)));
  invariant(checkFrame(frame) === null, 'a message that is sent can be received');
  return frame;
}

/** Any bytes give a message or an error, in time linear in their number; nothing is thrown. */
export function decodeMessage<K extends ActorKind>(kind: K, frame: Uint8Array): Decoded<K> {
  const error = checkFrame(frame);
  if (error !== null) return { ok: false, error };
  try {
    const message = unpack(MESSAGES[kind].form, msgpack.decode(frame)) as MessageTo[K];
    return { ok: true, message };
  } catch (problem) {
    if (!(problem instanceof Misshapen)) throw problem;
    return { ok: false, error: { code: 'wrong-shape', offset: 0, message: `${problem.expected} expected` } };
  }
}
