/** Keeps all of a run for a report, while another one watches it. */

import type { Actor } from '../src/actors/actor.ts';
import { type Address, nameOfAddress } from '../src/actors/address.ts';
import { nodeOf } from '../src/actors/placement.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import type { RunWatcher } from './cluster.ts';
import { type Mishap, mishapText } from './mishap.ts';
import { addressText, attemptText, runnerText } from './names.ts';
import type { Delivery, Envelope } from './network.ts';
import { relevantSteps } from './report/causality.ts';
import type { RecordedActor, RecordedRun, Step } from './report/recorded-run.ts';
import type { Setting, SimResult, Traced } from './result.ts';
import { stateText } from './state-text.ts';
import { fieldsText } from './transcript.ts';

/** What a report says besides what happened. */
export type Heading = Pick<RecordedRun, 'title' | 'violation' | 'configuration' | 'replay'>;

export class Recorder implements RunWatcher {
  readonly #inner: RunWatcher;
  readonly #withStates: boolean;
  readonly #nodes: number;
  readonly #steps: Step[] = [];
  /** In the order of their first mention. */
  readonly #actors = new Map<string, { readonly address: Address; readonly index: number }>();
  #now = 0;
  #last: Address | null = null;

  /** `withStates`: with every receiver's state after each message; costly. */
  constructor(inner: RunWatcher, nodes: number, withStates: boolean) {
    this.#inner = inner;
    this.#nodes = nodes;
    this.#withStates = withStates;
  }

  begun(setting: Setting): void {
    this.#inner.begun(setting);
  }

  sent(envelope: Envelope): void {
    this.#inner.sent(envelope);
  }

  delivered(delivery: Delivery): void {
    const { from, to, message, time, received, repeated } = delivery;
    this.#now = received;
    this.#last = to;
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
    this.#inner.delivered(delivery);
  }

  handled(delivery: Delivery, receiver: Actor | null): void {
    if (this.#withStates && receiver?.look !== undefined) {
      const step = this.#steps.findLast(({ type }) => type === 'message');
      if (step !== undefined) Object.assign(step, { state: stateText(receiver.look()) });
    }
    this.#inner.handled(delivery, receiver);
  }

  traced(traced: Traced): void {
    const text = eventText(traced.event);
    if (text !== null && this.#last !== null) this.#note(this.#last, text, false);
    this.#inner.traced(traced);
  }

  suffered(mishap: Mishap): void {
    this.#steps.push({
      type: 'fault',
      time: this.#now,
      node: 'node' in mishap ? mishap.node : null,
      text: mishapText(mishap),
      ...('until' in mishap && { until: mishap.until }),
    });
    this.#inner.suffered(mishap);
  }

  over(result: SimResult): void {
    this.#inner.over(result);
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
    case 'runner':
    case 'attempt':
      return null;
  }
}
