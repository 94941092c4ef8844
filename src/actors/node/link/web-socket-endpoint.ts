/** A node's end of the network: it listens, opens connections to others, and opens them again when they break. */

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { invariant } from '../../../invariant.ts';
import type { Endpoint, Receiver } from '../transport.ts';
import { CLUSTER_HEADER, claimOf, dial, LINK_PATH, NODE_HEADER, PROTOCOL } from './dial.ts';
import { Door, type DoorOptions, refuse } from './door.ts';
import type { Room } from './outbox.ts';
import { Peer } from './peer.ts';
import type { Token } from './token.ts';

/** What a node knows of another: the URL of its links, that it has left, or nothing yet. */
export type Whereabouts = { readonly url: string } | 'left' | 'unknown';

export interface LinkOptions extends DoorOptions {
  /** Who the nodes are that talk to each other: others are told that their partners have left. */
  readonly cluster: string;
  readonly room: Room;
  /** Bytes of the longest frame that is taken or received. */
  readonly longest: number;
  /** Milliseconds between two looks at whether the others still live. */
  readonly beat: number;
  /** Milliseconds until a connection that failed is tried again, at first and at most. */
  readonly retry: { readonly first: number; readonly most: number };
  /** PEM of who vouches for the certificates of others; null: those whom the system trusts. */
  readonly authority: string | null;
  /** What this side shows to others. */
  readonly token: Token | null;
  /** A connection to a node stands. */
  readonly onConnected: (node: number) => void;
  /** Hears why a connection to a node did not come about, or has ended. */
  readonly report: (node: number, why: string) => void;
  /** A node says that it has no more to do with this one: its partner has left, or belongs to another cluster. */
  readonly onGone: (node: number) => void;
}

export const LINK_OPTIONS: LinkOptions = {
  cluster: 'dvm',
  certificate: null,
  authority: null,
  room: { frames: 64, bytes: 2 ** 22 },
  longest: 2 ** 22,
  connections: 4_096,
  beat: 1_000,
  handshake: 5_000,
  retry: { first: 20, most: 2_000 },
  tokens: [],
  token: null,
  onConnected: () => {},
  report: () => {},
  onGone: () => {},
};

/** HTTP's status for what was there once. */
const GONE = 410;

interface Contact {
  readonly node: number;
  readonly peer: Peer;
  /** Ends the connection that this side opens or has open. */
  hangUp: (() => void) | null;
  retryIn: number;
  timer: NodeJS.Timeout | null;
}

export class WebSocketEndpoint implements Endpoint {
  readonly #node: number;
  readonly #receiver: Receiver;
  readonly #find: (node: number) => Whereabouts;
  readonly #options: LinkOptions;
  readonly #door: Door;
  readonly #ownsDoor: boolean;
  readonly #sockets: WebSocketServer;
  readonly #contacts = new Map<number, Contact>();
  readonly #beats: NodeJS.Timeout;
  #closed = false;
  #waiting: (() => void)[] = [];

  /** `find`: the whereabouts of another node, as known now; `moved` says that they are others. `door`: nodes come in there; one of its own by default, closed with it. */
  constructor(
    node: number,
    receiver: Receiver,
    find: (node: number) => Whereabouts,
    options: LinkOptions = LINK_OPTIONS,
    door: Door | null = null,
  ) {
    this.#node = node;
    this.#receiver = receiver;
    this.#find = find;
    this.#options = options;
    this.#ownsDoor = door === null;
    this.#door = door ?? new Door(options);
    this.#door.onUpgrade = (request, socket, head) => this.#upgrade(request, socket, head);
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.longest,
      handleProtocols: () => PROTOCOL,
    });
    this.#beats = setInterval(() => this.#beat(), options.beat).unref();
  }

  /** Answers the URL of its links. Rejects if the port is taken. */
  async listen(host: string, port: number): Promise<string> {
    return `${await this.#door.listen(host, port)}${LINK_PATH}`;
  }

  /** Whether a connection to a node stands. */
  isConnected(node: number): boolean {
    return this.#contacts.get(node)?.peer.isConnected ?? false;
  }

  /** Opens a connection to a node although there is nothing to send. */
  greet(node: number): void {
    this.#open(this.#contact(node));
  }

  send(to: number, frame: Uint8Array): boolean {
    invariant(frame.length <= this.#options.longest, 'a frame is not longer than the longest');
    if (this.#closed) return false;
    if (this.#find(to) === 'left') return true;
    const contact = this.#contact(to);
    const taken = contact.peer.send(frame);
    if (!contact.peer.isConnected) this.#open(contact);
    return taken;
  }

  /** Another node listens somewhere, or has left. */
  moved(node: number): void {
    const contact = this.#contacts.get(node);
    if (contact === undefined) return;
    if (this.#find(node) !== 'left') {
      this.#open(contact);
      return;
    }
    this.#contacts.delete(node);
    contact.peer.abandon();
    this.#part(contact, 'it has left');
  }

  async close(): Promise<void> {
    this.#closed = true;
    const contacts = [...this.#contacts.values()];
    for (const { peer } of contacts) peer.deafen();
    for (const { node, peer } of contacts)
      if (this.#find(node) === 'unknown' && !peer.isConnected) peer.abandon();
    while (contacts.some(({ peer }) => !peer.isEmpty))
      await new Promise<void>((look) => this.#waiting.push(look));
    clearInterval(this.#beats);
    for (const contact of contacts) this.#part(contact, 'this end is closed');
    if (this.#ownsDoor) await this.#door.close();
  }

  /** All connections to a node break, and are opened again. */
  disconnect(node: number): void {
    this.#contacts.get(node)?.peer.disconnect('disconnected');
  }

  #contact(node: number): Contact {
    const known = this.#contacts.get(node);
    if (known !== undefined) return known;
    const contact: Contact = {
      node,
      hangUp: null,
      retryIn: this.#options.retry.first,
      timer: null,
      peer: new Peer(this.#options.room, {
        receive: async (frame) => this.#receiver.receive(node, frame),
        released: (frame) => this.#receiver.released?.(frame),
        room: () => this.#receiver.room(node),
        empty: () => this.#look(),
        lost: (why) => {
          this.#options.report(node, why);
          this.#openLater(contact);
        },
      }),
    };
    this.#contacts.set(node, contact);
    return contact;
  }

  /** The connection that this side opens, unless it is open, or nobody knows where to. */
  #open(contact: Contact): void {
    const { node, peer } = contact;
    const found = this.#find(node);
    if (contact.hangUp !== null || contact.timer !== null || typeof found === 'string') return;
    let isOpen = false;
    contact.hangUp = dial(
      found.url,
      { node: this.#node, ...this.#options },
      {
        open: (socket) => {
          isOpen = true;
          contact.retryIn = this.#options.retry.first;
          peer.connect(socket, true);
          this.#options.onConnected(node);
        },
        over: (why, status) => {
          contact.hangUp = null;
          // Why an open one has ended, the peer has said.
          if (!isOpen) this.#options.report(node, why);
          if (status === GONE) this.#options.onGone(node);
          this.#openLater(contact);
        },
      },
    );
  }

  #openLater(contact: Contact): void {
    if (contact.hangUp !== null || contact.timer !== null || this.#isOver(contact)) return;
    const { retryIn } = contact;
    contact.retryIn = Math.min(2 * retryIn, this.#options.retry.most);
    contact.timer = setTimeout(() => {
      contact.timer = null;
      this.#open(contact);
    }, retryIn).unref();
  }

  /** An end that is closed keeps what it needs to get rid of what it has taken. */
  #isOver({ node, peer }: Contact): boolean {
    return this.#find(node) === 'left' || (this.#closed && peer.isEmpty);
  }

  #part(contact: Contact, why: string): void {
    if (contact.timer !== null) clearTimeout(contact.timer);
    contact.timer = null;
    contact.hangUp?.();
    contact.peer.disconnect(why);
  }

  #beat(): void {
    for (const { peer } of this.#contacts.values()) peer.beat();
  }

  #look(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const node = Number(request.headers[NODE_HEADER]);
    const refusal = this.#refusal(request, node);
    if (refusal !== null) {
      refuse(socket, ...refusal);
      return;
    }
    const claim = claimOf(node, this.#options.cluster);
    const admission = this.#door.gate.admit(request.headers, claim, performance.now());
    if (admission.let === 'try') refuse(socket, 401, 'who holds the token?', admission.headers);
    else if (admission.let === 'out') refuse(socket, 403, 'that is not the token');
    else if (admission.role !== null && admission.role !== 'node')
      refuse(socket, 403, `a ${admission.role} token is not for nodes`);
    else {
      const add = (headers: string[]) => headers.push(...admission.headers);
      this.#sockets.on('headers', add);
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        const contact = this.#contact(node);
        contact.peer.connect(opened, false);
        this.#options.onConnected(node);
        this.#open(contact);
      });
      // Danger: a request that is no WebSocket's after all has had no headers, and the next one must not get these.
      this.#sockets.off('headers', add);
    }
  }

  #refusal({ headers, url }: IncomingMessage, node: number): [status: number, text: string] | null {
    if (url !== LINK_PATH) return [404, `nodes connect to ${LINK_PATH}`];
    if (headers.origin !== undefined) return [403, 'browsers are not let in'];
    const protocol = headers['sec-websocket-protocol'];
    if (protocol !== PROTOCOL)
      return [426, `this node speaks ${PROTOCOL}, not ${protocol ?? 'an unnamed protocol'}`];
    if (!Number.isSafeInteger(node) || node < 0) return [400, `${NODE_HEADER} is the number of a node`];
    if (headers[CLUSTER_HEADER] !== this.#options.cluster)
      return [GONE, 'this node belongs to another cluster'];
    if (this.#closed || this.#find(node) === 'left') return [GONE, 'one of the two nodes has left'];
    return null;
  }
}
