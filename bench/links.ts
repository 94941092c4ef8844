import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import {
  LINK_OPTIONS,
  WebSocketEndpoint,
  type Whereabouts,
} from '../src/actors/node/link/web-socket-endpoint.ts';
import type { Receiver } from '../src/actors/node/transport.ts';
import type { Job, Sender } from './links-sender.ts';
import { type Benchmark, inTurns, rowOf, scaled, stopwatch } from './measure.ts';
import { PageReader } from './page-reader.ts';
import { PAGE_BYTES, READER, SENDER } from './pages.ts';

const MEBIBYTE = 2 ** 20;
const MEBIBYTES = 1_024;
const SMALL_FRAMES = 400_000;

export const links: Benchmark = {
  name: 'links',
  title:
    'Pages from their homes in one node to another node, and frames, by WebSocket over loopback, each node a process of its own, in MiB/s; the peer is a plain TCP copy of as many bytes',
  async run(settings) {
    const amount = scaled(MEBIBYTES * MEBIBYTE, settings, MEBIBYTE);
    const smalls = scaled(SMALL_FRAMES, settings, 100);
    const child = fork(new URL('./links-sender.js', import.meta.url));
    const [sender] = (await once(child, 'message')) as [Sender];
    const frames = new FrameCount();
    const [both, own] = [new PageReader(), new PageReader()];
    const ends = [
      // The sender opens one connection, and this side another, on which the sender is the server.
      await End.open(frames, sender.frames),
      await End.open(both.router, sender.pages),
      // The sender's is the only one, and it masks what it sends there.
      await End.open(own.router, null),
    ];
    both.router.connect(ends[1]!.endpoint);
    own.router.connect(ends[2]!.endpoint);
    const [framesUrl, pagesUrl, maskedUrl] = ends.map(({ url }) => url) as [string, string, string];
    child.send({ type: 'reach', frames: framesUrl, pages: pagesUrl, masked: maskedUrl } satisfies Job);

    const sent = (length: number, count: number) =>
      stopwatch(() => frames.next(count, () => child.send({ type: 'send', length, count } satisfies Job)));
    const copy = (bytes: number) =>
      stopwatch(async () => {
        const socket = connect(sender.port, '127.0.0.1');
        socket.write(`${bytes}\n`);
        let seen = 0;
        // Danger: iterating over the socket joins what has come in the meantime, and the peer would be the slower for it.
        socket.on('data', ({ length }) => {
          seen += length;
        });
        await once(socket, 'end');
        if (seen !== bytes) throw new Error(`${seen} bytes came of ${bytes}`);
      });
    const rate = (milliseconds: number) => amount / MEBIBYTE / (milliseconds / 1_000);
    const [served, masked, long, medium, plain, small] = await inTurns(
      [
        async () => rate(await stopwatch(() => both.read(amount / PAGE_BYTES))),
        async () => rate(await stopwatch(() => own.read(amount / PAGE_BYTES))),
        async () => rate(await sent(MEBIBYTE, amount / MEBIBYTE)),
        async () => rate(await sent(MEBIBYTE / 16, (16 * amount) / MEBIBYTE)),
        async () => rate(await copy(amount)),
        async () => smalls / (await sent(64, smalls)),
      ],
      settings.rounds,
    );
    for (const end of ends) await end.close();
    child.disconnect();
    await once(child, 'exit');
    return {
      rows: [
        rowOf(`pages of ${PAGE_BYTES} bytes`, served!, plain!),
        rowOf(
          `pages of ${PAGE_BYTES} bytes, all connections opened by the sender, which masks`,
          masked!,
          plain!,
        ),
        rowOf('frames of 1 MiB', long!, plain!),
        rowOf('frames of 64 KiB', medium!, plain!),
        rowOf('frames of 64 bytes, thousands a second', small!, null),
      ],
      notes: [],
    };
  },
};

/** The reading node's end of the links to the sender. */
class End {
  readonly endpoint: WebSocketEndpoint;
  url = '';
  #found: Whereabouts;

  private constructor(receiver: Receiver, sender: string | null) {
    this.#found = sender === null ? 'unknown' : { url: sender };
    this.endpoint = new WebSocketEndpoint(READER, receiver, () => this.#found, LINK_OPTIONS);
  }

  /** `sender`: the URL of its links; null: nobody dials it. */
  static async open(receiver: Receiver, sender: string | null): Promise<End> {
    const end = new End(receiver, sender);
    end.url = await end.endpoint.listen('127.0.0.1', 0);
    return end;
  }

  async close(): Promise<void> {
    this.#found = 'left';
    this.endpoint.moved(SENDER);
    await this.endpoint.close();
  }
}

/** Hears frames, whatever is in them. */
class FrameCount implements Receiver {
  #left = 0;
  #arrived = () => {};

  receive(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#arrived();
  }

  room(): void {}

  /** Fulfilled once so many more have come. */
  next(count: number, ask: () => void): Promise<void> {
    this.#left = count;
    return new Promise((arrived) => {
      this.#arrived = arrived;
      ask();
    });
  }
}
