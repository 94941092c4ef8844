/** Decisions drawn from a seed, and kept, so that the run can be had again without the seed. */

import { SYSTEM_RANGE } from '../../src/isa/layout.ts';
import type { Decision, TracedDecisions, Treatment, Way } from '../decisions.ts';
import { Dice } from '../dice.ts';
import type { FaultKind } from '../faults.ts';
import { LINK_MISHAPS, type Mishap, type TimedMishap } from '../mishap.ts';
import type { Knobs, Scenario } from '../scenario.ts';

/** Of a thousand messages between nodes, at a rate of 1. */
const OFTEN = { delay: 50, drop: 20, duplicate: 30, 'late-replay': 5 } as const;
/** Of a thousand attempts given to a compartment. */
const DEADLY = 40;
/** Of a thousand messages within a node: another actor was served first. */
const LOCAL_DELAY = 30;
const LOCAL_REPEAT = 20;
/** Ways between nodes that a message could go between two mishaps, at a rate of 1. */
const SELDOM = [2, 200] as const;
/** Microseconds that a cut or a pause lasts: up to a minute. */
const LASTING = [100, 60_000_000] as const;
/** Enough: a program must be able to end. */
const MOST_MISHAPS = 30;

export class DrawnDecisions implements TracedDecisions {
  readonly all: Decision[] = [];
  readonly unused = [];
  readonly #scenario: Scenario;
  readonly #dice: Dice;
  readonly #ios: readonly number[];
  readonly #kinds: readonly MishapKind[];
  readonly #has: ReadonlySet<FaultKind>;
  readonly #meanGap: number;
  /** Upper ends of the shares of a thousand. */
  readonly #shares: readonly (readonly [keyof typeof OFTEN, number])[];
  #time = 0;
  #mishaps = 0;
  #chunk = 0;

  /** `ios`: I/O actors that the outside may fail. */
  constructor(scenario: Scenario, ios: readonly number[]) {
    this.#scenario = scenario;
    this.#dice = new Dice(scenario.seed ^ 0x5bd1e995);
    this.#has = new Set(scenario.faults);
    this.#meanGap =
      (scenario.pace.latency * this.#dice.logarithmic(...SELDOM)) / Math.max(scenario.faultRate, 1e-6);
    this.#kinds = MISHAPS.filter((kind) => this.#has.has(kind) && this.#canHappen(kind, ios));
    let end = 0;
    this.#shares = (Object.keys(OFTEN) as (keyof typeof OFTEN)[]).map((kind) => {
      if (this.#has.has(kind)) end += OFTEN[kind] * scenario.faultRate;
      return [kind, end] as const;
    });
    this.#ios = ios;
  }

  treat(message: string, way: Way, nth: number, type: string, now: number): Treatment | null {
    if (now >= (this.#scenario.healAt ?? Number.POSITIVE_INFINITY)) return null;
    const treatment = way === 'remote' ? this.#ofRemote() : this.#ofLocal(way, type);
    if (treatment !== null) this.all.push({ message, nth, type, ...treatment });
    return treatment;
  }

  nextMishap(): TimedMishap | null {
    const dice = this.#dice;
    if (this.#kinds.length === 0 || this.#mishaps >= MOST_MISHAPS) return null;
    this.#mishaps += 1;
    this.#time += Math.ceil(-Math.log(1 - dice.fraction()) * this.#meanGap);
    const { healAt } = this.#scenario;
    if (healAt !== null && this.#time >= healAt) return null;
    const timed = { time: this.#time, mishap: this.#draw(this.#kind()) };
    this.all.push(timed);
    return timed;
  }

  #kind(): MishapKind {
    for (;;) {
      const kind = this.#dice.pick(this.#kinds);
      if (!ENDING.includes(kind) || this.#kinds.length <= 2 || this.#dice.chance(0.15)) return kind;
    }
  }

  shorter(n: number): number {
    this.#chunk += 1;
    const shorter = this.#dice.below(n);
    if (shorter > 0) this.all.push({ chunk: this.#chunk, shorter });
    return shorter;
  }

  #ofRemote(): Treatment | null {
    const dice = this.#dice;
    const thousandth = dice.fraction() * 1000;
    const kind = this.#shares.find(([, end]) => thousandth < end)?.[0];
    switch (kind) {
      case undefined:
        return null;
      case 'delay':
        return { delay: dice.logarithmic(10, 2_000_000) };
      case 'drop':
        return { drops: dice.pick([1, 1, 1, 2, 4]) };
      case 'duplicate':
        return { repeat: dice.logarithmic(1, 500_000) };
      case 'late-replay':
        return { replay: dice.logarithmic(5_000, 60_000_000) };
    }
  }

  #ofLocal(way: Way, type: string): Treatment | null {
    const dice = this.#dice;
    const thousandth = dice.fraction() * 1000;
    if (type === 'execute' && this.#has.has('compartment-death') && thousandth < DEADLY)
      return { deadly: true };
    if (this.#has.has('delay') && thousandth > 1000 - LOCAL_DELAY)
      return { delay: dice.logarithmic(1, 1_000) };
    // Nothing is repeated within a node; but every actor claims that it would not mind (I29).
    if (way === 'local' && this.#has.has('duplicate') && thousandth > 1000 - LOCAL_DELAY - LOCAL_REPEAT)
      return { repeat: dice.logarithmic(1, 1_000) };
    return null;
  }

  #canHappen(kind: MishapKind, ios: readonly number[]): boolean {
    const { nodes, machine, healAt, workload } = this.#scenario;
    // Whoever demands that a program comes to its end does not end it.
    if (healAt !== null && ENDING.includes(kind)) return false;
    switch (kind) {
      case 'node-crash':
      case 'node-leave':
        return mortal(nodes, machine).length > 0;
      case 'device-failure':
        return ios.length > 0;
      case 'master-crash':
        // The rest of its input is lost: that ends it.
        return machine.keepsAll && (healAt === null || workload.kind !== 'stream');
      case 'rcomp-crash':
      case 'clock-jump':
      case 'cancel':
      case 'slow-node':
      case 'pause':
        return true;
      case 'partition':
      case 'one-way-partition':
      case 'isolate':
      case 'clog':
      case 'half-open':
      case 'reset':
        return nodes > 1;
    }
  }

  #draw(kind: MishapKind): Mishap {
    const dice = this.#dice;
    const { nodes, machine } = this.#scenario;
    const until = this.#until();
    const node = dice.below(nodes);
    switch (kind) {
      case 'partition':
      case 'one-way-partition':
        return { kind, nodes: this.#group(node), until };
      case 'isolate':
        return { kind, nodes: [node], until };
      case 'clog':
      case 'half-open':
      case 'reset':
        return { kind, from: node, to: (node + 1 + dice.below(nodes - 1)) % nodes, until };
      case 'slow-node':
        return { kind, node, factor: dice.pick([5, 50]), until };
      case 'pause':
        return { kind, node, until };
      case 'node-crash':
        return {
          kind,
          node: dice.pick(mortal(nodes, machine)),
          until,
          noticedAfter: dice.logarithmic(100, 10_000_000),
          loses: dice.chance(0.5),
        };
      case 'node-leave':
        return { kind, node: dice.pick(mortal(nodes, machine)) };
      case 'master-crash':
        return {
          kind,
          unsynced: dice.pick([0, 1, 2, dice.logarithmic(1, 1_000)]),
          since: dice.pick([0, 1, dice.logarithmic(1, 1_000), Number.MAX_SAFE_INTEGER]),
        };
      case 'rcomp-crash':
        return { kind, rcomp: dice.below(machine.rcomps) };
      case 'clock-jump':
        return {
          kind,
          word: SYSTEM_RANGE.base + 8 * dice.below(SYSTEM_RANGE.length / 8),
          events: dice.pick([1, 1, 2, 9]),
        };
      case 'cancel':
        return { kind };
      case 'device-failure':
        return { kind, io: dice.pick(this.#ios) };
    }
  }

  #until(): number {
    const until = this.#time + this.#dice.logarithmic(...LASTING);
    return Math.min(until, this.#scenario.healAt ?? until);
  }

  #group(node: number): number[] {
    const others = Array.from({ length: this.#scenario.nodes }, (_, other) => other);
    const group = others.filter((other) => other === node || this.#dice.chance(0.4));
    return group.length === others.length ? [node] : group;
  }
}

/** Nodes that may die or leave: not the master's, and none that keeps pages which no other does. */
export function mortal(
  nodes: number,
  { homes, replicas, keepsAll }: Pick<Knobs, 'homes' | 'replicas' | 'keepsAll'>,
): number[] {
  const first = replicas > 1 || keepsAll ? 1 : Math.max(1, homes);
  return Array.from({ length: nodes }, (_, node) => node).slice(first);
}

type MishapKind = Exclude<Mishap['kind'], 'node-restart'>;

/** What ends the program is rarer than the rest. */
const ENDING: readonly MishapKind[] = ['cancel', 'device-failure'];

const MISHAPS: readonly MishapKind[] = [
  ...LINK_MISHAPS,
  'slow-node',
  'pause',
  'node-crash',
  'node-crash',
  'node-leave',
  'master-crash',
  'rcomp-crash',
  'rcomp-crash',
  'clock-jump',
  'cancel',
  'device-failure',
];
