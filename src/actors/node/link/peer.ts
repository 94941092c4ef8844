/** Another node as one node sees it: a session each way, over whatever connections there are. */

import type { WebSocket } from 'ws';
import { Connection } from './connection.ts';
import { Inbox } from './inbox.ts';
import { Outbox, type Room } from './outbox.ts';

export interface PeerEvents {
  /** The next frame comes when the promise is fulfilled. */
  receive(frame: Uint8Array): Promise<void>;
  /** A frame is handled, and nobody heeds its bytes any more. */
  released(frame: Uint8Array): void;
  /** A frame was refused, and there is room again. */
  room(): void;
  /** All that was taken is handled, or will never be. */
  empty(): void;
  /** A connection is gone. */
  lost(why: string): void;
}

export class Peer {
  readonly #events: PeerEvents;
  readonly #outbox: Outbox;
  readonly #inbox: Inbox;
  readonly #connections = new Set<Connection>();
  /** What the outbox is sent on. */
  #carrier: Connection | null = null;
  #acknowledges = false;
  #isDeaf = false;

  constructor(room: Room, events: PeerEvents) {
    this.#events = events;
    this.#outbox = new Outbox(room, (frame) => events.released(frame));
    this.#inbox = new Inbox(room.frames, async (frame) => {
      if (this.#isDeaf) return;
      await events.receive(frame);
      this.#acknowledgeSoon();
    });
  }

  get isEmpty(): boolean {
    return this.#outbox.isEmpty;
  }

  get isConnected(): boolean {
    return this.#connections.size > 0;
  }

  send(frame: Uint8Array): boolean {
    if (!this.#outbox.take(frame)) return false;
    this.#carrier?.send(frame);
    return true;
  }

  /** A connection to it stands. `masks`: whether this side has opened it. */
  connect(socket: WebSocket, masks: boolean): void {
    const connection: Connection = new Connection(socket, masks, {
      frame: (number, frame) => this.#hear(connection, number, frame),
      handled: (count) => this.#handled(connection, count),
      gone: (why) => this.#lose(connection, why),
    });
    this.#connections.add(connection);
    connection.acknowledge(this.#inbox.handled);
    if (this.#carrier === null || (this.#carrier.masks && !masks)) this.#carryOn(connection);
  }

  beat(): void {
    for (const connection of [...this.#connections]) connection.beat();
  }

  disconnect(why: string): void {
    for (const connection of [...this.#connections]) connection.terminate(why);
  }

  /** It has left: what was taken for it is lost. */
  abandon(): void {
    this.#outbox.abandon();
    this.#afterAcknowledgement();
  }

  /** Nothing more is received. */
  deafen(): void {
    this.#isDeaf = true;
  }

  /** Whatever another connection had carried and nobody has acknowledged goes again; the inbox there knows numbers. */
  #carryOn(connection: Connection): void {
    this.#carrier = connection;
    connection.begin(this.#outbox.first);
    for (const frame of this.#outbox.pending) connection.send(frame);
  }

  #hear(connection: Connection, number: number, frame: Uint8Array): void {
    if (this.#isDeaf) return;
    const heard = this.#inbox.hear(number, frame);
    if (heard === 'gap') connection.reject('a frame is left out');
    if (heard === 'too-many') connection.reject('more frames than the window');
  }

  #handled(connection: Connection, count: number): void {
    if (!this.#outbox.acknowledge(count)) connection.reject('more handled than were sent');
    else this.#afterAcknowledgement();
  }

  #afterAcknowledgement(): void {
    if (this.#outbox.hasNews()) this.#events.room();
    if (this.#outbox.isEmpty) this.#events.empty();
  }

  /** Once for all that is handled in a turn of the event loop. */
  #acknowledgeSoon(): void {
    if (this.#acknowledges) return;
    this.#acknowledges = true;
    setImmediate(() => {
      this.#acknowledges = false;
      const [any] = this.#connections;
      any?.acknowledge(this.#inbox.handled);
    });
  }

  #lose(connection: Connection, why: string): void {
    this.#connections.delete(connection);
    if (this.#carrier === connection) {
      this.#carrier = null;
      const others = [...this.#connections];
      const next = others.find(({ masks }) => !masks) ?? others[0];
      if (next !== undefined) this.#carryOn(next);
    }
    this.#events.lost(why);
  }
}
