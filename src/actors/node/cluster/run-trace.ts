/**
 * The trace of a run, on its way to the client that has brought it: kept as output is until it is fetched, and while too much
 * of it waits, the run is held up.
 */

import type { TraceEvent } from '../../trace-event.ts';
import { ChannelDevice } from '../devices/channel-device.ts';
import { traceLine } from '../trace-line.ts';
import { Spool } from './spool.ts';

export class RunTrace {
  readonly spool: Spool;
  readonly #channel: ChannelDevice;
  readonly #began = performance.now();
  #length = 0;
  #flushed: () => void = () => {};

  /** `onNews`: there is more to fetch; `onFull`: more waits than should, or no longer. `mostUnfetched` is in bytes. */
  constructor(onNews: () => void, onFull: (isFull: boolean) => void, mostUnfetched?: number) {
    this.spool = new Spool(onNews, mostUnfetched);
    this.#channel = new ChannelDevice(this.spool, (message) => {
      if (message.type === 'device-full') onFull(message.isFull);
      else this.#flushed();
    });
  }

  note(event: TraceEvent): void {
    const bytes = Buffer.from(`${traceLine(this.#began, event)}\n`);
    this.#channel.receive({ type: 'device-write', offset: this.#length, bytes });
    this.#length += bytes.length;
  }

  /** Fulfilled when all of it can be fetched; nothing waits any more for it to be. */
  async end(): Promise<void> {
    this.spool.abandon();
    await new Promise<void>((flushed) => {
      this.#flushed = flushed;
      this.#channel.receive({ type: 'device-flush' });
    });
  }

  destroy(): void {
    void this.#channel.close();
    this.spool.destroy();
  }
}
