/** A TCP proxy before a server, over which connections do badly: they break, in the middle of a frame too, or fall silent. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Dice } from '../../sim/dice.ts';

type Fate = 'breaks' | 'breaks in a chunk' | 'falls silent';

const FATES: readonly Fate[] = ['breaks', 'breaks in a chunk', 'falls silent'];

export class FaultProxy {
  /** Where the server listens; connections before it is known fail. */
  target: number | null = null;
  readonly faults = new Map<Fate, number>();
  readonly #server: Server;
  readonly #dice: Dice;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  /** After so many, connections hold. */
  #faultsLeft: number;

  private constructor(dice: Dice, most: number) {
    this.#dice = dice;
    this.#faultsLeft = most;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async listen(dice: Dice, most: number): Promise<FaultProxy> {
    const proxy = new FaultProxy(dice, most);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends all connections that there are. */
  breakAll(): void {
    for (const pair of this.#pairs) this.#break(pair);
  }

  async close(): Promise<void> {
    this.breakAll();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(near: Socket): void {
    if (this.target === null) {
      near.destroy();
      return;
    }
    const far = connect(this.target, '127.0.0.1');
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    let left = this.#dice.logarithmic(300, 20_000);
    const carry = (from: Socket, to: Socket) => {
      from.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left > 0 || this.#faultsLeft === 0) {
          to.write(chunk);
          return;
        }
        this.#faultsLeft -= 1;
        this.#befall(pair, to, chunk);
      });
      from.on('close', () => this.#break(pair));
      from.on('error', () => this.#break(pair));
    };
    carry(near, far);
    carry(far, near);
  }

  #befall(pair: readonly [Socket, Socket], to: Socket, chunk: Buffer): void {
    const fate = this.#dice.pick(FATES);
    this.faults.set(fate, (this.faults.get(fate) ?? 0) + 1);
    switch (fate) {
      case 'breaks':
        this.#break(pair);
        break;
      case 'breaks in a chunk':
        to.write(chunk.subarray(0, chunk.length >> 1), () => this.#break(pair));
        break;
      case 'falls silent':
        for (const socket of pair) socket.pause();
    }
  }

  #break(pair: readonly [Socket, Socket]): void {
    this.#pairs.delete(pair);
    for (const socket of pair) socket.destroy();
  }
}
