/** The orders of steps as a tree that is walked depth first: where the walk is, and what is left to do. */

import { dependent, type Event, type Step } from './event.ts';
import type { Race } from './races.ts';

/** A state on the way to where the walk is. */
interface Node {
  /** Steps that the walk takes from here. */
  readonly wanted: Set<Step>;
  /** Steps after which nothing new comes, as what they do here: all that begins with them has been seen. */
  readonly asleep: Map<Step, Event>;
  chosen: Step;
  /** What the chosen step did; null until it was executed. */
  event: Event | null;
}

export class Tree {
  /** Nodes made so far. */
  states = 0;
  readonly #way: Node[] = [];
  /** Nodes whose events have been known before the present execution. */
  #known = 0;

  /** The step to take after these events; null if all that can follow them has been seen. */
  next(enabled: readonly Step[], events: readonly Event[]): Step | null {
    const here = this.#way[events.length];
    if (here !== undefined) return here.chosen;
    const asleep = this.#asleepAfter(events);
    const chosen = enabled.find((step) => !asleep.has(step));
    if (chosen === undefined) return null;
    this.#way.push({ wanted: new Set([chosen]), asleep, chosen, event: null });
    this.states += 1;
    return chosen;
  }

  /** An execution has come to its end. Returns the index of its first event that was new. */
  executed(events: readonly Event[]): number {
    const first = this.#known;
    events.forEach((event, i) => {
      this.#way[i]!.event ??= event;
    });
    return first;
  }

  /**
   * Sees to it that the race is run the other way round too. Nothing is left out because it could begin with a sleeper
   * that is not among its beginnings: what has been seen after the sleeper may itself have been left to this race.
   */
  want({ first, beginnings }: Race): void {
    const { wanted, asleep } = this.#way[first]!;
    if (!beginnings.some((step) => wanted.has(step) || asleep.has(step))) wanted.add(beginnings[0]!);
  }

  /** Turns to the next step that is wanted. False: there is none. */
  backtrack(): boolean {
    for (let node = this.#way.at(-1); node !== undefined; node = this.#way.at(-1)) {
      node.asleep.set(node.chosen, node.event!);
      for (const step of node.wanted) {
        if (node.asleep.has(step)) continue;
        node.chosen = step;
        node.event = null;
        this.#known = this.#way.length - 1;
        return true;
      }
      this.#way.pop();
    }
    return false;
  }

  #asleepAfter(events: readonly Event[]): Map<Step, Event> {
    const asleep = new Map<Step, Event>();
    const last = events.at(-1);
    const before = this.#way.at(-1);
    if (last === undefined || before === undefined) return asleep;
    for (const [step, event] of before.asleep) if (!dependent(event, last)) asleep.set(step, event);
    return asleep;
  }
}
