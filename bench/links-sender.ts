/** The thread that sends, for the benchmark of links. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { parentPort } from 'node:worker_threads';
import {
  LINK_OPTIONS,
  WebSocketEndpoint,
  type Whereabouts,
} from '../src/actors/node/link/web-socket-endpoint.ts';

/** Where it is heard from. */
export interface Sender {
  readonly url: string;
  /** Of the plain TCP server: it is told how many bytes to send. */
  readonly port: number;
}

/** To whom it sends how many frames of which length. */
export interface Job {
  readonly url: string;
  readonly length: number;
  readonly count: number;
}

const CHUNK = new Uint8Array(2 ** 20);

let found: Whereabouts = 'unknown';
let room = () => {};
const endpoint = new WebSocketEndpoint(
  1,
  { receive: () => {}, room: () => room() },
  () => found,
  LINK_OPTIONS,
);
const plain = createServer((socket) => void copy(socket)).listen(0, '127.0.0.1');
await once(plain, 'listening');

parentPort!.on('message', (job: Job) => void send(job));
parentPort!.postMessage({
  url: await endpoint.listen('127.0.0.1', 0),
  port: (plain.address() as AddressInfo).port,
} satisfies Sender);

async function send({ url, length, count }: Job): Promise<void> {
  found = { url };
  const frame = new Uint8Array(length);
  for (let left = count; left > 0; ) {
    if (endpoint.send(0, frame)) left -= 1;
    else
      await new Promise<void>((told) => {
        room = told;
      });
  }
}

async function copy(socket: Socket): Promise<void> {
  const [order] = (await once(socket, 'data')) as [Buffer];
  for (let left = Number(order); left > 0; left -= CHUNK.length)
    if (!socket.write(CHUNK.subarray(0, Math.min(left, CHUNK.length)))) await once(socket, 'drain');
  socket.end();
}
