/** One program on a DVM, seen from the client that has brought it there, or has come to look. */

import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { ClusterError, UsageError } from '../../../errors.ts';
import type { Program } from '../../../isa/program.ts';
import { writeProgram } from '../../../isa/program-file.ts';
import { VALUE_TYPES, type ValueType } from '../../../isa/value-type.ts';
import { type WordOf, wordsIn } from '../../../isa/words.ts';
import { bytesOf, textOf } from '../link/ask.ts';
import { configOf, type MachineOptions } from '../options.ts';
import type { RunReport } from '../run-report.ts';
import { type Counted, NOTHING_COUNTED } from '../runner-counts.ts';
import { encodeAs } from '../wire/wire.ts';
import { ClientDevices } from './client-devices.ts';
import type { Asker, SubmitOptions } from './cluster-client.ts';
import type { Followed } from './follow.ts';
import type { RunStatistics, TraceState } from './observation.ts';
import { toldReport } from './report-codec.ts';
import { limitsOf, MOST_SUBMITTED, SUBMISSION, type Submission, settingsOf } from './submission.ts';

/** Bytes of memory in one question. */
const READ_BYTES = 2 ** 22;

/** Milliseconds between two tries to follow a program again, and how many there are without a word from it. */
const RETRY = 500;
const MOST_RETRIES = 60;

/** Milliseconds without a word, where there should be one every half second. */
const FOLLOW_SILENCE = 10_000;

const KEY_BYTES = 18;

/** In the place of a program that somebody else has brought: nothing of it lies anywhere here. */
export const UNKNOWN: Program = {
  profile: 'extended',
  regionBoundary: 0,
  entry: 0,
  stack: { base: 0, length: 0 },
  heap: [],
  sections: [],
  symbols: [],
  files: [],
  lines: [],
};

export class RemoteRun {
  /** Its number in the DVM. */
  readonly id: number;
  readonly #asker: Asker;
  /** Of the submission, so that no other program is taken for it; null: somebody else has brought it. */
  readonly #key: string | null;
  readonly #devices: ClientDevices;
  /** Where its trace goes; null: it is not wanted. */
  readonly #trace: Writable | null;
  /** Bytes of each channel that have come. */
  readonly #come = { stdout: 0, stderr: 0, trace: 0 };
  /** Bytes of each channel that have been given to what takes it here. */
  readonly #written = { stdout: 0, stderr: 0, trace: 0 };
  #counted = NOTHING_COUNTED;
  #statistics: RunStatistics | null = null;
  #traceState: TraceState = 'none';
  #report: Promise<RunReport> | null = null;
  /** While `report` is awaited: the DVM is not reached any more, and this tries again; or it is reached again. */
  onReached: (isReached: boolean) => void = () => {};

  private constructor(
    asker: Asker,
    id: number,
    key: string | null,
    devices: ClientDevices,
    trace: Writable | null,
  ) {
    this.#asker = asker;
    this.#trace = trace;
    this.id = id;
    this.#key = key;
    this.#devices = devices;
    devices.onFailure = () => void this.cancel().catch(() => {});
  }

  /** Use `Cluster.submit`. */
  static async submit(asker: Asker, program: Program, options: SubmitOptions): Promise<RemoteRun> {
    const { name = 'program', stats = false, trace = null, ...machineOptions } = options;
    configOf(machineOptions, program.regionBoundary);
    const devices = await ClientDevices.open(program, machineOptions);
    try {
      const { inputs = [], stdin } = machineOptions;
      const submission = {
        key: randomBytes(KEY_BYTES).toString('base64url'),
        name,
        program: writeProgram(program),
        settings: settingsOf(machineOptions),
        limits: limitsOf(machineOptions),
        inputs: await Promise.all(
          inputs.map(async ({ base, file }) => ({
            base,
            bytes: typeof file === 'string' ? new Uint8Array(await readFile(file)) : file,
          })),
        ),
        stdin: stdin === undefined ? null : { base: stdin.base, length: stdin.length },
      };
      mustFit(submission);
      const body = encodeAs(SUBMISSION, submission);
      const path = `/programs?stats=${Number(stats)}&trace=${Number(trace !== null)}`;
      const answer = await asker.ask({ method: 'POST', path, body });
      const { program: id } = JSON.parse(await textOf(answer)) as { program: number };
      await devices.begin();
      const run = new RemoteRun(asker, id, submission.key, devices, trace);
      if (stdin !== undefined) run.#send(stdin.source);
      return run;
    } catch (error) {
      await devices.close();
      throw error;
    }
  }

  /** Use `Cluster.attach`. */
  static async attach(
    asker: Asker,
    id: number,
    options: Pick<MachineOptions, 'stdout' | 'stderr'>,
  ): Promise<RemoteRun> {
    return new RemoteRun(asker, id, null, await ClientDevices.open(UNKNOWN, options), null);
  }

  /** How far it has come, as last heard while `report` is awaited. */
  get counted(): Counted {
    return this.#counted;
  }

  /**
   * What it has cost at all nodes that have told, once `report` is fulfilled. Null: nobody has asked for it when it was
   * brought there, or its master has started anew since.
   */
  get statistics(): RunStatistics | null {
    return this.#statistics;
  }

  /** What has come of its trace, once `report` is fulfilled. `none`: as with `statistics`. */
  get traceState(): TraceState {
    return this.#traceState;
  }

  /**
   * Follows it to its end: what it puts out goes where the options say. Rejects with `ClusterError` if the DVM cannot be
   * reached for half a minute, or has broken.
   */
  report(): Promise<RunReport> {
    this.#report ??= this.#follow();
    return this.#report;
  }

  /** Drops what runs: the report will say `cancelled`. */
  async cancel(): Promise<void> {
    await this.#do('POST', 'cancel');
  }

  /** Counts up the system word that asks programs to shut down. */
  async shutDown(): Promise<void> {
    await this.#do('POST', 'shutdown');
  }

  /** Committed bytes of the shared region, as of the newest version; during a run, too. */
  async read(address: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    for (let at = 0; at < length; at += READ_BYTES) {
      const part = Math.min(READ_BYTES, length - at);
      const path = `/memory?address=${address + at}&length=${part}`;
      bytes.set(await wholeOf(await this.#asker.ask({ method: 'GET', path: this.#of(path) }), part), at);
    }
    return bytes;
  }

  /** One committed value: a `bigint`, or a `number` for the types `fs` and `fd`. */
  async readWord<T extends ValueType>(address: number, type: T): Promise<WordOf<T>> {
    return (await this.readWords(address, type, 1))[0]!;
  }

  /** `count` neighbouring committed values. */
  async readWords<T extends ValueType>(
    address: number,
    type: T,
    count: number,
  ): Promise<readonly WordOf<T>[]> {
    return wordsIn(await this.read(address, count * VALUE_TYPES[type].bytes), type);
  }

  /** Its results are wanted no longer; closes the files that were opened for it here. */
  async forget(): Promise<void> {
    await this.#devices.close();
    await this.#do('DELETE', '').catch((error: unknown) => {
      // Somebody else has fetched them; it still runs, and is not this client's to end; or nobody is there to let go.
      if (!(error instanceof UsageError || error instanceof ClusterError)) throw error;
    });
  }

  /** Closes what was opened for it here; the program stays as it is. */
  async leave(): Promise<void> {
    await this.#devices.close();
  }

  async #follow(): Promise<RunReport> {
    let isReached = true;
    for (let tries = 0; ; tries += 1) {
      try {
        const { stdout, stderr, trace } = this.#come;
        const taken = this.#trace === null ? '' : `&trace=${trace}`;
        const path = this.#of(`/follow?stdout=${stdout}&stderr=${stderr}${taken}&counts=1`);
        const question = { method: 'GET', path, silence: FOLLOW_SILENCE } as const;
        for await (const event of linesOf(await this.#asker.ask(question))) {
          tries = 0;
          if (!isReached) this.onReached(true);
          isReached = true;
          const report = await this.#heed(event);
          if (report !== null) return report;
        }
      } catch (error) {
        if (!(error instanceof ClusterError && error.isUnreachable) || tries >= MOST_RETRIES) throw error;
        if (isReached) this.onReached(false);
        isReached = false;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  }

  /** The report, once there is one. */
  async #heed(event: Followed): Promise<RunReport | null> {
    switch (event.type) {
      case 'output': {
        const { channel, offset } = event;
        const bytes = new Uint8Array(Buffer.from(event.bytes, 'base64'));
        const at = this.#written[channel];
        const missing = offset - this.#come[channel];
        // Who comes to look takes what is still kept; who has brought it must not be told less than all.
        if (missing > 0 && (this.#key !== null || at > 0))
          throw new ClusterError(`${missing} bytes of ${channel} are not kept any more`);
        this.#written[channel] += bytes.length;
        this.#come[channel] = offset + bytes.length;
        if (channel === 'trace') await this.#tellTrace(bytes);
        else await this.#devices.write(this.#devices.channel(channel), at, bytes);
        return null;
      }
      case 'counts':
        this.#counted = event;
        return null;
      case 'broken':
        throw new Error(`the DVM has broken under program ${this.id}: ${event.error}`);
      case 'ended':
        this.#statistics = event.statistics;
        this.#traceState = event.trace;
        await this.#fetchOutputs();
        return { ...toldReport(event.report), ...this.#failed(), ...this.#devices.output };
    }
  }

  /** What goes wrong with it is for whoever owns it to see; the program's end does not wait for that. */
  async #tellTrace(lines: Uint8Array): Promise<void> {
    const sink = this.#trace;
    if (sink !== null) await new Promise<void>((done) => sink.write(lines, () => done()));
  }

  #failed(): Partial<RunReport> {
    const { failure } = this.#devices;
    return failure === '' ? {} : { status: 'failed', error: failure };
  }

  async #fetchOutputs(): Promise<void> {
    const { outputs } = this.#devices;
    for (const { base, length, io } of outputs)
      for (let at = 0; at < length && this.#devices.failure === ''; at += READ_BYTES) {
        const bytes = await this.read(base + at, Math.min(READ_BYTES, length - at));
        await this.#devices.write(io, at, bytes);
      }
    const channels = [this.#devices.channel('stdout'), this.#devices.channel('stderr')];
    for (const io of [...channels, ...outputs.map((output) => output.io)]) await this.#devices.flush(io);
  }

  /** Standard input goes there as it comes; a program that has ended before takes no more. */
  #send(source: Readable): void {
    this.#asker
      .ask({ method: 'POST', path: this.#of('/stdin'), body: source, silence: 0 })
      .then(textOf)
      .catch(() => {});
  }

  /** A path about this program. */
  #of(rest: string): string {
    const path = `/programs/${this.id}${rest}`;
    return this.#key === null ? path : `${path}${path.includes('?') ? '&' : '?'}key=${this.#key}`;
  }

  async #do(method: 'POST' | 'DELETE', word: string): Promise<void> {
    await textOf(await this.#asker.ask({ method, path: this.#of(word === '' ? '' : `/${word}`) }));
  }
}

async function wholeOf(answer: IncomingMessage, length: number): Promise<Buffer> {
  try {
    return await bytesOf(answer, length);
  } catch (error) {
    throw broken(error);
  }
}

function broken(error: unknown): ClusterError {
  const why = error instanceof Error ? error.message : String(error);
  return new ClusterError(`the connection broke: ${why}`, '', true);
}

async function* linesOf(answer: IncomingMessage): AsyncGenerator<Followed> {
  try {
    for await (const line of createInterface({ input: answer, crlfDelay: Number.POSITIVE_INFINITY }))
      yield JSON.parse(line) as Followed;
  } catch (error) {
    throw broken(error);
  }
}

/** Throws `UsageError` for more than a DVM takes at once. */
function mustFit({ program, inputs }: Submission): void {
  const bytes = inputs.reduce((sum, input) => sum + input.bytes.length, program.length);
  if (bytes > MOST_SUBMITTED)
    throw new UsageError(
      `a program and its input files of ${bytes} bytes`,
      `a DVM takes ${MOST_SUBMITTED} at most`,
    );
}
