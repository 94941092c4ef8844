/** A master with all who speak to it: agents whose runners end as a test says, homes, watchers, outputs, a client. */

import fc from 'fast-check';
import { type Address, addressOf } from '../../src/actors/address.ts';
import { STANDARD_IO } from '../../src/actors/boot.ts';
import type { MachineConfig } from '../../src/actors/config.ts';
import type { AttemptId, ControlBlock } from '../../src/actors/control-block.ts';
import type { IoKind } from '../../src/actors/init.ts';
import { createMaster, receiveAsMaster } from '../../src/actors/master.ts';
import type { MasterState } from '../../src/actors/master-state.ts';
import type { Assignment, AttemptEnd, ToAgent, ToMaster } from '../../src/actors/protocol.ts';
import type { Summary } from '../../src/actors/summary.ts';
import type { TraceEvent } from '../../src/actors/trace-event.ts';
import { createWatcher, receiveAsWatcher } from '../../src/actors/watcher.ts';
import type { RunnerId } from '../../src/memory/ids.ts';
import {
  attemptOf,
  CONFIG,
  controlBlock,
  EMPTY_MAP,
  eventsIn,
  Hosted,
  type Letter,
  lettersIn,
  SR,
} from './actors.ts';

type Commit = Extract<AttemptEnd, { type: 'commit' }>;

export const ENTRY: RunnerId = 0x1000n;

export function hostedMaster(
  config: Partial<MachineConfig> = {},
  ios: readonly IoKind[] = STANDARD_IO,
): Hosted<MasterState, ToMaster> {
  return new Hosted(
    createMaster({ kind: 'master', config: { ...CONFIG, ...config }, map: EMPTY_MAP, ios }),
    receiveAsMaster,
  );
}

export const join = (id = 0, rcomps = 1, incarnation = 1): ToMaster => ({
  type: 'join',
  agent: addressOf('agent', id),
  incarnation,
  rcomps,
});

/** An entry runner that may write everywhere, unless said otherwise. */
export const run = (entry: Partial<ControlBlock> = {}): ToMaster => ({
  type: 'run',
  client: addressOf('client'),
  entry: controlBlock({ id: ENTRY, heap: [{ base: SR, length: 2 ** 46 - SR, merge: 0 }], ...entry }),
});

/** A commit without any effect, and what is said of it. */
export const commit = (sv: number, said: Partial<Commit> = {}): Commit => ({
  type: 'commit',
  sv,
  spans: [],
  reads: [],
  children: [],
  output: [],
  homes: [],
  generation: 0,
  detach: false,
  executed: 1,
  ...said,
});

export const ends = (attempt: AttemptId, end: AttemptEnd, agent = 0): ToMaster => ({
  type: 'ends',
  agent: addressOf('agent', agent),
  ends: [{ attempt, end }],
});

/** The children of the entry runner. */
export const child = (index: number, said: Partial<ControlBlock> = {}): ControlBlock =>
  controlBlock({ id: ENTRY + 1n + BigInt(index), parent: ENTRY, index, ...said });

/** An attempt of the entry's child. */
export const attemptOfChild = (index: number, number = 1): AttemptId =>
  attemptOf(ENTRY + 1n + BigInt(index), number);

interface Running {
  readonly assignment: Assignment;
  readonly sv: number;
}

/** A node: runs what it is given in order, up to so many at once. */
interface Node {
  readonly address: Address<'agent'>;
  readonly rcomps: number;
  queue: Assignment[];
  running: Running[];
  readable: number;
}

/** Answers whatever the master says; who is heard next, and how attempts end, is drawn. */
export class MasterWorld {
  readonly master: Hosted<MasterState, ToMaster>;
  readonly nodes: Node[];
  /** Every message that the master was told, in order. */
  readonly told: ToMaster[] = [];
  readonly events: TraceEvent[] = [];
  /** For each attempt that was decided, how many messages had been told by then. */
  readonly decidedAfter = new Map<string, number>();
  readonly #onLetter: (letter: Letter) => void;
  readonly #watchers = new Map<string, ReturnType<typeof watcherFor>>();
  /** First-in-first-out by sender or receiver. */
  readonly #toMaster = new Map<string, ToMaster[]>();
  readonly #toNodes: ToAgent[][];
  summary: Summary | null = null;

  constructor(
    config: Partial<MachineConfig>,
    nodes: readonly { readonly rcomps: number }[],
    onLetter: (letter: Letter) => void = () => {},
  ) {
    this.master = hostedMaster(config);
    this.#onLetter = onLetter;
    this.nodes = nodes.map(({ rcomps }, id) => ({
      address: addressOf('agent', id),
      rcomps,
      queue: [],
      running: [],
      readable: 0,
    }));
    this.#toNodes = nodes.map(() => []);
    nodes.forEach(({ rcomps }, id) => {
      this.tell(join(id, rcomps));
    });
  }

  tell(message: ToMaster): void {
    this.told.push(message);
    this.master.tell(message);
    const { effects } = this.master;
    for (const effect of effects) {
      if (effect.type === 'spawn' && effect.init.kind === 'watcher')
        this.#watchers.set(`watcher:0x${effect.init.id.toString(16)}@0`, watcherFor(effect.init));
      for (const event of eventsIn([effect])) {
        this.events.push(event);
        if (event.type === 'commit') this.decidedAfter.set(keyOf(event.attempt), this.told.length);
      }
      for (const letter of lettersIn([effect])) this.#heed(letter);
    }
  }

  /** One message arrives, somewhere; false if none is under way. */
  deliver(draw: number): boolean {
    const places: (() => void)[] = [];
    for (const messages of this.#toMaster.values())
      if (messages.length > 0) places.push(() => this.tell(messages.shift()!));
    this.#toNodes.forEach((messages, id) => {
      if (messages.length > 0) places.push(() => this.#tellNode(id, messages.shift()!));
    });
    const place = places[draw % Math.max(1, places.length)];
    place?.();
    return place !== undefined;
  }

  /** One of the running attempts ends; false if none runs. */
  end(draw: number, how: (running: Running) => AttemptEnd): boolean {
    const all = this.nodes.flatMap((node) => node.running.map((running) => ({ node, running })));
    const one = all[draw % Math.max(1, all.length)];
    if (one === undefined) return false;
    const { node, running } = one;
    const id = Number(node.address.id);
    node.running = node.running.filter((other) => other !== running);
    this.#send(`agent ${id}`, ends(running.assignment.attempt, how(running), id));
    this.#startNext(node);
    return true;
  }

  #send(sender: string, message: ToMaster): void {
    const messages = this.#toMaster.get(sender);
    if (messages === undefined) this.#toMaster.set(sender, [message]);
    else messages.push(message);
  }

  #heed(letter: Letter): void {
    this.#onLetter(letter);
    const [, kind, id] = /^(\w+):(\w+)@/.exec(letter.to)!;
    switch (letter.type) {
      case 'dispatch':
      case 'recall':
      case 'revoke':
      case 'news':
        this.#toNodes[Number(id)]!.push(letter);
        break;
      case 'settle':
        this.#send(letter.to, { type: 'settled', home: Number(id), version: letter.version, writes: [] });
        break;
      case 'flush':
        if (kind === 'io') this.#send(letter.to, { type: 'flushed', io: Number(id), error: null });
        break;
      case 'committed':
      case 'finished': {
        const [answer] = this.#watchers.get(letter.to)!.tell(letter);
        if (answer?.type === 'activate') this.#send(letter.to, answer);
        break;
      }
      case 'done':
        this.summary = letter.summary;
    }
  }

  #tellNode(id: number, message: ToAgent): void {
    const node = this.nodes[id]!;
    switch (message.type) {
      case 'dispatch':
        node.readable = Math.max(node.readable, message.news.readable);
        node.queue.push(...message.assignments);
        break;
      case 'news':
        node.readable = Math.max(node.readable, message.news.readable);
        break;
      case 'recall': {
        const attempts = node.queue.splice(0).map(({ attempt }) => attempt);
        this.#send(`agent ${id}`, { type: 'returned', agent: node.address, attempts });
        break;
      }
      case 'revoke': {
        const others = ({ attempt }: Assignment) => keyOf(attempt) !== keyOf(message.attempt);
        node.queue = node.queue.filter(others);
        node.running = node.running.filter(({ assignment }) => others(assignment));
        break;
      }
      default:
        throw new Error(`a master does not tell an agent ${message.type}`);
    }
    this.#startNext(node);
  }

  #startNext(node: Node): void {
    while (node.running.length < node.rcomps) {
      const assignment = node.queue.shift();
      if (assignment === undefined) return;
      const sv = assignment.exact ? assignment.at : Math.max(assignment.at, node.readable);
      node.running.push({ assignment, sv });
    }
  }
}

const keyOf = ({ runner, number }: AttemptId): string => `${runner}.${number}`;

function watcherFor(init: Parameters<typeof createWatcher>[0]) {
  return new Hosted(createWatcher(init), receiveAsWatcher);
}

/** Heap ranges of runners, on few words, so that they overlap; an eighth of them watch instead. */
const anyChild = fc.record({
  words: fc.uniqueArray(fc.nat(5), { minLength: 1, maxLength: 3 }),
  watches: fc.nat(7),
});

export const anyChildren = fc.array(anyChild, { minLength: 1, maxLength: 8 }).map((children) =>
  children.map(({ words, watches }, index) => {
    const ranges = words.sort((a, b) => a - b).map((word) => ({ base: SR + 64 * word, length: 8 }));
    return child(index, {
      heap: ranges.map((range) => ({ ...range, merge: 0 as const })),
      watcher: watches < 2,
      watched: watches < 2 ? ranges : [],
      persistent: watches === 0,
    });
  }),
);

export const anyDraws = fc.array(fc.nat(1023), { maxLength: 150 });

/** How drawn attempts end: mostly they ask for a commit of all that they may write. */
export function endOf({ assignment, sv }: Running, draw: number): AttemptEnd {
  const { heap } = assignment.control;
  const kind = (draw >> 3) % 16;
  if (kind === 0) return { type: 'abort', sv, detach: draw % 3 === 0, executed: 1 };
  if (kind === 1) return { type: 'lost', sv };
  if (kind === 2) return { type: 'snapshot-too-old', sv };
  if (kind === 3)
    return {
      type: 'fault',
      sv,
      fault: { cause: 'fuel', pc: SR, address: null, detail: '' },
      executed: 1,
    };
  return commit(sv, { spans: kind < 6 ? [] : heap.slice(0, 1 + (draw % 3)), homes: [draw % 2] });
}

/** Lets a drawn world go on until its program is done; commits are no longer in vain for long. */
export function toTheEnd(world: MasterWorld): void {
  for (let steps = 0; world.summary === null; steps++) {
    if (steps > 5000) throw new Error('the program does not come to its end');
    const went =
      world.deliver(steps) ||
      world.end(steps, ({ assignment, sv }) => {
        // A watcher's runner that wrote what others watch could go on for ever.
        const { watcher, heap } = assignment.control;
        return commit(sv, watcher ? {} : { spans: heap, homes: [0] });
      });
    if (!went) throw new Error('nothing is under way and nobody runs, but the program is not done');
  }
}
