/** The node of a DVM's master: knows the other nodes, and runs the programs that clients bring. */

import { UsageError } from '../../../errors.ts';
import { type ActorKind, type Address, addressOf } from '../../address.ts';
import { LocalityPolicy } from '../../locality.ts';
import { MASTER_NODE } from '../../placement.ts';
import type { SchedulingPolicy } from '../../scheduling-policy.ts';
import type { Message } from '../host.ts';
import { LINK_PATH, PROTOCOL } from '../link/dial.ts';
import { Door } from '../link/door.ts';
import { drawNonce } from '../link/token.ts';
import { WebSocketEndpoint } from '../link/web-socket-endpoint.ts';
import type { ToNode } from '../wire/control.ts';
import { decodeAs, encodeAs, type Letter } from '../wire/wire.ts';
import { ClusterRun, type KeptRun, type RunHost } from './cluster-run.ts';
import { type Member, type MemberState, Members } from './members.ts';
import { linkOptionsOf, type NodeOptions } from './node-options.ts';
import type { Wishes } from './observation.ts';
import { Rifts } from './peers.ts';
import { Router, type Traffic } from './router.ts';
import type { KeptProgram, Store } from './store.ts';
import { SUBMISSION, type Submission } from './submission.ts';

export interface MasterNodeOptions extends NodeOptions {
  /** Of the DVM, for people. */
  readonly name: string;
  /** What outlives this process; becomes the node's own. Null: nothing does. */
  readonly store: Store | null;
  /** Steps of a program's log from one checkpoint to the next. Default 2,000. */
  readonly checkpointPeriod?: number;
  /** Nodes that keep each page of a program, as far as there are so many. Default 2: any one of them may die. */
  readonly replicas?: number;
  /** Bytes of memory that programs which have ended may keep, all together; of more the oldest let go. Default 1 GiB. */
  readonly endedBytes?: number;
  /** Milliseconds that a client has for fetching what is too much, from the end or its last read on. Default: a minute. */
  readonly fetchTime?: number;
  /** In what order agents get runners; one for each program. Default: near whoever has used the same ranges. */
  readonly policy?: () => SchedulingPolicy;
}

/** What a node says of itself to be let in. */
export interface JoinRequest {
  readonly protocol: string;
  readonly version: string;
  readonly origin: string;
  readonly rcomps: number;
}

/** What it is from then on. */
export interface JoinAnswer {
  readonly cluster: string;
  readonly node: number;
}

const CHECKPOINT_PERIOD = 2_000;

const NOTHING: Wishes = { stats: false, trace: false };

/** Nodes that keep each page, unless the master is told otherwise. */
export const REPLICAS = 2;

/** Bytes of memory that ended programs keep, unless the master is told otherwise. */
export const ENDED_BYTES = 2 ** 30;

/** Programs that run at once. */
const MOST_RUNNING = 64;

/** Programs that have ended and whose results are kept. */
const MOST_ENDED = 16;

/** Lets nodes join and leave, and runs programs on them; the last that ended stay, so that whoever asks again hears of them. */
export class MasterNode {
  readonly origin: string;
  readonly name: string;
  readonly version: string;
  readonly door: Door;
  readonly cluster = drawNonce();
  readonly #options: MasterNodeOptions;
  readonly #members = new Members(LINK_PATH);
  /** Whoever waits for nodes that are joining. */
  readonly #arrivals: (() => void)[] = [];
  readonly #rifts = new Rifts();
  readonly #router: Router;
  readonly #endpoint: WebSocketEndpoint;
  readonly #beats: NodeJS.Timeout;
  readonly #runs = new Map<number, ClusterRun>();
  readonly #keys = new Map<string, ClusterRun>();
  /** What programs came to that are no longer here. */
  readonly #forgotten = { commits: 0, conflicts: 0 };
  #lastRun = 0;
  #isClosing = false;
  #failed: (error: Error) => void = () => {};
  /** Rejects if it cannot go on: its log takes no more. */
  readonly failed = new Promise<never>((_, reject) => {
    this.#failed = reject;
  });
  #stopped: () => void = () => {};
  /** Fulfilled when somebody has asked it to stop. */
  readonly stopped = new Promise<void>((resolve) => {
    this.#stopped = resolve;
  });

  private constructor(door: Door, origin: string, options: MasterNodeOptions) {
    const links = linkOptionsOf(options, this.cluster);
    this.door = door;
    this.origin = options.advertise ?? origin;
    this.name = options.name;
    this.version = options.version;
    this.#options = options;
    this.#router = new Router({
      hear: (from, letters) => {
        for (const letter of letters) this.#hear(from, letter);
      },
      onBroken: (from, why) => this.giveUp(from, why),
      onTooLong: (_, { run }, bytes) =>
        this.#runs.get(run)?.fail(`a message of ${bytes} bytes is more than nodes can send each other`),
    });
    this.#endpoint = new WebSocketEndpoint(
      MASTER_NODE,
      this.#router,
      (node) => this.#members.whereabouts(node),
      links,
      door,
    );
    this.#router.connect(this.#endpoint);
    this.#beats = setInterval(() => this.#beat(), links.beat);
    this.#lastRun = options.store?.lastId ?? 0;
    this.failed.catch(() => {});
  }

  /** Rejects if it cannot listen there. Programs that the store holds go on. */
  static async open(options: MasterNodeOptions): Promise<MasterNode> {
    const door = new Door(linkOptionsOf(options, ''));
    const origin = await door.listen(options.listen.host, options.listen.port);
    options.log('info', 'listening', { origin, name: options.name });
    const master = new MasterNode(door, origin, options);
    for (const kept of options.store?.programs() ?? []) await master.#resume(kept);
    return master;
  }

  get rcomps(): number {
    return this.#options.rcomps;
  }

  get members(): readonly Member[] {
    return this.#members.all();
  }

  /** Those whose results are kept, too. */
  get runs(): readonly ClusterRun[] {
    return [...this.#runs.values()];
  }

  /** What a commit has survived when somebody is told of it (rule 8), with the nodes that there are now. */
  get acknowledges(): 'memory' | 'replicated' | 'durable' {
    if (this.#store !== null) return 'durable';
    return this.#replicas > 1 && this.#members.active.length > 0 ? 'replicated' : 'memory';
  }

  get traffic(): Traffic {
    return this.#router.traffic;
  }

  /** Of all programs so far. */
  get totals(): { readonly commits: number; readonly conflicts: number } {
    const { commits, conflicts } = this.#forgotten;
    return {
      commits: this.runs.reduce((sum, { counts }) => sum + counts.commits, commits),
      conflicts: this.runs.reduce((sum, { counts }) => sum + counts.conflicts, conflicts),
    };
  }

  run(id: number): ClusterRun | undefined {
    return this.#runs.get(id);
  }

  /** A new node, from now on. Throws `UsageError` for one that cannot take part. */
  join({ protocol, version, origin, rcomps }: JoinRequest): JoinAnswer {
    if (protocol !== PROTOCOL)
      throw new UsageError(
        `this DVM speaks ${PROTOCOL} (dvm ${this.version}), the node ${protocol} (dvm ${version})`,
      );
    if (this.#isClosing) throw new UsageError('this DVM is being stopped');
    const member = this.#members.add(origin, rcomps);
    this.#options.log('info', 'node joins', { node: member.node, origin, rcomps });
    this.#endpoint.greet(member.node);
    const others = this.#members.present.filter(({ state }) => state !== 'joining');
    this.#say(member.node, { type: 'peers', peers: others.map(peerOf) });
    return { cluster: this.cluster, node: member.node };
  }

  /** Fulfilled when the node takes part in programs, or is gone before it did. */
  async arrived(node: number): Promise<void> {
    while (this.#members.get(node)?.state === 'joining')
      await new Promise<void>((look) => this.#arrivals.push(look));
  }

  /** Fulfilled once it runs. Rejects with `UsageError` if it cannot be run. The same submission twice is one run. */
  async submit(submission: Submission, wishes = NOTHING): Promise<ClusterRun> {
    const known = this.#keys.get(submission.key);
    if (known !== undefined) return known;
    const running = this.runs.filter(({ state }) => state === 'running').length;
    if (running >= MOST_RUNNING || this.#isClosing)
      throw new UsageError(this.#isClosing ? 'this DVM is being stopped' : `${running} programs run already`);
    this.#lastRun += 1;
    const program = { id: this.#lastRun, submitted: Date.now(), submission };
    const run = await ClusterRun.create(program, this.#hostOf(), this.#keptRun(), wishes);
    await this.#store?.add({ ...program, submission: encodeAs(SUBMISSION, submission) });
    const ended = this.#run(run, submission.key);
    try {
      await Promise.race([run.started, ended]);
    } catch (error) {
      await this.forget(run);
      throw error;
    }
    this.#options.log('info', 'program runs', { program: run.id, name: run.name });
    return run;
  }

  /**
   * A program of an earlier process goes on from where its log ends. What was counted and traced of it ended with that
   * process, and half of either would be wrong: so neither goes on.
   */
  async #resume({ id, submitted, submission: bytes }: KeptProgram): Promise<void> {
    const { log } = this.#options;
    try {
      const decoded = decodeAs(SUBMISSION, bytes);
      if (!decoded.ok) throw new Error(`program ${id} is kept as what is none: ${decoded.error.message}`);
      const submission = decoded.value;
      const program = { id, submitted, submission };
      const run = await ClusterRun.create(program, this.#hostOf(), this.#keptRun(), NOTHING);
      void this.#run(run, submission.key).catch((error: Error) =>
        log('warn', 'program cannot go on', { program: id, why: error.message }),
      );
      log('info', 'program goes on', { program: id, name: run.name, version: run.machine.version });
    } catch (error) {
      log('warn', 'program cannot go on', {
        program: id,
        why: error instanceof Error ? error.message : String(error),
      });
    }
  }

  #run(run: ClusterRun, key: string): Promise<void> {
    this.#runs.set(run.id, run);
    this.#keys.set(key, run);
    const ended = run.run();
    void ended.catch(() => {}).then(() => this.#ended(run));
    return ended;
  }

  #keptRun(): KeptRun | null {
    const period = this.#options.checkpointPeriod ?? CHECKPOINT_PERIOD;
    return this.#store && { store: this.#store, period, onFailure: (error) => this.#fail(error) };
  }

  /** Its results are fetched, or nobody wants them. */
  async forget(run: ClusterRun): Promise<void> {
    if (!this.#runs.delete(run.id)) return;
    this.#forgotten.commits += run.counts.commits;
    this.#forgotten.conflicts += run.counts.conflicts;
    for (const [key, other] of this.#keys) if (other === run) this.#keys.delete(key);
    await run.dispose();
    await this.#store?.remove(run.id, run.epoch);
  }

  /** Fulfilled when nothing is left at the node and it has been told so. Rejects with `UsageError`. */
  async drain(node: number): Promise<void> {
    const member = this.#members.get(node);
    if (node === MASTER_NODE)
      throw new UsageError('the master cannot leave its DVM', 'dvm stop ends the whole of it');
    if (member === undefined) throw new UsageError(`there is no node ${node}`);
    if (!this.#members.leave(node)) throw new UsageError(`node ${node}: ${SAID_OF[member.state]}`);
    this.#options.log('info', 'node leaves', { node });
    // If it hears nothing more of this DVM, it is not to join again.
    this.#say(node, { type: 'leave' });
    await Promise.all(this.runs.map((run) => run.leave(node)));
    this.#say(node, { type: 'farewell' });
  }

  /** Nothing that runs can go on. */
  failAll(error: string): void {
    for (const run of this.#runs.values()) run.fail(error);
  }

  /** Asks whoever owns this node to close it. */
  stop(): void {
    this.#stopped();
  }

  /** Lets all nodes go. `cancel`: what runs is cancelled; else it goes on with the next process, if there is a store. */
  async close({ cancel }: { readonly cancel: boolean } = { cancel: true }): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    if (cancel) {
      for (const run of this.#runs.values()) {
        run.abandon();
        run.cancel();
      }
      await Promise.all(this.runs.map(({ over }) => over));
      await this.#dismiss();
    }
    clearInterval(this.#beats);
    for (const { node } of this.#members.all()) this.#part(node, 'left');
    await this.#endpoint.close();
    // Whoever follows tries again with the next process, and must not take what is put away for what is broken.
    await this.door.close();
    for (const run of this.runs) await run.dispose();
    await this.#store?.close();
  }

  /** Lets all other nodes end; where programs are to go on, they wait for the next process instead. */
  async #dismiss(): Promise<void> {
    for (const { node } of this.#members.present) this.#members.leave(node);
    for (const { node, state } of this.#members.all())
      if (state === 'leaving') this.#say(node, { type: 'farewell' });
    this.#router.flush();
    await this.#partings();
  }

  /** Until all others have gone, or a while has passed in which they could have. */
  async #partings(): Promise<void> {
    for (let beats = 0; beats < PARTING_BEATS; beats += 1) {
      const connected = this.#members.all().some(({ node }) => this.#endpoint.isConnected(node));
      if (!connected) return;
      await new Promise((resolve) => setTimeout(resolve, PARTING_BEAT));
    }
  }

  get #replicas(): number {
    return this.#options.replicas ?? REPLICAS;
  }

  get #store(): Store | null {
    return this.#options.store;
  }

  #fail(error: Error): void {
    this.#options.log('warn', 'log failed', { why: error.message });
    this.#failed(error);
  }

  #hostOf(): RunHost {
    const { log } = this.#options;
    return {
      rcomps: this.#options.rcomps,
      replicas: this.#replicas,
      policy: this.#options.policy?.() ?? new LocalityPolicy(),
      members: () => this.#members.active.map(({ node }) => node),
      post: (node, letter) => this.#router.post(node, letter),
      onLoss: (what, error) =>
        log('warn', `${what} lost`, {
          node: MASTER_NODE,
          why: error instanceof Error ? error.message : 'it hung',
        }),
    };
  }

  #hear(from: number, letter: Letter): void {
    if (letter.kind === 'node') this.#heed(from, letter.message);
    else if (HEARD.includes(letter.kind))
      this.#runs
        .get(letter.run)
        ?.deliver(addressOf(letter.kind, letter.id) as Address, letter.message as Message);
    else this.giveUp(from, `it speaks to a ${letter.kind} that is not here`);
  }

  #heed(from: number, message: ToNode): void {
    switch (message.type) {
      case 'broken':
        this.#broken(from, message);
        break;
      case 'started':
      case 'spent':
        this.#runs.get(message.run)?.observed(from, message);
        break;
      case 'leave':
        this.drain(from).catch(() => {});
        break;
      case 'met':
        this.#begin(from, message.peers);
        break;
      case 'cut-off':
        this.#cutOff(from, message);
        break;
      case 'open':
      case 'rest':
      case 'close':
      case 'peers':
      case 'gone':
      case 'farewell':
        this.giveUp(from, `it says ${message.type}, which is the master's to say`);
        break;
    }
  }

  /** Its actors of that run are no more, and so are the pages that they kept. */
  #broken(node: number, { run, error }: Extract<ToNode, { type: 'broken' }>): void {
    const broken = this.#runs.get(run);
    if (broken === undefined) return;
    this.#options.log('warn', 'node is broken', { node, program: run, why: error });
    broken.fail(`node ${node} is broken: ${error}`);
    broken.lost(node);
  }

  /**
   * A node that reaches all others takes part in all programs from now on. Danger: one that has come meanwhile it may not
   * have heard of yet; then it will say so again.
   */
  #begin(node: number, peers: readonly number[]): void {
    const others = this.#members.present.filter((other) => other.node !== node);
    if (others.some((other) => other.state !== 'joining' && !peers.includes(other.node))) return;
    const member = this.#members.met(node);
    if (member === null) return;
    this.#rifts.healed(member.origin);
    this.#options.log('info', 'node is here', { node });
    for (const other of others) this.#say(other.node, { type: 'peers', peers: [peerOf(member)] });
    for (const run of this.#runs.values()) run.open(node);
    this.#look();
  }

  #look(): void {
    for (const look of this.#arrivals.splice(0)) look();
  }

  /** Two nodes that the master reaches do not reach each other: one of them is of no use. */
  #cutOff(from: number, { node, url }: Extract<ToNode, { type: 'cut-off' }>): void {
    const [one, other] = [this.#members.get(from), this.#members.get(node)];
    // Whoever the master does not reach either, is given up without that.
    if (one === undefined || other === undefined || !this.#endpoint.isConnected(node)) return;
    this.#options.log('warn', 'nodes do not reach each other', { from, node, url });
    const newcomers = [one, other].filter(({ state }) => state === 'joining');
    // Nothing of any program is at a newcomer.
    if (newcomers.length === 1) {
      this.giveUp(newcomers[0]!.node, `it does not reach node ${newcomers[0] === one ? node : from}`);
      return;
    }
    this.giveUp(
      this.#rifts.between(one, other),
      `nodes ${Math.min(from, node)} and ${Math.max(from, node)} do not reach each other`,
    );
  }

  #say(node: number, message: ToNode): void {
    this.#router.post(node, { kind: 'node', run: 0, id: 0, message });
  }

  #beat(): void {
    for (const { node, state } of this.#members.beat((other) => this.#endpoint.isConnected(other))) {
      // It may have died before it had ended what it ran.
      if (state === 'leaving') this.#lose(node, 'left');
      else this.giveUp(node, 'no connection');
    }
    // Whoever had time to fetch what is too much may have let it pass.
    if (!this.#isClosing) this.#letGo();
  }

  /** Whatever the node has is somebody else's from now on; if it still lives, it is told when it is heard again. */
  giveUp(node: number, why: string): void {
    if (this.#members.whereabouts(node) === 'left') return;
    this.#options.log('warn', 'node lost', { node, why });
    this.#lose(node, 'lost');
  }

  #lose(node: number, state: 'left' | 'lost'): void {
    this.#part(node, state);
    for (const run of this.#runs.values()) run.lost(node);
  }

  #part(node: number, state: 'left' | 'lost'): void {
    const isNews = this.#members.whereabouts(node) !== 'left';
    if (isNews && state === 'left') this.#options.log('info', 'node left', { node });
    this.#members.gone(node, state);
    this.#look();
    this.#router.forget(node);
    this.#endpoint.moved(node);
    if (!isNews || this.#isClosing) return;
    for (const other of this.#members.present) this.#say(other.node, { type: 'gone', node });
  }

  #ended(run: ClusterRun): void {
    if (this.#isClosing) return;
    this.#options.log('info', 'program ended', { program: run.id, status: run.report?.status ?? 'broken' });
    this.#letGo();
  }

  /**
   * What is too much of all that ended programs have left: that of the oldest. What could not go on may be mended; what
   * somebody is about to fetch is not taken away.
   */
  #letGo(): void {
    const { fetchTime = FETCH_TIME, endedBytes = ENDED_BYTES } = this.#options;
    const now = Date.now();
    const idle = this.runs.filter(
      (one) =>
        one.state === 'ended' && !one.isFollowed && now - Math.max(one.ended, one.lastRead) >= fetchTime,
    );
    for (const old of idle.splice(0, Math.max(0, idle.length - MOST_ENDED))) void this.forget(old);
    const ended = this.runs.filter(({ state }) => state === 'ended');
    let bytes = ended.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    for (const old of idle) {
      if (bytes <= endedBytes) return;
      const { id, memoryBytes } = old;
      if (old.isLetGo) continue;
      bytes -= memoryBytes;
      this.#options.log('info', 'memory let go', { program: id, bytes: memoryBytes });
      void old.letGo();
    }
  }
}

/** Whom of a run's actors here those of other nodes speak to. */
const HEARD: readonly string[] = ['master', 'home', 'io', 'client', 'agent', 'rcomp'] satisfies ActorKind[];

function peerOf({ node, origin }: Pick<Member, 'node' | 'origin'>): { node: number; url: string } {
  return { node, url: `${origin}${LINK_PATH}` };
}

/** Milliseconds that a client has for fetching what is too much, unless the master is told otherwise. */
const FETCH_TIME = 60_000;

/** Milliseconds between two looks at whether the others have gone, and how many there are. */
const PARTING_BEAT = 20;
const PARTING_BEATS = 100;

const SAID_OF: Readonly<Record<MemberState, string>> = {
  joining: 'it is joining',
  here: 'it is here',
  leaving: 'it is leaving already',
  left: 'it has left',
  lost: 'it is lost',
};
