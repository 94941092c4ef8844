/** A DVM of many nodes, seen from a client: programs are brought to it and followed, and their memory is read. */

import type { Writable } from 'node:stream';
import { ClusterError, UsageError } from '../../../errors.ts';
import type { Program } from '../../../isa/program.ts';
import { AskError, ask, type Credentials, type Question, textOf } from '../link/ask.ts';
import { type MachineOptions, OptionError } from '../options.ts';
import type { RunReport } from '../run-report.ts';
import { RemoteRun } from './remote-run.ts';
import type { Status } from './status.ts';

export interface SubmitOptions extends MachineOptions {
  /** For people; `dvm status` shows it. */
  readonly name?: string;
  /** Whether nodes count what it costs, for `RemoteRun.statistics`. Default: they do not. */
  readonly stats?: boolean;
  /** Where the lines of its trace go, as docs/trace.md describes them. Default: it is not traced. */
  readonly trace?: Writable;
}

/** How a client asks a DVM; what comes back wrong is a `ClusterError` or a `UsageError`. */
export interface Asker {
  readonly url: string;
  ask(question: Question): ReturnType<typeof ask>;
}

export class ClusterClient {
  readonly url: string;
  readonly #asker: Asker;

  constructor(url: string, credentials: Credentials) {
    this.url = url;
    this.#asker = { url, ask: (question) => ask(url, credentials, question).catch(explain) };
  }

  /** Its nodes and programs. */
  async status(): Promise<Status> {
    return JSON.parse(await this.#text({ method: 'GET', path: '/status' })) as Status;
  }

  /**
   * Runs a program to its end and lets its results go. Rejects as `Machine.run` does, and with `ClusterError`. Aborting
   * `signal` cancels it.
   */
  async run(
    program: Program,
    options: SubmitOptions = {},
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<RunReport> {
    const run = await this.submit(program, options);
    const cancel = () => void run.cancel().catch(() => {});
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    try {
      return await run.report();
    } finally {
      signal?.removeEventListener('abort', cancel);
      await run.forget();
    }
  }

  /** Brings a program there; it runs from then on, whatever becomes of this process. Rejects with `UsageError`. */
  async submit(program: Program, options: SubmitOptions = {}): Promise<RemoteRun> {
    if (options.rcomps !== undefined)
      throw new OptionError('rcomps', 'is for each node of a cluster to say: dvm node --rcomps N');
    return RemoteRun.submit(this.#asker, program, options);
  }

  /** A program that was brought there before. What it puts out is told from the beginning, as far as it is kept. */
  attach(program: number, options: Pick<MachineOptions, 'stdout' | 'stderr'> = {}): Promise<RemoteRun> {
    return RemoteRun.attach(this.#asker, program, options);
  }

  /** Fulfilled when the node has nothing left and has been let go. */
  async drain(node: number): Promise<void> {
    // What runs there may run for long.
    await this.#text({ method: 'POST', path: `/nodes/${node}/drain`, silence: 0 });
  }

  /** Cancels what runs and ends all nodes. */
  async stop(): Promise<void> {
    await this.#text({ method: 'POST', path: '/stop' });
  }

  async #text(question: Question): Promise<string> {
    return textOf(await this.#asker.ask(question));
  }
}

function explain(error: unknown): never {
  if (!(error instanceof AskError)) throw error;
  const { status, reason, message } = error;
  if (reason !== '' && (status === 400 || status === 404 || status === 409)) throw new UsageError(reason);
  if (status === 401)
    throw new ClusterError(message, 'name a file that holds its token: --token-file FILE, or set DVM_TOKEN');
  if (status === 503) throw new ClusterError(message, '', true);
  if (status === null)
    throw new ClusterError(message, 'is a master running there? dvm node --master --listen HOST:PORT', true);
  throw new ClusterError(message);
}
