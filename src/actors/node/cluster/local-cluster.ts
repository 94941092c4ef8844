/** A DVM on this machine: the master's node in this process, each other node in one of its own. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ClusterError, UsageError } from '../../../errors.ts';
import type { SchedulingPolicy } from '../../scheduling-policy.ts';
import { Token } from '../link/token.ts';
import { serve } from './api.ts';
import { ClusterClient } from './cluster-client.ts';
import { MasterNode } from './master-node.ts';
import type { Log, NodeOptions } from './node-options.ts';
import type { Birth, Word } from './node-process.ts';
import type { Traffic } from './router.ts';

export interface LocalClusterOptions {
  /** Nodes beside the master's, which runs no runners. */
  readonly nodes: number;
  /** Runner compartments of each node. Default: this machine's cores, divided among them. */
  readonly rcomps?: number;
  /** Nodes that keep each page of a program. Default 2: any one of them may die. */
  readonly replicas?: number;
  /** In what order agents get runners; one for each program. Default: near whoever has used the same ranges. */
  readonly policy?: () => SchedulingPolicy;
  /** Hears what nodes say of themselves. Default: nobody. */
  readonly log?: Log;
  /** Of links between nodes, for tests. */
  readonly links?: NodeOptions['links'];
}

/** A node's process. */
export interface NodeProcess {
  readonly node: number;
  readonly pid: number;
}

const MOST_NODES = 1_000;

/** Milliseconds that nodes may take to end once they are told. */
const PATIENCE = 5_000;

/** Nodes run what is built, also under a runner of tests that takes the sources. */
const ENTRY = fileURLToPath(
  import.meta.url.endsWith('.ts')
    ? import.meta.url
        .replace('/src/actors/', '/dist/src/actors/')
        .replace(/local-cluster\.ts$/, 'node-process.js')
    : new URL('./node-process.js', import.meta.url),
);

export class LocalCluster extends ClusterClient implements AsyncDisposable {
  readonly #master: MasterNode;
  readonly #birth: Birth;
  readonly #log: Log;
  readonly #children = new Map<ChildProcess, number>();
  #isClosing = false;

  private constructor(master: MasterNode, client: Token, birth: Birth, log: Log) {
    super(master.origin, { token: client, authority: null });
    this.#master = master;
    this.#birth = birth;
    this.#log = log;
  }

  /** Use `Cluster.start`. */
  static async open({
    nodes,
    rcomps = Math.max(1, Math.floor(availableParallelism() / Math.max(1, nodes))),
    log = () => {},
    links,
    policy,
    replicas,
  }: LocalClusterOptions): Promise<LocalCluster> {
    if (!Number.isSafeInteger(nodes) || nodes < 0 || nodes > MOST_NODES)
      throw new UsageError(`nodes must be a whole number from 0 to ${MOST_NODES}, not ${nodes}`);
    if (!Number.isSafeInteger(rcomps) || rcomps < 1 || rcomps > 4_096)
      throw new UsageError(`rcomps must be a whole number from 1 to 4096, not ${rcomps}`);
    if (replicas !== undefined && !(Number.isSafeInteger(replicas) && replicas >= 1))
      throw new UsageError(`replicas must be a whole number from 1 up, not ${replicas}`);
    const [node, client] = [Token.draw('node'), Token.draw('client')];
    const version = 'local';
    const master = await MasterNode.open({
      listen: { host: '127.0.0.1', port: 0 },
      advertise: null,
      rcomps: 0,
      tokens: [node, client],
      token: node,
      certificate: null,
      authority: null,
      version,
      name: 'local',
      store: null,
      log,
      ...(links && { links }),
      ...(policy && { policy }),
      ...(replicas !== undefined && { replicas }),
    });
    serve(master);
    const birth = { master: master.origin, token: node.text, rcomps, version, links };
    const cluster = new LocalCluster(master, client, birth, log);
    try {
      await Promise.all(Array.from({ length: nodes }, () => cluster.join()));
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
    return cluster;
  }

  /** Those that live, as far as is known. */
  get processes(): readonly NodeProcess[] {
    return [...this.#children].map(([{ pid }, node]) => ({ node, pid: pid! }));
  }

  /** Bytes of frames between the master's node and the others so far. */
  get traffic(): Traffic {
    return this.#master.traffic;
  }

  /** One more node, which takes part in programs by then; answers its number. */
  async join(): Promise<number> {
    const child = fork(ENTRY, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#children.set(child, 0);
    child.once('exit', () => {
      this.#children.delete(child);
      if (this.#children.size === 0 && !this.#isClosing) this.#master.programs.failAll('all nodes have died');
    });
    const node = await new Promise<number>((joined, failed) => {
      child.on('message', (word: Word) => {
        if (word.type === 'joined') {
          this.#children.set(child, word.node);
          joined(word.node);
        } else if (word.type === 'log') this.#log(...word.logged);
        else failed(new ClusterError(`a node cannot join: ${word.why}`));
      });
      child.once('error', (error) => failed(new ClusterError(`a node cannot start: ${error.message}`)));
      child.once('exit', (code, signal) => failed(new ClusterError(`a node has died: ${signal ?? code}`)));
      child.send(this.#birth);
    });
    await this.#master.arrived(node);
    const state = this.#master.members.find((member) => member.node === node)?.state;
    if (state === 'lost' || state === 'left')
      throw new ClusterError(`node ${node} is gone before it has taken part`);
    return node;
  }

  /** Cancels what runs and ends all nodes. */
  override async stop(): Promise<void> {
    await this[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    const children = [...this.#children.keys()];
    const ended = Promise.all(children.map((child) => (hasEnded(child) ? null : once(child, 'exit'))));
    const timer = setTimeout(() => {
      for (const child of children) child.kill('SIGKILL');
    }, PATIENCE);
    await this.#master.close();
    await ended;
    clearTimeout(timer);
  }
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
