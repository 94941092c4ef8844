/** The node of a DVM's master: lets other nodes join and leave, and has programs run on them. */

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
import type { Letter } from '../wire/wire.ts';
import type { RunHost } from './cluster-run.ts';
import { type Member, type MemberState, Members } from './members.ts';
import { linkOptionsOf, type NodeOptions } from './node-options.ts';
import { Rifts } from './peers.ts';
import { Programs, type ProgramsOptions } from './programs.ts';
import { Router, type Traffic } from './router.ts';

/** The store becomes the node's own. */
export interface MasterNodeOptions extends NodeOptions, ProgramsOptions {
  /** Of the DVM, for people. */
  readonly name: string;
  /** Nodes that keep each page of a program, as far as there are so many. Default 2: any one of them may die. */
  readonly replicas?: number;
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

/** Nodes that keep each page, unless the master is told otherwise. */
export const REPLICAS = 2;

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
  readonly programs: Programs;
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
        this.programs.get(run)?.fail(`a message of ${bytes} bytes is more than nodes can send each other`),
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
    this.programs = new Programs(
      options,
      () => this.#hostOf(),
      (error) => this.#fail(error),
    );
    this.failed.catch(() => {});
  }

  /** Rejects if it cannot listen there. Programs that the store holds go on. */
  static async open(options: MasterNodeOptions): Promise<MasterNode> {
    const door = new Door(linkOptionsOf(options, ''));
    const origin = await door.listen(options.listen.host, options.listen.port);
    options.log('info', 'listening', { origin, name: options.name });
    const master = new MasterNode(door, origin, options);
    await master.programs.resume();
    return master;
  }

  get rcomps(): number {
    return this.#options.rcomps;
  }

  get members(): readonly Member[] {
    return this.#members.all();
  }

  /** What a commit has survived when somebody is told of it (rule 8), with the nodes that there are now. */
  get acknowledges(): 'memory' | 'replicated' | 'durable' {
    if (this.#options.store !== null) return 'durable';
    return this.#replicas > 1 && this.#members.active.length > 0 ? 'replicated' : 'memory';
  }

  get traffic(): Traffic {
    return this.#router.traffic;
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
    await Promise.all(this.programs.all.map((run) => run.leave(node)));
    this.#say(node, { type: 'farewell' });
  }

  /** Asks whoever owns this node to close it. */
  stop(): void {
    this.#stopped();
  }

  /** Lets all nodes go. `cancel`: what runs is cancelled; else it goes on with the next process, if there is a store. */
  async close({ cancel }: { readonly cancel: boolean } = { cancel: true }): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    await this.programs.close(cancel);
    if (cancel) await this.#dismiss();
    clearInterval(this.#beats);
    for (const { node } of this.#members.all()) this.#part(node, 'left');
    await this.#endpoint.close();
    // Whoever follows tries again with the next process, and must not take what is put away for what is broken.
    await this.door.close();
    await this.programs.dispose();
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
      this.programs
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
        this.programs.get(message.run)?.observed(from, message);
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
    const broken = this.programs.get(run);
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
    for (const run of this.programs.all) run.open(node);
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
    this.programs.letGo();
  }

  /** Whatever the node has is somebody else's from now on; if it still lives, it is told when it is heard again. */
  giveUp(node: number, why: string): void {
    if (this.#members.whereabouts(node) === 'left') return;
    this.#options.log('warn', 'node lost', { node, why });
    this.#lose(node, 'lost');
  }

  #lose(node: number, state: 'left' | 'lost'): void {
    this.#part(node, state);
    for (const run of this.programs.all) run.lost(node);
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
}

/** Whom of a run's actors here those of other nodes speak to. */
const HEARD: readonly string[] = ['master', 'home', 'io', 'client', 'agent', 'rcomp'] satisfies ActorKind[];

function peerOf({ node, origin }: Pick<Member, 'node' | 'origin'>): { node: number; url: string } {
  return { node, url: `${origin}${LINK_PATH}` };
}

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
