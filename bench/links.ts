import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import {
  LINK_OPTIONS,
  WebSocketEndpoint,
  type Whereabouts,
} from '../src/actors/node/link/web-socket-endpoint.ts';
import type { Job, Sender } from './links-sender.ts';
import { type Benchmark, inTurns, rowOf, scaled, stopwatch } from './measure.ts';

const MEBIBYTE = 2 ** 20;
const MEBIBYTES = 1_024;
const SMALL_FRAMES = 400_000;

export const links: Benchmark = {
  name: 'links',
  title:
    'Frames from one node to another by WebSocket over loopback, each node on a thread of its own, in MiB/s; the peer is a plain TCP copy of as many bytes',
  async run(settings) {
    const amount = scaled(MEBIBYTES * MEBIBYTE, settings, MEBIBYTE);
    const smalls = scaled(SMALL_FRAMES, settings, 100);
    const worker = new Worker(new URL('./links-sender.js', import.meta.url));
    const [sender] = (await once(worker, 'message')) as [Sender];
    let left = 0;
    let arrived = () => {};
    const receive = () => {
      left -= 1;
      if (left === 0) arrived();
    };
    let found: Whereabouts = { url: sender.url };
    const endpoint = new WebSocketEndpoint(0, { receive, room: () => {} }, () => found, LINK_OPTIONS);
    const url = await endpoint.listen('127.0.0.1', 0);

    const frames = async (length: number, count: number) => {
      left = count;
      return stopwatch(
        () =>
          new Promise<void>((done) => {
            arrived = done;
            worker.postMessage({ url, length, count } satisfies Job);
          }),
      );
    };
    const copy = async (bytes: number) =>
      stopwatch(async () => {
        const socket = connect(sender.port, '127.0.0.1');
        socket.write(`${bytes}\n`);
        let seen = 0;
        for await (const chunk of socket) seen += (chunk as Buffer).length;
        if (seen !== bytes) throw new Error(`${seen} bytes came of ${bytes}`);
      });
    const rate = (milliseconds: number) => amount / MEBIBYTE / (milliseconds / 1_000);
    const [long, medium, plain, small] = await inTurns(
      [
        async () => rate(await frames(MEBIBYTE, amount / MEBIBYTE)),
        async () => rate(await frames(MEBIBYTE / 16, (16 * amount) / MEBIBYTE)),
        async () => rate(await copy(amount)),
        async () => smalls / (await frames(64, smalls)),
      ],
      settings.rounds,
    );
    found = 'left';
    endpoint.moved(1);
    await endpoint.close();
    await worker.terminate();
    return {
      rows: [
        rowOf('frames of 1 MiB', long!, plain!),
        rowOf('frames of 64 KiB', medium!, plain!),
        rowOf('frames of 64 bytes, thousands a second', small!, null),
      ],
      notes: [],
    };
  },
};
