/**
 * Between the actors of a node and its links: what they send to another node in one turn goes there in one frame, and
 * what comes is given to whom it is for. A message that is longer than a frame goes in parts.
 */

import { invariant } from '../../../invariant.ts';
import type { Endpoint, Receiver } from '../transport.ts';
import { LONGEST_FRAME } from '../wire/frame.ts';
import { decodeLetters, encodeLetter, frameOf, type Letter } from '../wire/wire.ts';

export interface RouterEvents {
  hear(from: number, letters: readonly Letter[]): void;
  /** Another node does not keep to the rules: `why` is for people. Nothing more is heard from it. */
  onBroken(from: number, why: string): void;
  /** A message is too long for any other node to take; it is not sent. */
  onTooLong(to: number, letter: Letter, bytes: number): void;
}

/** First byte of a frame: letters, a part of them, the last part. */
const WHOLE = 0;
const PART = 1;
const LAST = 2;

/** Bytes of letters that go in one frame, and of a part. */
const FRAME_BYTES = 2 ** 18;

/** What is under way to a node. */
interface Outgoing {
  letters: Letter[];
  /** Frames that were refused for want of room. */
  frames: Uint8Array[];
}

/** Parts that have come of a message. */
interface Incoming {
  parts: Uint8Array[];
  bytes: number;
  isBroken: boolean;
}

/** Bytes of frames between this node and others. */
export interface Traffic {
  readonly sent: number;
  readonly received: number;
}

export class Router implements Receiver {
  readonly #events: RouterEvents;
  readonly #longest: number;
  #endpoint: Endpoint | null = null;
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Map<number, Incoming>();
  #isDue = false;
  #sent = 0;
  #received = 0;

  /** `longest`: bytes of the longest message, however many parts it takes. */
  constructor(events: RouterEvents, longest = LONGEST_FRAME) {
    this.#events = events;
    this.#longest = longest;
  }

  get traffic(): Traffic {
    return { sent: this.#sent, received: this.#received };
  }

  /** What is posted goes this way; once. */
  connect(endpoint: Endpoint): void {
    invariant(this.#endpoint === null, 'a router is connected once');
    this.#endpoint = endpoint;
  }

  /** Sends it with all others of this turn, in their order. */
  post(to: number, letter: Letter): void {
    const outgoing = this.#outgoing.get(to);
    if (outgoing === undefined) this.#outgoing.set(to, { letters: [letter], frames: [] });
    else outgoing.letters.push(letter);
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      for (const node of [...this.#outgoing.keys()]) this.#pump(node);
    });
  }

  /** Sends at once what is posted: the endpoint is about to be closed. */
  flush(): void {
    for (const node of [...this.#outgoing.keys()]) this.#pump(node);
  }

  /** The node is gone: nothing goes there, and nothing that came of it counts. */
  forget(node: number): void {
    this.#outgoing.delete(node);
    this.#incoming.delete(node);
  }

  receive(from: number, frame: Uint8Array): void {
    this.#received += frame.length;
    const incoming = this.#incoming.get(from) ?? { parts: [], bytes: 0, isBroken: false };
    this.#incoming.set(from, incoming);
    if (incoming.isBroken) return;
    const [tag] = frame;
    const content = frame.subarray(1);
    if (tag === WHOLE && incoming.parts.length === 0) {
      this.#open(from, incoming, content);
      return;
    }
    if (tag !== PART && tag !== LAST) {
      this.#break(from, incoming, 'a frame that is neither letters nor a part');
      return;
    }
    incoming.parts.push(content);
    incoming.bytes += content.length;
    if (incoming.bytes > this.#longest)
      this.#break(from, incoming, `a message of more than ${this.#longest} bytes`);
    else if (tag === LAST) {
      const whole = Buffer.concat(incoming.parts);
      incoming.parts = [];
      incoming.bytes = 0;
      this.#open(from, incoming, whole);
    }
  }

  room(to: number): void {
    this.#pump(to);
  }

  #open(from: number, incoming: Incoming, frame: Uint8Array): void {
    const decoded = decodeLetters(frame);
    if (decoded.ok) this.#events.hear(from, decoded.letters);
    else this.#break(from, incoming, `a message that is none: ${decoded.error.message}`);
  }

  #break(from: number, incoming: Incoming, why: string): void {
    incoming.isBroken = true;
    incoming.parts = [];
    this.#events.onBroken(from, why);
  }

  /** As much as there is room for. What does not fit stays as it is: letters share the bytes of pages that live anyway. */
  #pump(to: number): void {
    const outgoing = this.#outgoing.get(to);
    if (outgoing === undefined || this.#endpoint === null) return;
    for (;;) {
      const frame = outgoing.frames.shift();
      if (frame !== undefined) {
        if (this.#endpoint.send(to, frame)) {
          this.#sent += frame.length;
          continue;
        }
        outgoing.frames.unshift(frame);
        return;
      }
      if (outgoing.letters.length === 0) break;
      outgoing.frames.push(...this.#nextFrames(to, outgoing));
    }
    this.#outgoing.delete(to);
  }

  #nextFrames(to: number, outgoing: Outgoing): Uint8Array[] {
    const encoded: Uint8Array[] = [];
    let bytes = 0;
    let taken = 0;
    for (const letter of outgoing.letters) {
      const one = encodeLetter(letter);
      taken += 1;
      // A letter travels in a list of its own or with others.
      if (one.length + HEAD_BYTES > this.#longest) {
        this.#events.onTooLong(to, letter, one.length);
        continue;
      }
      encoded.push(one);
      bytes += one.length;
      if (bytes >= FRAME_BYTES) break;
    }
    outgoing.letters = outgoing.letters.slice(taken);
    if (encoded.length === 0) return [];
    return inParts(encoded, bytes);
  }
}

/** Of a list, at the most. */
const HEAD_BYTES = 5;

/** One frame, or as many as it takes. */
function inParts(encoded: readonly Uint8Array[], bytes: number): Uint8Array[] {
  const content = frameOf(encoded);
  if (bytes < 2 * FRAME_BYTES) return [tagged(WHOLE, content)];
  const frames: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += FRAME_BYTES) {
    const isLast = at + FRAME_BYTES >= content.length;
    frames.push(tagged(isLast ? LAST : PART, content.subarray(at, at + FRAME_BYTES)));
  }
  return frames;
}

function tagged(tag: number, content: Uint8Array): Uint8Array {
  const frame = new Uint8Array(content.length + 1);
  frame[0] = tag;
  frame.set(content, 1);
  return frame;
}
