/**
 * Between the actors of a node and its links: what they send to another node in one turn goes there in as few frames
 * as it takes, and what comes is given to whom it is for. A message that is longer than a frame goes in parts.
 */

import { invariant } from '../../../invariant.ts';
import type { Endpoint, Receiver } from '../transport.ts';
import { LONGEST_FRAME } from '../wire/frame.ts';
import { SHARED_BYTES } from '../wire/long-bytes.ts';
import {
  decodeLetters,
  type Encoded,
  encodeLetter,
  HEAD_BYTES,
  type Letter,
  messageOf,
  type Pieces,
} from '../wire/wire.ts';
import { FrameMemory } from './frame-memory.ts';

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
const TAG_BYTES = 1;

/** Frames whose memory is kept to be used again: as many as a link has under way. */
const SPARE_FRAMES = 8;

/** What is under way to a node. */
interface Outgoing {
  letters: Letter[];
  /** A letter that did not fit the frame before; it comes before the others. */
  next: Encoded | null;
  /** Of letters that are encoded; each is made when the one before it is sent. */
  frames: Iterator<Uint8Array>;
  /** One that was refused for want of room. */
  refused: Uint8Array | null;
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
  readonly #memory = new FrameMemory(SHARED_BYTES, SPARE_FRAMES);
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
    if (outgoing === undefined)
      this.#outgoing.set(to, { letters: [letter], next: null, frames: NO_FRAMES, refused: null });
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
    const content = frame.subarray(TAG_BYTES);
    if (tag === WHOLE && incoming.parts.length === 0) {
      this.#open(from, incoming, content);
      return;
    }
    if (tag !== PART && tag !== LAST) {
      this.#break(from, incoming, 'a frame that is neither letters nor a part');
      return;
    }
    // Many short ones would take more memory than they have bytes.
    if (content.length === 0 || (tag === PART && frame.length !== SHARED_BYTES)) {
      this.#break(from, incoming, `a part of ${frame.length} bytes`);
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

  released(frame: Uint8Array): void {
    this.#memory.release(frame);
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
      const frame = outgoing.refused ?? this.#nextFrame(to, outgoing);
      if (frame === null) break;
      if (!this.#endpoint.send(to, frame)) {
        outgoing.refused = frame;
        return;
      }
      outgoing.refused = null;
      this.#sent += frame.length;
    }
    this.#outgoing.delete(to);
  }

  #nextFrame(to: number, outgoing: Outgoing): Uint8Array | null {
    for (;;) {
      const next = outgoing.frames.next();
      if (next.done !== true) return next.value;
      if (outgoing.letters.length === 0 && outgoing.next === null) return null;
      outgoing.frames = this.#nextFrames(to, outgoing);
    }
  }

  /** Of as many letters as fit into one frame; or of one that takes several. */
  #nextFrames(to: number, outgoing: Outgoing): Iterator<Uint8Array> {
    const encoded: Encoded[] = outgoing.next === null ? [] : [outgoing.next];
    let bytes = TAG_BYTES + HEAD_BYTES + (outgoing.next?.length ?? 0);
    outgoing.next = null;
    let taken = 0;
    for (const letter of outgoing.letters) {
      const one = encodeLetter(letter);
      taken += 1;
      if (one.length + HEAD_BYTES > this.#longest) {
        this.#events.onTooLong(to, letter, one.length);
        continue;
      }
      if (encoded.length > 0 && bytes + one.length > SHARED_BYTES) {
        outgoing.next = one;
        break;
      }
      encoded.push(one);
      bytes += one.length;
    }
    outgoing.letters = outgoing.letters.slice(taken);
    return encoded.length === 0 ? NO_FRAMES : inFrames(messageOf(encoded), this.#memory);
  }
}

const NO_FRAMES: Iterator<Uint8Array> = [].values();

/** One frame, or as many as it takes. Each byte is copied once, into its frame. */
function* inFrames({ pieces, length }: Pieces, memory: FrameMemory): Generator<Uint8Array, void, undefined> {
  const isWhole = TAG_BYTES + length <= SHARED_BYTES;
  const most = SHARED_BYTES - TAG_BYTES;
  let left = length;
  let frame: Uint8Array = new Uint8Array(0);
  let at = 0;
  for (const piece of pieces)
    for (let from = 0; from < piece.length; ) {
      if (at === frame.length) {
        frame = memory.take(TAG_BYTES + Math.min(left, most));
        frame[0] = isWhole ? WHOLE : left > most ? PART : LAST;
        at = TAG_BYTES;
      }
      const room = frame.length - at;
      const some = from === 0 && piece.length <= room ? piece : piece.subarray(from, from + room);
      frame.set(some, at);
      at += some.length;
      from += some.length;
      left -= some.length;
      if (at === frame.length) yield frame;
    }
}
