/** Keeps all of a run for a report. */

import type { Actor } from '../src/actors/actor.ts';
import { type Address, nameOfAddress } from '../src/actors/address.ts';
import { nodeOf } from '../src/actors/placement.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import type { RunObserver } from './cluster.ts';
import { type Mishap, mishapText } from './mishap.ts';
import { addressText, attemptText, runnerText } from './names.ts';
import type { Delivery } from './network.ts';
import { relevantSteps } from './report/causality.ts';
import type { MessageStep, RecordedActor, RecordedRun, Step } from './report/recorded-run.ts';
import type { Traced } from './result.ts';
import { stateText } from './state-text.ts';
import { fieldsText } from './transcript.ts';

/** What a report says besides what happened. */
export type Heading = Pick<RecordedRun, 'title' | 'violation' | 'configuration' | 'replay'>;

export class Recorder implements RunObserver {
  readonly #withStates: boolean;
  readonly #nodes: number;
  readonly #steps: Step[] = [];
  /** In the order of their first mention. */
  readonly #actors = new Map<string, { readonly address: Address; readonly index: number }>();
  /** Where the latest message stands. */
  #latest = 0;
  #now = 0;
  #last: Address | null = null;

  /** `withStates`: with every receiver's state after each message; costly. */
  constructor(nodes: number, withStates: boolean) {
    this.#nodes = nodes;
    this.#withStates = withStates;
  }

  delivered(delivery: Delivery): void {
    const { from, to, message, time, received, repeated } = delivery;
    this.#now = received;
    this.#last = to;
    this.#latest = this.#steps.length;
    this.#steps.push({
      type: 'message',
      from: this.#indexOf(from),
      to: this.#indexOf(to),
      sent: time,
      received,
      name: message.type,
      text: fieldsText(message, from),
      repeated,
      relevant: true,
    });
  }

  handled(_: Delivery, receiver: Actor | null): void {
    if (!this.#withStates || receiver?.look === undefined) return;
    this.#steps[this.#latest] = {
      ...(this.#steps[this.#latest] as MessageStep),
      state: stateText(receiver.look()),
    };
  }

  traced(traced: Traced): void {
    const text = eventText(traced.event);
    if (text !== null && this.#last !== null) this.#note(this.#last, text, false);
  }

  suffered(mishap: Mishap): void {
    this.#steps.push({
      type: 'fault',
      time: this.#now,
      node: 'node' in mishap ? mishap.node : null,
      text: mishapText(mishap),
      ...('until' in mishap && { until: mishap.until }),
    });
  }

  /** All of it, for a report; `violated`: at its end something was. */
  recordedRun(heading: Heading, violated: boolean): RecordedRun {
    if (violated && this.#last !== null) this.#note(this.#last, heading.title, true);
    const order = [...this.#actors.values()].sort((a, b) => this.#compare(a.address, b.address));
    const places = new Map(order.map(({ index }, place) => [index, place]));
    const at = (index: number) => places.get(index)!;
    const actors = order.map(
      ({ address }): RecordedActor => ({
        name: addressText(address),
        node: this.#nodeOf(address),
      }),
    );
    const steps = this.#steps.map((step): Step => {
      if (step.type === 'message') return { ...step, from: at(step.from), to: at(step.to) };
      return step.type === 'event' ? { ...step, actor: at(step.actor) } : step;
    });
    const run = { ...heading, nodes: this.#nodes, actors, steps };
    const relevant = relevantSteps(run);
    return {
      ...run,
      steps: steps.map((step, i) =>
        step.type === 'message' ? { ...step, relevant: !violated || relevant.has(i) } : step,
      ),
    };
  }

  #note(actor: Address, text: string, violation: boolean): void {
    this.#steps.push({ type: 'event', time: this.#now, actor: this.#indexOf(actor), text, violation });
  }

  #indexOf(address: Address): number {
    const name = nameOfAddress(address);
    const known = this.#actors.get(name);
    if (known !== undefined) return known.index;
    const index = this.#actors.size;
    this.#actors.set(name, { address, index });
    return index;
  }

  #nodeOf(address: Address): number {
    return nodeOf(address, { nodes: this.#nodes });
  }

  #compare(a: Address, b: Address): number {
    const [x, y] = [a, b].map((address) => [this.#nodeOf(address), KINDS.indexOf(address.kind), address.id]);
    for (let i = 0; i < 3; i += 1) if (x![i] !== y![i]) return x![i]! < y![i]! ? -1 : 1;
    return 0;
  }
}

/** From top to bottom of a node. */
const KINDS: readonly Address['kind'][] = [
  'client',
  'master',
  'watcher',
  'io',
  'device',
  'agent',
  'rcomp',
  'compartment',
  'home',
];

/** What a person wants to see beside the messages; null: the messages say it. */
function eventText(event: TraceEvent): string | null {
  switch (event.type) {
    case 'commit':
      return `version ${event.version} is ${attemptText(event.attempt)}, sv ${event.sv}`;
    case 'conflict':
      return `${attemptText(event.attempt)} at sv ${event.sv} loses to version ${event.with.version}`;
    case 'ended':
      return `${attemptText(event.attempt)} ends: ${event.why}`;
    case 'fired':
      return `version ${event.version} fires ${runnerText(event.watcher)}`;
    case 'start':
      return `${attemptText(event.attempt)} starts at sv ${event.sv}`;
    case 'starving':
      return event.starving ? `${runnerText(event.runner)} starves` : null;
    case 'places':
      return `generation ${event.places.generation} of the directory`;
    case 'runner':
    case 'attempt':
      return null;
  }
}
