/**
 * One WebSocket between two nodes. A binary message is a frame of a session, bytes as they are; a text message is a word
 * about sessions: `from 7`, the next frame on this connection is number 7; `handled 6`, the receiver has done with six
 * frames in all. So frames need no header, and their bytes are never copied to put one in front.
 */

import type { RawData, WebSocket } from 'ws';

export interface Listener {
  frame(number: number, frame: Uint8Array): void;
  handled(count: number): void;
  /** It is gone, and what it had not carried yet it never will. `why`: for people. */
  gone(why: string): void;
}

/** Beats without a sign of life after which the other side counts as gone. */
const MISSED_BEATS = 3;

const WORD = /^(from|handled) (0|[1-9]\d{0,14})$/;

/** WebSocket's code for a peer that breaks the rules. */
const PROTOCOL_ERROR = 1002;

export class Connection {
  /** Only clients mask what they send, which costs most of the throughput of long frames. */
  readonly masks: boolean;
  readonly #socket: WebSocket;
  readonly #listener: Listener;
  /** The number of the next frame to come; null until it is told. */
  #next: number | null = null;
  #silentBeats = 0;
  #gone = false;

  constructor(socket: WebSocket, masks: boolean, listener: Listener) {
    this.#socket = socket;
    this.masks = masks;
    this.#listener = listener;
    socket.on('message', (data, isBinary) => this.#hear(data, isBinary));
    socket.on('pong', () => {
      this.#silentBeats = 0;
    });
    socket.on('error', (error) => this.#end(error.message));
    socket.on('close', (code, reason) => this.#end(`closed, ${code} ${reason.toString()}`.trimEnd()));
  }

  /** What `send` carries next is frame `number`. */
  begin(number: number): void {
    this.#say(`from ${number}`);
  }

  send(frame: Uint8Array): void {
    if (!this.#gone) this.#socket.send(frame, { binary: true }, ignored);
  }

  acknowledge(count: number): void {
    this.#say(`handled ${count}`);
  }

  /** Asks for a sign of life; a side that gives none any more is gone, though its connection stands. */
  beat(): void {
    this.#silentBeats += 1;
    if (this.#silentBeats > MISSED_BEATS) this.terminate(`silent for ${MISSED_BEATS} beats`);
    else if (!this.#gone) this.#socket.ping(undefined, undefined, ignored);
  }

  /** Ends at once; what is under way is lost. */
  terminate(why: string): void {
    this.#end(why);
    this.#socket.terminate();
  }

  /** The other side has broken the rules. */
  reject(why: string): void {
    this.#end(why);
    this.#socket.close(PROTOCOL_ERROR, why);
  }

  #hear(data: RawData, isBinary: boolean): void {
    if (this.#gone) return;
    this.#silentBeats = 0;
    if (isBinary) this.#frame(data as Buffer);
    else this.#word(String(data));
  }

  #frame(frame: Uint8Array): void {
    const number = this.#next;
    if (number === null) {
      this.reject('a frame without a number');
      return;
    }
    this.#next = number + 1;
    this.#listener.frame(number, frame);
  }

  #word(text: string): void {
    const match = WORD.exec(text);
    const count = Number(match?.[2]);
    if (match === null) this.reject('a word that is none');
    else if (match[1] === 'handled') this.#listener.handled(count);
    else this.#next = count;
  }

  #say(word: string): void {
    if (!this.#gone) this.#socket.send(word, ignored);
  }

  #end(why: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#listener.gone(why);
  }
}

/** What could not be sent was on a connection that is gone, and that is told by `close`. */
function ignored(): void {}
