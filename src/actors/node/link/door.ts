/** Where a node listens, on one port: WebSocket for other nodes, HTTP for everybody else. */

import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { Gate } from './credentials.ts';
import type { Token } from './token.ts';

export interface DoorOptions {
  /** Connections from others at once, strangers among them; more are closed unheard. */
  readonly connections: number;
  /** Milliseconds for a stranger to say what it wants. */
  readonly handshake: number;
  /** Whoever holds one of these is let in; if there are none, everybody is. */
  readonly tokens: readonly Token[];
  /** PEM. Null: nothing is encrypted. */
  readonly certificate: { readonly cert: string; readonly key: string } | null;
}

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void;
export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** For HTTP's own headers and ours, before anybody is let in. */
const HEADER_BYTES = 1_024;

/** Milliseconds between two looks for strangers that are too slow. */
const SLOWNESS_CHECK = 1_000;

export class Door {
  readonly gate: Gate;
  readonly #http: Server;
  readonly #isSecure: boolean;
  #onRequest: OnRequest = (_, response) => void response.writeHead(503).end('not yet\n');
  #onUpgrade: OnUpgrade = (_, socket) => refuse(socket, 503, 'not yet');

  constructor({ connections, handshake, tokens, certificate }: DoorOptions) {
    this.gate = new Gate(tokens, handshake);
    const limits = {
      maxHeaderSize: HEADER_BYTES,
      headersTimeout: handshake,
      connectionsCheckingInterval: Math.min(handshake, SLOWNESS_CHECK),
      // Of whom is let in, who may send for as long as it likes.
      requestTimeout: 0,
    };
    this.#isSecure = certificate !== null;
    this.#http =
      certificate === null
        ? createServer(limits)
        : createTlsServer({ ...limits, ...certificate, handshakeTimeout: handshake });
    this.#http.maxConnections = connections;
    this.#http.on('request', (request, response) => this.#onRequest(request, response));
    this.#http.on('upgrade', (request, socket, head) => this.#onUpgrade(request, socket, head));
  }

  /** Requests that ask for no WebSocket; 503 until somebody answers them. */
  set onRequest(answer: OnRequest) {
    this.#onRequest = answer;
  }

  /** Requests for a WebSocket; refused until somebody takes them. */
  set onUpgrade(take: OnUpgrade) {
    this.#onUpgrade = take;
  }

  /** Answers the origin that others reach it at, as in `ws://127.0.0.1:7400`. Rejects if the port is taken. */
  async listen(host: string, port: number): Promise<string> {
    await new Promise<void>((listening, failed) => {
      this.#http.once('error', failed).listen(port, host, () => {
        this.#http.off('error', failed);
        listening();
      });
    });
    const { address, family, port: bound } = this.#http.address() as AddressInfo;
    return `${this.#isSecure ? 'wss' : 'ws'}://${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
  }

  async close(): Promise<void> {
    this.#http.closeAllConnections();
    if (this.#http.listening) await new Promise<void>((closed) => this.#http.close(() => closed()));
  }
}

/** Answers a request for a WebSocket with a refusal. */
export function refuse(socket: Duplex, status: number, text: string, headers: readonly string[] = []): void {
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(text)}`,
      ...headers,
      '',
      text,
    ].join('\r\n'),
  );
}
