/**
 * A node that has joined a DVM: its RComps run what the master sends, and it keeps pages that other nodes keep, too. So a
 * node that was given up, because it was silent for too long or its master has started anew, joins again as another one,
 * empty.
 */

import { readProgram } from '../../../isa/program-file.ts';
import { createActor } from '../../actor.ts';
import { type Address, addressOf } from '../../address.ts';
import { mapOf } from '../../boot.ts';
import type { Init } from '../../init.ts';
import { MASTER_NODE, memberOf, rcompsOfMember } from '../../placement.ts';
import type { Message } from '../host.ts';
import { AskError, ask, textOf } from '../link/ask.ts';
import { LINK_PATH, PROTOCOL } from '../link/dial.ts';
import { Door } from '../link/door.ts';
import { type LinkOptions, WebSocketEndpoint, type Whereabouts } from '../link/web-socket-endpoint.ts';
import { Meter } from '../meter.ts';
import { Site } from '../site.ts';
import type { ToNode } from '../wire/control.ts';
import type { Letter } from '../wire/wire.ts';
import type { JoinAnswer, JoinRequest } from './master-node.ts';
import { linkOptionsOf, type NodeOptions } from './node-options.ts';
import { Peers } from './peers.ts';
import { Router } from './router.ts';

export interface MemberNodeOptions extends NodeOptions {
  /** The master's node, as in `ws://10.0.0.1:7400`. */
  readonly master: string;
  /** It was given up and has joined again, as another node. */
  readonly onRejoined?: (node: number) => void;
}

const JOIN_PATH = '/join';

/** Milliseconds until a node that was given up tries again to join. */
const REJOIN = 500;

/** What it has of a run. */
interface Part {
  readonly site: Site;
  /** Null: nobody wants to know what the run costs. */
  readonly meter: Meter | null;
}

/** What it is in its DVM, for as long as its master knows it. */
interface Membership {
  readonly node: number;
  readonly router: Router;
  readonly endpoint: WebSocketEndpoint;
  readonly peers: Peers;
  readonly beats: NodeJS.Timeout;
  /** How often the master has said who else is there, and of these times the last at which all were reached. */
  introductions: number;
  met: number;
  isOver: boolean;
}

export class MemberNode {
  readonly origin: string;
  readonly door: Door;
  readonly #options: MemberNodeOptions;
  #membership: Membership;
  /** By run. */
  readonly #parts = new Map<number, Part>();
  #isClosing = false;
  #isLeaving = false;
  #parted: () => void = () => {};
  /** Fulfilled when its master has let it go. */
  readonly parted = new Promise<void>((resolve) => {
    this.#parted = resolve;
  });

  private constructor(door: Door, origin: string, options: MemberNodeOptions, answer: JoinAnswer) {
    this.door = door;
    this.origin = origin;
    this.#options = options;
    this.#membership = this.#enter(answer);
  }

  /** Rejects if it cannot listen there, and with `AskError` if it is not let in. */
  static async join(options: MemberNodeOptions): Promise<MemberNode> {
    const door = new Door(linkOptionsOf(options, ''));
    const listening = await door.listen(options.listen.host, options.listen.port);
    const origin = options.advertise ?? listening;
    try {
      return new MemberNode(door, origin, options, await askToJoin(options, origin));
    } catch (error) {
      await door.close();
      throw error;
    }
  }

  /** Its number in the DVM. */
  get node(): number {
    return this.#membership.node;
  }

  /** Where its master listens. */
  get master(): string {
    return this.#options.master;
  }

  get isConnected(): boolean {
    return this.#membership.endpoint.isConnected(MASTER_NODE);
  }

  /** Asks to be let go: `parted` is fulfilled once nothing is left here. Without a connection that is at once. */
  leave(): void {
    this.#isLeaving = true;
    if (this.isConnected) this.#say({ type: 'leave' });
    else this.#parted();
  }

  /** Drops whatever it runs. */
  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    await this.#exit();
    await this.door.close();
  }

  #enter({ cluster, node }: JoinAnswer): Membership {
    const { log, master } = this.#options;
    const links: LinkOptions = {
      ...linkOptionsOf(this.#options, cluster),
      onConnected: () => this.#look(membership),
      // What other nodes say is no matter: the master knows who is there.
      onGone: (other) => {
        if (other === MASTER_NODE) this.#givenUp(membership);
      },
    };
    const peers = new Peers();
    const router = new Router({
      hear: (from, letters) => {
        for (const letter of letters) this.#hear(from, letter);
      },
      onBroken: (from, why) => {
        log('warn', 'another node says what is none', { from, why });
        if (from === MASTER_NODE) this.#givenUp(membership);
        else peers.distrust(from);
      },
      onTooLong: (_, { run }, bytes) =>
        this.#broken(run, `a message of ${bytes} bytes is more than nodes can send each other`),
    });
    const find = (other: number): Whereabouts => {
      if (membership.isOver) return 'left';
      return other === MASTER_NODE ? { url: `${master}${LINK_PATH}` } : peers.whereabouts(other);
    };
    const endpoint = new WebSocketEndpoint(node, router, find, links, this.door);
    const beats = setInterval(() => {
      for (const cutOff of peers.beat((other) => endpoint.isConnected(other))) {
        log('warn', 'does not reach another node', { node, other: cutOff.node, url: cutOff.url });
        this.#say({ type: 'cut-off', ...cutOff });
      }
    }, links.beat);
    const membership: Membership = {
      node,
      router,
      endpoint,
      peers,
      beats,
      introductions: 0,
      met: 0,
      isOver: false,
    };
    router.connect(endpoint);
    endpoint.greet(MASTER_NODE);
    log('info', 'joined', { node, master, origin: this.origin });
    return membership;
  }

  async #exit(): Promise<void> {
    for (const { site } of this.#parts.values()) site.close();
    this.#parts.clear();
    const { endpoint, router, peers, beats } = this.#membership;
    clearInterval(beats);
    this.#membership.isOver = true;
    for (const other of [MASTER_NODE, ...peers.nodes()]) {
      router.forget(other);
      endpoint.moved(other);
    }
    await endpoint.close();
  }

  /** The master does not know this node any more. */
  #givenUp(membership: Membership): void {
    if (membership.isOver || this.#isClosing) return;
    this.#options.log('warn', 'given up by the master', { node: membership.node });
    void this.#exit().then(() => (this.#isLeaving ? this.#parted() : this.#rejoin()));
  }

  async #rejoin(): Promise<void> {
    while (!this.#isClosing) {
      try {
        const answer = await askToJoin(this.#options, this.origin);
        if (this.#isClosing) return;
        this.#membership = this.#enter(answer);
        this.#options.onRejoined?.(this.node);
        return;
      } catch (error) {
        this.#options.log('warn', 'cannot join', {
          why: error instanceof Error ? error.message : String(error),
        });
      }
      await new Promise((resolve) => setTimeout(resolve, REJOIN));
    }
  }

  #hear(from: number, letter: Letter): void {
    const { kind, run, id, message } = letter;
    if (kind === 'node' && from === MASTER_NODE) this.#heed(message);
    else if (kind === 'agent' || kind === 'rcomp' || kind === 'home')
      this.#parts.get(run)?.site.send(addressOf(kind, id, this.node) as Address, message as Message);
    else this.#options.log('warn', 'a letter for nobody', { from, kind });
  }

  #heed(message: ToNode): void {
    switch (message.type) {
      case 'open':
        this.#open(message);
        break;
      case 'rest':
        this.#rest(message.run);
        break;
      case 'peers':
        this.#meet(message.peers);
        break;
      case 'gone':
        this.#part(message.node);
        break;
      case 'close':
        this.#parts.get(message.run)?.site.close();
        this.#parts.delete(message.run);
        break;
      case 'farewell':
        this.#options.log('info', 'let go', { node: this.node });
        this.#parted();
        break;
      case 'leave':
        this.#isLeaving = true;
        break;
      case 'started':
      case 'spent':
      case 'broken':
      case 'met':
      case 'cut-off':
        this.#options.log('warn', 'a word that is not for nodes', { word: message.type });
        break;
    }
  }

  #meet(nodes: readonly { readonly node: number; readonly url: string }[]): void {
    const { peers, endpoint } = this.#membership;
    for (const { node, url } of nodes) {
      if (!peers.add(node, url)) continue;
      // It may have come before its name.
      endpoint.moved(node);
      endpoint.greet(node);
    }
    this.#membership.introductions += 1;
    this.#look(this.#membership);
  }

  /** Danger: a node that others do not reach must get no pages, since every commit to them would wait for it. */
  #look(membership: Membership): void {
    const { peers, endpoint, introductions, met, isOver } = membership;
    if (introductions === met || isOver) return;
    const others = [...peers.nodes()];
    if (!others.every((other) => endpoint.isConnected(other))) return;
    membership.met = introductions;
    this.#say({ type: 'met', peers: others });
  }

  #part(node: number): void {
    const { peers, router, endpoint } = this.#membership;
    peers.gone(node);
    router.forget(node);
    endpoint.moved(node);
    this.#look(this.#membership);
  }

  #open({ run, program, config, ios, observed }: Extract<ToNode, { type: 'open' }>): void {
    const { rcomps, log } = this.#options;
    const { node, router } = this.#membership;
    const read = readProgram(program);
    if (!read.ok) {
      this.#broken(run, `that is no program: ${read.error.message}`);
      return;
    }
    const map = mapOf(read.program, ios);
    const ids = rcompsOfMember(node, rcomps);
    const lost = (what: string) => (error: unknown) =>
      log('warn', `${what} lost`, { node, why: error instanceof Error ? error.message : 'it hung' });
    const meter = observed ? new Meter() : null;
    const site = new Site({
      create: createActor,
      toDevice: () => {},
      toClient: () => {},
      onTrace: (event) => {
        if (meter === null) return;
        meter.note(event);
        if (event.type === 'start') this.#say({ ...event, type: 'started', run });
      },
      ...(meter && { onDispatch: meter.heard }),
      onBroken: (error) => this.#broken(run, error instanceof Error ? error.message : String(error)),
      onRCompLost: lost('RComp'),
      onCompartmentLost: lost('compartment'),
      abroad: {
        isAbroad: (to) => memberOf(to) !== node,
        send: (to, message) => {
          meter?.sent(to, message);
          router.post(memberOf(to), { kind: to.kind, run, id: to.id, message } as Letter);
        },
      },
    });
    this.#parts.set(run, { site, meter });
    const inits: Init[] = ids.map((id) => ({ kind: 'rcomp', id, agent: node, config, map }));
    site.begin(read.program, config, map, [
      ...inits,
      { kind: 'agent', id: node, incarnation: 1, rcomps: ids, config, map },
    ]);
  }

  #rest(run: number): void {
    const part = this.#parts.get(run);
    part?.site.rest();
    if (part?.meter != null) this.#say({ type: 'spent', run, tally: part.meter.tally(part.site) });
  }

  #broken(run: number, error: string): void {
    this.#options.log('warn', 'broken', { run, error });
    this.#say({ type: 'broken', run, error });
  }

  #say(message: ToNode): void {
    this.#membership.router.post(MASTER_NODE, { kind: 'node', run: 0, id: 0, message });
  }
}

async function askToJoin(options: MemberNodeOptions, origin: string): Promise<JoinAnswer> {
  const { master, version, rcomps } = options;
  const request: JoinRequest = { protocol: PROTOCOL, version, origin, rcomps };
  const answer = await ask(master, options, {
    method: 'POST',
    path: JOIN_PATH,
    body: Buffer.from(JSON.stringify(request)),
  });
  const { cluster, node } = JSON.parse(await textOf(answer)) as JoinAnswer;
  if (typeof cluster !== 'string' || !Number.isSafeInteger(node))
    throw new AskError(`${master} answers what is no DVM's answer`, null);
  return { cluster, node };
}
