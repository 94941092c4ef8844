/** Nodes of one process that talk over loopback as nodes of many hosts would; each knows where all others listen. */

import { invariant } from '../../../invariant.ts';
import type { Endpoint, Receiver, Transport } from '../transport.ts';
import {
  LINK_OPTIONS,
  type LinkOptions,
  WebSocketEndpoint,
  type Whereabouts,
} from './web-socket-endpoint.ts';

export class WebSocketTransport implements Transport {
  readonly window: number;
  readonly #options: LinkOptions;
  readonly #reach: (url: string, from: number, to: number) => string;
  readonly #endpoints = new Map<number, WebSocketEndpoint>();
  readonly #whereabouts = new Map<number, Whereabouts>();

  /** `reach`: the URL by which one node gets to another that listens at `url`: that of a proxy, say. */
  constructor(
    options: LinkOptions = LINK_OPTIONS,
    reach: (url: string, from: number, to: number) => string = (url) => url,
  ) {
    this.window = options.room.frames;
    this.#options = options;
    this.#reach = reach;
  }

  async join(node: number, receiver: Receiver): Promise<Endpoint> {
    invariant(!this.#endpoints.has(node), 'a node joins once');
    const find = (other: number) => this.#find(node, other);
    const endpoint = new WebSocketEndpoint(node, receiver, find, this.#options);
    this.#endpoints.set(node, endpoint);
    this.#move(node, { url: await endpoint.listen('127.0.0.1', 0) });
    return {
      send: (to, frame) => endpoint.send(to, frame),
      close: async () => {
        await endpoint.close();
        this.#move(node, 'left');
      },
    };
  }

  breakConnection(a: number, b: number): void {
    this.#endpoints.get(a)?.disconnect(b);
  }

  #find(from: number, to: number): Whereabouts {
    const known = this.#whereabouts.get(to) ?? 'unknown';
    return typeof known === 'string' ? known : { url: this.#reach(known.url, from, to) };
  }

  #move(node: number, whereabouts: Whereabouts): void {
    this.#whereabouts.set(node, whereabouts);
    for (const [other, endpoint] of this.#endpoints) if (other !== node) endpoint.moved(node);
  }
}
