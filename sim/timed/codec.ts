/** Between nodes messages are bytes: one in so many really becomes them, and again a message. */

import { nameOfAddress } from '../../src/actors/address.ts';
import { decodeMessage, encodeMessage } from '../../src/actors/node/wire/wire.ts';
import type { Envelope } from '../network.ts';

export class Codec {
  readonly #every: number;
  #left: number;

  /** 1: all of them. It costs more than all the rest. */
  constructor(every: number) {
    this.#every = every;
    this.#left = every;
  }

  carry(envelope: Envelope): Envelope {
    this.#left -= 1;
    if (this.#left > 0) return envelope;
    this.#left = this.#every;
    const { kind } = envelope.to;
    const decoded = decodeMessage(kind, encodeMessage(kind, envelope.message as never));
    if (!decoded.ok)
      throw new Error(
        `I33: ${envelope.message.type} to ${nameOfAddress(envelope.to)} is not decoded: ${decoded.error.message}`,
      );
    return { ...envelope, message: decoded.message };
  }
}
