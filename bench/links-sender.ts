/** The node that sends, for the benchmark of links: a process of its own, which ends with the one that has started it. */

import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { DEFAULT_CONFIG } from '../src/actors/config.ts';
import { Router } from '../src/actors/node/cluster/router.ts';
import {
  LINK_OPTIONS,
  WebSocketEndpoint,
  type Whereabouts,
} from '../src/actors/node/link/web-socket-endpoint.ts';
import type { Letter } from '../src/actors/node/wire/wire.ts';
import { createHome, type HomeState, receiveAsHome } from '../src/actors/page-home.ts';
import { byHome } from '../src/memory/directory.ts';
import { contents, HOMES, PAGE_BYTES, READER, SENDER } from './pages.ts';

/** Where it is heard from. */
export interface Sender {
  /** URLs of its links: for frames, and for pages. */
  readonly frames: string;
  readonly pages: string;
  /** Of the plain TCP server: it is told how many bytes to send. */
  readonly port: number;
}

export type Job =
  /** Where the reader is; nobody but this side dials for `masked`. */
  | { readonly type: 'reach'; readonly frames: string; readonly pages: string; readonly masked: string }
  /** Send so many frames of that length. Pages are asked for. */
  | { readonly type: 'send'; readonly length: number; readonly count: number };

const CHUNK = new Uint8Array(2 ** 20);

const found: Record<'frames' | 'pages' | 'masked', Whereabouts> = {
  frames: 'unknown',
  pages: 'unknown',
  masked: 'unknown',
};
let room = () => {};
const frames = new WebSocketEndpoint(
  SENDER,
  { receive: () => {}, room: () => room() },
  () => found.frames,
  LINK_OPTIONS,
);
const homes = makeHomes();
const pages = serve('pages');
const masked = serve('masked');
const plain = createServer((socket) => void copy(socket)).listen(0, '127.0.0.1');
await once(plain, 'listening');

process.on('message', (job: Job) => void work(job));
process.on('disconnect', () => process.exit());
process.send!({
  frames: await frames.listen('127.0.0.1', 0),
  pages: await pages.listen('127.0.0.1', 0),
  port: (plain.address() as AddressInfo).port,
} satisfies Sender);

async function work(job: Job): Promise<void> {
  if (job.type === 'send') {
    await send(job.length, job.count);
    return;
  }
  for (const link of ['frames', 'pages', 'masked'] as const) found[link] = { url: job[link] };
  for (const endpoint of [frames, pages, masked]) endpoint.greet(READER);
}

async function send(length: number, count: number): Promise<void> {
  const frame = new Uint8Array(length);
  for (let left = count; left > 0; ) {
    if (frames.send(READER, frame)) left -= 1;
    else
      await new Promise<void>((told) => {
        room = told;
      });
  }
}

/** As they are on a node that keeps all of them. */
function makeHomes(): readonly HomeState[] {
  const images = byHome(contents(), HOMES);
  return Array.from({ length: HOMES }, (_, id) => {
    const [state] = createHome({
      kind: 'home',
      id,
      node: SENDER,
      replica: 1,
      config: { ...DEFAULT_CONFIG, homes: HOMES, pageSize: PAGE_BYTES },
      map: { assembled: [], loaded: [], files: [], outputs: [], streams: [] },
      image: images.get(id) ?? [],
    });
    return state;
  });
}

/** An endpoint at which the homes hear what is sent to them, and by which their answers go. */
function serve(link: 'pages' | 'masked'): WebSocketEndpoint {
  const router = new Router({
    hear: (from, letters) => {
      for (const letter of letters) for (const answer of answersTo(letter)) router.post(from, answer);
    },
    onBroken: (_, why) => {
      throw new Error(why);
    },
    onTooLong: () => {
      throw new Error('an answer is too long');
    },
  });
  const endpoint = new WebSocketEndpoint(SENDER, router, () => found[link], LINK_OPTIONS);
  router.connect(endpoint);
  return endpoint;
}

function answersTo({ kind, run, id, message }: Letter): Letter[] {
  if (kind !== 'home') return [];
  const [, ...effects] = receiveAsHome(homes[Number(id)]!, message);
  return effects.flatMap((effect) =>
    effect.type === 'send'
      ? [{ kind: effect.to.kind, run, id: effect.to.id, message: effect.message } as Letter]
      : [],
  );
}

async function copy(socket: Socket): Promise<void> {
  const [order] = (await once(socket, 'data')) as [Buffer];
  for (let left = Number(order); left > 0; left -= CHUNK.length)
    if (!socket.write(CHUNK.subarray(0, Math.min(left, CHUNK.length)))) await once(socket, 'drain');
  socket.end();
}
