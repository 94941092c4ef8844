/**
 * A DVM of many nodes, seen from a client: programs are brought to it and followed, and their memory is read.
 *
 * ```ts
 * const cluster = Cluster.at('ws://127.0.0.1:7400');
 * const report = mustSucceed(await cluster.run(program));
 * ```
 */

import { ClusterError, UsageError } from '../../../errors.ts';
import type { Program } from '../../../isa/program.ts';
import { AskError, ask, type Credentials, type Question, textOf } from '../link/ask.ts';
import { Token } from '../link/token.ts';
import { type MachineOptions, OptionError } from '../options.ts';
import type { RunReport } from '../run-report.ts';
import { RemoteRun } from './remote-run.ts';
import type { Status } from './status.ts';

export interface ClusterOptions {
  /** As `dvm token new` has made it. Default: none. */
  readonly token?: string;
  /** PEM of who vouches for the master's certificate. Default: those whom the system trusts. */
  readonly authority?: string;
}

export interface SubmitOptions extends MachineOptions {
  /** For people; `dvm status` shows it. */
  readonly name?: string;
}

const ORIGIN = /^wss?:\/\/[^/\s]+$/;

/** How a client asks a DVM; what comes back wrong is a `ClusterError` or a `UsageError`. */
export interface Asker {
  readonly url: string;
  ask(question: Question): ReturnType<typeof ask>;
}

export class Cluster {
  readonly url: string;
  readonly #asker: Asker;

  private constructor(url: string, credentials: Credentials) {
    this.url = url;
    this.#asker = { url, ask: (question) => ask(url, credentials, question).catch(explain) };
  }

  /** The DVM whose master's node listens there, as in `ws://127.0.0.1:7400`. Throws `UsageError`; nothing is asked yet. */
  static at(url: string, { token, authority }: ClusterOptions = {}): Cluster {
    const origin = url.replace(/\/$/, '');
    if (!ORIGIN.test(origin))
      throw new UsageError(`${url} is no address of a DVM`, 'as in ws://127.0.0.1:7400, or wss:// with TLS');
    const shown = token === undefined ? null : Token.parse(token);
    if (token !== undefined && shown === null)
      throw new UsageError('the token is none', 'a token is made by: dvm token new');
    return new Cluster(origin, { token: shown, authority: authority ?? null });
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
  submit(program: Program, options: SubmitOptions = {}): Promise<RemoteRun> {
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
    await this.#text({ method: 'POST', path: `/nodes/${node}/drain` });
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
  if (status === 400 || status === 404 || status === 409) throw new UsageError(reason);
  if (status === 401)
    throw new ClusterError(message, 'name a file that holds its token: --token-file FILE, or set DVM_TOKEN');
  if (status === null)
    throw new ClusterError(message, 'is a master running there? dvm node --master --listen HOST:PORT', true);
  throw new ClusterError(message);
}
