/** What happens in a run, and the order of which of it can matter. */

/**
 * What can happen next, by name: `home:0@0 > agent:0@0` is the arrival of the oldest message under way there,
 * `death > rcomp:1@0` the death of an RComp. Occurrences of one name follow each other.
 */
export type Step = string;

/** An occurrence of a step. */
export interface Event {
  readonly step: Step;
  /** The actor whose state it changes. */
  readonly at: string;
  /** The index of the event that sent the message; −1 for what was there from the beginning. */
  readonly cause: number;
  /** Whom the actor has sent messages in it. */
  readonly sends: string[];
}

const DEATH = 'death > ';
const CLIENT = 'client:0@0';

/** `rcomp`: its address's name. */
export function deathOf(rcomp: string): Step {
  return DEATH + rcomp;
}

export function isDeath(step: Step): boolean {
  return step.startsWith(DEATH);
}

/** The actor that a step concerns. */
export function receiverOf(step: Step): string {
  return step.slice(step.indexOf(' > ') + 3);
}

/**
 * Whether two events of which none causes the other may lead elsewhere in the other order: they change the same actor,
 * or one is a death, which loses what is under way to the RComp, is the only one of its run and cannot come once the
 * client knows that the program is over.
 */
export function dependent(a: Event, b: Event): boolean {
  return a.at === b.at || isHarmed(a, b) || isHarmed(b, a);
}

function isHarmed({ step, at, sends }: Event, by: Event): boolean {
  return isDeath(by.step) && (isDeath(step) || at === CLIENT || sends.includes(by.at));
}
