/** A node's end in the transport suite: it sends, handles as slowly as it is told, and remembers. */

import type { Endpoint, Receiver, Transport } from '../../src/actors/node/transport.ts';
import { must, mustEqual } from '../conformance.ts';

/** The last frame from one node to another: no other is empty. */
const END = new Uint8Array();

/** Joins. `turns`: of the event loop's inner queue, that handling a frame takes. */
export async function meet(transport: Transport, node: number, turns: number): Promise<Party> {
  const party = new Party(node, turns);
  party.endpoint = await transport.join(node, party);
  return party;
}

export class Party implements Receiver {
  endpoint: Endpoint | null = null;
  /** Each frame waits until `handleOne` says so. */
  holdsFrames = false;
  handled = 0;
  readonly #node: number;
  readonly #turns: number;
  readonly #sent = new Map<number, Uint8Array[]>();
  readonly #heard = new Map<number, Uint8Array[]>();
  /** Frames that are taken and not released. */
  readonly #lent = new Set<Uint8Array>();
  /** Nodes one of whose frames is being handled. */
  readonly #busy = new Set<number>();
  readonly #ended = new Set<number>();
  /** What a test waits for; whoever is told looks again. */
  #waiting: (() => void)[] = [];
  #held: (() => void)[] = [];
  readonly #rooms = new Map<number, () => void>();
  /** What was wrong when a frame came: `receive` belongs to the transport, so the test tells it later. */
  #wrong: unknown = null;

  constructor(node: number, turns: number) {
    this.#node = node;
    this.#turns = turns;
  }

  async receive(from: number, frame: Uint8Array): Promise<void> {
    if (this.#busy.has(from)) this.#wrong ??= `the next frame from node ${from} comes when one is handled`;
    this.#busy.add(from);
    if (this.holdsFrames) await new Promise<void>((release) => this.#hold(release));
    for (let i = 0; i < this.#turns; i += 1) await null;
    this.#busy.delete(from);
    this.handled += 1;
    if (frame.length === 0) this.#ended.add(from);
    else this.#heard.set(from, [...(this.#heard.get(from) ?? []), Uint8Array.from(frame)]);
    this.#tell();
  }

  /** What a sender may do with memory that is its own again. */
  released(frame: Uint8Array): void {
    if (!this.#lent.delete(frame)) this.#wrong ??= 'a frame is released once, and was sent before';
    frame.fill(0xff);
  }

  room(to: number): void {
    this.#rooms.get(to)?.();
  }

  /** Once; `room` is fulfilled when the transport says that there is some. */
  trySend(to: number, frame: Uint8Array): { readonly taken: boolean; readonly room: Promise<void> } {
    const room = new Promise<void>((told) => this.#rooms.set(to, told));
    const lent = Uint8Array.from(frame);
    const taken = this.endpoint!.send(to, lent);
    if (taken) this.#lent.add(lent);
    if (taken) this.#sent.set(to, [...(this.#sent.get(to) ?? []), frame]);
    return { taken, room };
  }

  async send(to: number, frame: Uint8Array): Promise<void> {
    for (let tried = this.trySend(to, frame); !tried.taken; tried = this.trySend(to, frame)) await tried.room;
  }

  async sayEnd(all: readonly Party[]): Promise<void> {
    for (const other of all) if (other !== this) await this.send(other.#node, END);
  }

  /** Fulfilled when the last frame of so many nodes has come. */
  async heardEnd(nodes: number): Promise<void> {
    while (this.#ended.size < nodes) await new Promise<void>((look) => this.#waiting.push(look));
  }

  /** Lets the transport bring a frame, if it must, and handles it. */
  async handleOne(): Promise<void> {
    while (this.#held.length === 0) await new Promise<void>((look) => this.#waiting.push(look));
    const before = this.handled;
    this.#held.shift()!();
    while (this.handled === before) await new Promise<void>((look) => this.#waiting.push(look));
  }

  mustHaveHeard(all: readonly Party[]): void {
    must(this.#wrong === null, String(this.#wrong));
    for (const other of all)
      if (other !== this)
        mustEqual(
          this.framesFrom(other.#node),
          (other.#sent.get(this.#node) ?? []).filter(({ length }) => length > 0),
          `the frames from node ${other.#node} to node ${this.#node}`,
        );
  }

  framesFrom(node: number): Uint8Array[] {
    return this.#heard.get(node) ?? [];
  }

  /** From now on frames are handled as they come. */
  letGo(): void {
    this.holdsFrames = false;
    for (const release of this.#held.splice(0)) release();
  }

  async close(): Promise<void> {
    await this.endpoint!.close();
  }

  #hold(release: () => void): void {
    this.#held.push(release);
    this.#tell();
  }

  #tell(): void {
    for (const look of this.#waiting.splice(0)) look();
  }
}
