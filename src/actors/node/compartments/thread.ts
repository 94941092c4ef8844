/** A compartment's thread as the main thread sees it. */

import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { RecordReader, RecordWriter } from './byte-record.ts';
import { SentPages } from './known-pages.ts';
import type { MachineSettings, Posted, ThreadData } from './posted.ts';
import { type Inward, type Outward, readOutward, writeInward } from './records.ts';
import { RingReader, RingWriter } from './ring.ts';
import { INWARD, newSharedMemory, OUTWARD, RING_BYTES, sharedWordsIn, WORD } from './shared-words.ts';
import type { WaitName } from './waiting.ts';

/** Whoever uses a thread hears of it. */
export interface ThreadOwner {
  /** There is something to receive, and the main thread had said that it sleeps. */
  rung(thread: Thread): void;
  /** The thread is gone. Null: it was killed. */
  died(thread: Thread, error: Error | null): void;
}

export class Thread {
  /** Executions that it was given so far. */
  executions = 0;
  owner: ThreadOwner | null = null;
  readonly #worker: Worker;
  readonly #freight: MessagePort;
  readonly #words: Int32Array;
  readonly #inward: RingWriter;
  readonly #outward: RingReader;
  readonly #sent = new SentPages();
  /** Records that found the ring full. */
  #overflow: Uint8Array[] = [];
  #machine: MachineSettings | null = null;
  #killed = false;
  #dead = false;

  constructor(wait: WaitName, entry: URL = ENTRY) {
    const shared = newSharedMemory();
    const { words, inward, outward } = sharedWordsIn(shared);
    this.#words = words;
    this.#inward = new RingWriter(words, INWARD, inward);
    this.#outward = new RingReader(words, OUTWARD, outward);
    const { port1, port2 } = new MessageChannel();
    this.#freight = port1;
    port1.unref();
    const workerData: ThreadData = { shared, freight: port2, wait };
    this.#worker = new Worker(entry, {
      workerData,
      transferList: [port2],
      execArgv: [],
      // Else the worker opens the standard streams of the process, which nobody would close again.
      stdout: true,
      stderr: true,
      name: 'dvm compartment',
    });
    this.#worker.unref();
    this.#worker.on('message', () => this.owner?.rung(this));
    let error: Error | null = null;
    this.#worker.on('error', (reason: Error) => {
      error = reason;
    });
    this.#worker.on('exit', () => {
      this.#dead = true;
      this.owner?.died(this, error);
      port1.close();
    });
  }

  get isDead(): boolean {
    return this.#dead;
  }

  /** How often it has told that it gets on. */
  get beats(): number {
    return Atomics.load(this.#words, WORD.beat);
  }

  /** As long as it is busy the process does not end. */
  ref(): void {
    this.#worker.ref();
  }

  unref(): void {
    this.#worker.unref();
  }

  /** What is sent from now on is of this machine. */
  serve(machine: MachineSettings): void {
    if (machine === this.#machine) return;
    this.#machine = machine;
    this.#freight.postMessage({ machine } satisfies Posted);
    this.send({ type: 'posted' });
  }

  send(message: Inward): void {
    writeInward(WRITER.begin(), message, this.#sent);
    if (WRITER.length > RING_BYTES / 4) {
      const record = WRITER.release();
      this.#freight.postMessage({ record, attached: [] } satisfies Posted, [record.buffer]);
      writeInward(WRITER.begin(), { type: 'posted' }, this.#sent);
    }
    if (this.#overflow.length > 0 || !this.#inward.offer(WRITER.record))
      this.#overflow.push(WRITER.record.slice());
    this.#wake();
  }

  /** The execution is no longer wanted; answered by `dropped`, or by its end if that was faster. */
  drop(execution: number): void {
    Atomics.store(this.#words, WORD.dropped, execution);
    this.send({ type: 'drop', execution });
  }

  receive(): Outward | null {
    this.#flush();
    const record = this.#outward.take();
    if (record === null) return null;
    const message = readOutward(new RecordReader(record, false));
    if (message.type !== 'posted') return message;
    const { message: posted } = receiveMessageOnPort(this.#freight) as { readonly message: Posted };
    return 'record' in posted ? readOutward(new RecordReader(posted.record, true, posted.attached)) : null;
  }

  /** From now on the owner is rung for; false, if there is something to receive at once. */
  mayRing(): boolean {
    if (this.#overflow.length > 0) return false;
    Atomics.store(this.#words, WORD.mainSleeps, 1);
    if (this.#outward.isEmpty) return true;
    Atomics.store(this.#words, WORD.mainSleeps, 0);
    return false;
  }

  /** Ends the thread at once, whatever it does. Its owner hears of it. */
  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    void this.#worker.terminate();
  }

  #flush(): void {
    while (this.#overflow.length > 0 && this.#inward.offer(this.#overflow[0]!)) this.#overflow.shift();
  }

  #wake(): void {
    if (Atomics.compareExchange(this.#words, WORD.compartmentSleeps, 1, 0) === 1)
      Atomics.notify(this.#words, WORD.compartmentSleeps);
  }
}

/** One for all threads: nothing of a record outlives its sending. */
const WRITER = new RecordWriter();

/** Threads run what is built, also under a runner of tests that takes the sources. */
const ENTRY = import.meta.url.endsWith('.ts')
  ? new URL(import.meta.url.replace('/src/actors/', '/dist/src/actors/').replace(/thread\.ts$/, 'worker.js'))
  : new URL('./worker.js', import.meta.url);
