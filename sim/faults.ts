/** Every kind of fault that a simulated cluster may meet; each is on or off for a seed. */

export const FAULTS = {
  delay: 'a message takes longer than its link does otherwise',
  reorder: 'messages between two nodes overtake each other, as on several connections',
  drop: 'a message is lost, and sent again when nobody acknowledges it',
  duplicate: 'a message arrives twice',
  'late-replay': 'a message arrives again, much later, out of a connection that is closed',
  clog: 'a link carries nothing for a while',
  'half-open': 'a link carries nothing, its sender notices late and sends again what was not acknowledged',
  reset: 'a connection breaks in mid-frame, and what was not acknowledged is sent again',
  partition: 'two groups of nodes do not hear each other',
  'one-way-partition': 'a group of nodes hears the others and is not heard',
  isolate: 'a node hears nobody and is not heard',
  'slow-node': 'a node takes many times as long for everything, so that its mailboxes fill',
  pause: 'a node does nothing for a while, and nobody notices',
  'node-crash': 'a node dies with its agent, its RComps and the pages that it keeps, and starts again',
  'node-leave': 'a node is asked to leave, and to hand over what it has',
  'master-crash':
    'the master’s node dies with the program, which begins anew from a log whose newest part is lost',
  'rcomp-crash': 'an RComp dies under whatever it runs',
  'compartment-death': 'the thread that executes an attempt dies under it',
  'clock-jump': 'the clock jumps: many ticks of the timer, or other events, at once',
  cancel: 'the client cancels the run',
  'device-failure': 'the outside of a file or channel fails',
  knobs: 'page size, caches, queues, slices and limits are drawn down to the smallest',
} as const;

export type FaultKind = keyof typeof FAULTS;

export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[];

/** Those that happen in a run and are counted: not the knobs, which are drawn before it. */
export const FAULT_EVENTS = FAULT_KINDS.filter((kind) => kind !== 'knobs');

/** How often each kind has happened. */
export class FaultCounts {
  readonly #counts = new Map<FaultKind, number>();

  add(kind: FaultKind, times = 1): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
  }

  of(kind: FaultKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** Takes over what others have counted. */
  join(counts: Iterable<readonly [FaultKind, number]>): void {
    for (const [kind, times] of counts) this.add(kind, times);
  }

  entries(): [FaultKind, number][] {
    return [...this.#counts];
  }
}
