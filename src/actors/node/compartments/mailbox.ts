/** A compartment thread's end of the two rings. */

import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { RecordReader, RecordWriter } from './byte-record.ts';
import { KnownPages } from './known-pages.ts';
import type { Posted } from './posted.ts';
import { type Inward, type Outward, readInward, writeOutward } from './records.ts';
import { RingReader, RingWriter } from './ring.ts';
import { INWARD, OUTWARD, RING_BYTES, type SharedWords, WORD } from './shared-words.ts';
import type { Wait } from './waiting.ts';

/** Milliseconds of looking for the next record before going to sleep: a wake-up costs more than that. */
const SPIN = 0.03;

/** Looks at the ring between two looks at the clock. */
const SPINS_A_LOOK = 50;

/** Milliseconds between two tries to put a record into a full ring. */
const FULL_WAIT = 1;

export class Mailbox {
  readonly #words: Int32Array;
  readonly #inward: RingReader;
  readonly #outward: RingWriter;
  readonly #freight: MessagePort;
  readonly #bell: () => void;
  readonly #wait: Wait;
  readonly #known = new KnownPages();
  readonly #writer = new RecordWriter();

  constructor(shared: SharedWords, freight: MessagePort, bell: () => void, wait: Wait) {
    this.#words = shared.words;
    this.#inward = new RingReader(shared.words, INWARD, shared.inward);
    this.#outward = new RingWriter(shared.words, OUTWARD, shared.outward);
    this.#freight = freight;
    this.#bell = bell;
    this.#wait = wait;
  }

  /** What comes next; sleeps until something does. */
  next(): Inward | Posted | Promise<Inward | Posted> {
    return this.#poll() ?? this.#spin() ?? this.#sleep();
  }

  /** Whether an execution is to be dropped. */
  isDropped(execution: number): boolean {
    return ((Atomics.load(this.#words, WORD.dropped) - execution) | 0) >= 0;
  }

  /** Tells the main thread that this one gets on. */
  beat(): void {
    Atomics.add(this.#words, WORD.beat, 1);
  }

  /** With `give` the bytes of patches may be given away. */
  send(message: Outward, give = false): void {
    writeOutward(this.#writer.begin(), message, give);
    const { attached } = this.#writer;
    if (attached.length > 0 || this.#writer.length > RING_BYTES / 4) {
      const record = this.#writer.release();
      this.#freight.postMessage({ record, attached } satisfies Posted, [record.buffer, ...attached]);
      writeOutward(this.#writer.begin(), { type: 'posted' });
    }
    while (!this.#outward.offer(this.#writer.record)) {
      this.#ring();
      const head = Atomics.load(this.#words, OUTWARD.head);
      Atomics.wait(this.#words, OUTWARD.head, head, FULL_WAIT);
    }
    this.#ring();
  }

  #ring(): void {
    if (Atomics.compareExchange(this.#words, WORD.mainSleeps, 1, 0) === 1) this.#bell();
  }

  #poll(): Inward | Posted | null {
    const record = this.#inward.take();
    if (record === null) return null;
    const message = readInward(new RecordReader(record, false), this.#known);
    if (message.type !== 'posted') return message;
    const posted = (receiveMessageOnPort(this.#freight) as { readonly message: Posted }).message;
    return 'record' in posted ? readInward(new RecordReader(posted.record, true), this.#known) : posted;
  }

  #spin(): Inward | Posted | null {
    const until = performance.now() + SPIN;
    do {
      for (let i = 0; i < SPINS_A_LOOK; i++) if (!this.#inward.isEmpty) return this.#poll();
    } while (performance.now() < until);
    return null;
  }

  #sleep(): Inward | Posted | Promise<Inward | Posted> {
    for (;;) {
      Atomics.store(this.#words, WORD.compartmentSleeps, 1);
      // The main thread may have put something into the ring before it could see that it has to wake anyone.
      const message = this.#poll();
      if (message !== null) {
        Atomics.store(this.#words, WORD.compartmentSleeps, 0);
        return message;
      }
      const woken = this.#wait(this.#words, WORD.compartmentSleeps, 1);
      if (woken !== undefined) return woken.then(() => this.next());
    }
  }
}
