/**
 * Reading long WebSocket messages to where they stay. Node reads 64 KiB at a time, each into memory of its own, and ws joins
 * them: bytes are copied once more, and twice as much memory outside its heap passes through V8, which answers by collecting
 * all of that heap, some fifty times a gibibyte. Here a long payload comes in one piece, which ws hands on as it is.
 */

import { connect, type NetConnectOpts, type Socket } from 'node:net';

/** Bytes that are read at once where no long payload is on its way. */
const STAGED_BYTES = 2 ** 16;

/** After a long payload, which is mostly followed by another: its head, and little that has to be copied. */
const AFTER_LONG_BYTES = 2 ** 12;

/** Payloads from so many bytes on are read to where they stay. None of them comes with its head in what is read at once. */
const LONG_PAYLOAD = STAGED_BYTES;

/** Bytes of HTTP before which the first frame may begin. */
const LONGEST_HEAD = 2 ** 16;

const END_OF_HEAD = '\r\n\r\n';

const NONE = Buffer.alloc(0);

/** What is expected next: the rest of HTTP's answer, a frame, the rest of a short payload, or of a long one; or no frames. */
type Expected = 'http' | 'frame' | 'short' | 'long' | 'anything';

/**
 * The bytes of a connection on the client's side, from its first one: the answer to its upgrade, then frames. Whether they are
 * sound is not looked at; ws does. What comes out is what came in, cut at other places.
 */
export class WholePayloads {
  readonly #longest: number;
  readonly #staging = Buffer.allocUnsafeSlow(STAGED_BYTES);
  #expected: Expected = 'http';
  /** Of HTTP's answer, until it ends. */
  #http = '';
  /** Of the head of a frame that is not there in full. */
  #head: number[] = [];
  /** Bytes of a payload to come. */
  #left = 0;
  #payload = NONE;
  #isAfterLong = false;

  /** `longest`: bytes of the longest payload that ws takes. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** Where the next bytes are to be put. */
  room(): Buffer {
    if (this.#expected === 'long') return this.#payload.subarray(this.#payload.length - this.#left);
    return this.#isAfterLong ? this.#staging.subarray(0, AFTER_LONG_BYTES) : this.#staging;
  }

  /** So many bytes have been put there. Answers what is complete, if anything is; nobody changes it any more. */
  filled(count: number): Buffer | null {
    if (this.#expected !== 'long') return this.#staged(this.#staging.subarray(0, count));
    this.#left -= count;
    if (this.#left > 0) return null;
    const whole = this.#payload;
    this.#expected = 'frame';
    this.#payload = NONE;
    return whole;
  }

  #staged(bytes: Buffer): Buffer {
    this.#isAfterLong = false;
    let at = 0;
    while (at < bytes.length && this.#expected !== 'long') at += this.#pass(bytes, at);
    if (this.#expected !== 'long') return Buffer.from(bytes);
    const came = bytes.copy(this.#payload, 0, at);
    this.#left -= came;
    this.#isAfterLong = true;
    return Buffer.from(bytes.subarray(0, at));
  }

  /** Looks at some bytes, and answers how many. */
  #pass(bytes: Buffer, at: number): number {
    switch (this.#expected) {
      case 'http':
        return this.#passHttp(bytes, at);
      case 'frame':
        return this.#passHead(bytes[at]!);
      case 'short': {
        const passed = Math.min(this.#left, bytes.length - at);
        this.#left -= passed;
        if (this.#left === 0) this.#expected = 'frame';
        return passed;
      }
      default:
        return bytes.length - at;
    }
  }

  #passHttp(bytes: Buffer, at: number): number {
    const before = this.#http.length;
    this.#http += bytes.toString('latin1', at);
    const end = this.#http.indexOf(END_OF_HEAD);
    if (end < 0) {
      if (this.#http.length > LONGEST_HEAD) this.#expected = 'anything';
      return bytes.length - at;
    }
    // Another answer than this one is a refusal, and frames never come.
    this.#expected = this.#http.startsWith('HTTP/1.1 101 ') ? 'frame' : 'anything';
    this.#http = '';
    return end + END_OF_HEAD.length - before;
  }

  /** One byte of the head of a frame (RFC 6455, 5.2). */
  #passHead(byte: number): 1 {
    this.#head.push(byte);
    const length = payloadLength(this.#head);
    if (length === null) return 1;
    this.#head = [];
    this.#left = length;
    // Longer than ws takes: it ends the connection, once it has seen the head.
    if (length > this.#longest) this.#expected = 'anything';
    else if (length >= LONG_PAYLOAD) {
      this.#expected = 'long';
      this.#payload = Buffer.allocUnsafeSlow(length);
    } else if (length > 0) this.#expected = 'short';
    return 1;
  }
}

/** Bytes of the payload after a head; null while that is not all there. */
function payloadLength(head: readonly number[]): number | null {
  const [, second] = head;
  if (second === undefined) return null;
  const told = second & 0x7f;
  const lengthBytes = told === 127 ? 8 : told === 126 ? 2 : 0;
  const maskBytes = second & 0x80 ? 4 : 0;
  if (head.length < 2 + lengthBytes + maskBytes) return null;
  if (lengthBytes === 0) return told;
  return head.slice(2, 2 + lengthBytes).reduce((length, byte) => length * 256 + byte, 0);
}

/** As `connect` of `node:net`, for the client of a WebSocket that takes payloads of `longest` bytes at the most. */
export function connectReadingWhole(options: NetConnectOpts, longest: number): Socket {
  const reader = new WholePayloads(longest);
  const socket: Socket = connect({
    ...options,
    onread: {
      buffer: () => reader.room(),
      callback: (count) => {
        const bytes = reader.filled(count);
        return bytes === null || socket.push(bytes);
      },
    },
  });
  return socket;
}
