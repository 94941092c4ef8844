/** Which orders an executed one asks for: those in which two neighbours at one actor come the other way round. */

import { dependent, type Event, isDeath, type Step } from './event.ts';

/** Two events that nothing but their order at an actor relates. */
export interface Race {
  /** The index of the earlier one. */
  readonly first: number;
  /** What can happen there instead, so that the later one comes first. */
  readonly beginnings: readonly Step[];
}

/** The races of the events from index `from` on with earlier ones. */
export function racesOf(events: readonly Event[], from: number): Race[] {
  const past = new Past(events);
  const races: Race[] = [];
  for (let later = from; later < events.length; later += 1)
    for (const first of past.racing(later)) {
      const beginnings = past.earliest(past.notAfter(first, later));
      races.push({ first, beginnings: beginnings.map((i) => events[i]!.step) });
    }
  return races;
}

/** Happened-before: the events at one actor follow each other, so that a past is a count of events of each actor. */
class Past {
  readonly #events: readonly Event[];
  readonly #actors = new Map<string, number>();
  readonly #actorOf: number[] = [];
  readonly #place: number[] = [];
  /** By event: how many of each actor's events have happened before or are it. */
  readonly #counts: number[][] = [];
  /** By event: those that come directly before it at an actor or because of a death, and its cause. */
  readonly #dependents: number[][] = [];

  constructor(events: readonly Event[]) {
    this.#events = events;
    const latest: number[] = [];
    const deaths = events.some(({ step }) => isDeath(step));
    events.forEach((event, i) => {
      let actor = this.#actors.get(event.at);
      if (actor === undefined) {
        actor = this.#actors.size;
        this.#actors.set(event.at, actor);
      }
      const before = latest[actor];
      const direct = before === undefined ? [] : [before];
      if (deaths)
        for (let j = 0; j < i; j += 1) if (j !== before && dependent(events[j]!, event)) direct.push(j);
      this.#dependents.push(direct);
      const counts = new Array<number>(this.#actors.size).fill(0);
      for (const j of event.cause < 0 ? direct : [event.cause, ...direct])
        this.#counts[j]!.forEach((count, k) => {
          if (count > counts[k]!) counts[k] = count;
        });
      const place = before === undefined ? 1 : this.#place[before]! + 1;
      counts[actor] = place;
      this.#actorOf.push(actor);
      this.#place.push(place);
      this.#counts.push(counts);
      latest[actor] = i;
    });
  }

  /** Earlier events that could as well come after this one. */
  racing(later: number): number[] {
    const { step, cause } = this.#events[later]!;
    const direct = this.#dependents[later]!;
    return direct.filter(
      (first) =>
        first !== cause &&
        this.#events[first]!.step !== step &&
        (cause < 0 || !this.#before(first, cause)) &&
        direct.every((other) => other === first || !this.#before(first, other)),
    );
  }

  /** The events between the two that do not need the first, and the later one. */
  notAfter(first: number, later: number): number[] {
    const events: number[] = [];
    for (let i = first + 1; i < later; i += 1) if (!this.#before(first, i)) events.push(i);
    return [...events, later];
  }

  /** Those that need none of the others. */
  earliest(some: readonly number[]): number[] {
    return some.filter((i, nth) => {
      for (let k = 0; k < nth; k += 1) if (this.#before(some[k]!, i)) return false;
      return true;
    });
  }

  #before(a: number, b: number): boolean {
    return (this.#counts[b]![this.#actorOf[a]!] ?? 0) >= this.#place[a]!;
  }
}
