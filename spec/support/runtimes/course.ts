/** What both runtimes ask of the choices, in the same words and at the same points: so the same list means the same run. */

import type { Mishap } from '../../../sim/mishap.ts';
import type { Weather } from '../../../sim/ordered-network.ts';
import type { Choose } from '../../../sim/random.ts';
import { SYSTEM_RANGE } from '../../../src/isa/layout.ts';

/** What comes from outside between two turns. */
export type Interruption = Extract<Mishap, { readonly kind: 'cancel' | 'clock-jump' }>;

/**
 * The course of one run, in turns: one actor reads what is in its mailbox. Of the weather it knows what nact can have;
 * nact repeats no message, has no links that could be slow, and hands over what was sent itself.
 */
export class Course {
  readonly #choose: Choose;
  #deaths: number;
  #cancel: boolean;
  #signals: number;

  constructor({ deaths, cancel, signals }: Weather, choose: Choose) {
    this.#choose = choose;
    this.#deaths = deaths;
    this.#cancel = cancel;
    this.#signals = signals;
  }

  /** Which of so many mailboxes is read next; they are in the order of their scheduling. */
  turn(mailboxes: number): number {
    return this.#choose(mailboxes);
  }

  /** Asked before each turn. */
  interruption(): Interruption | null {
    if (this.#cancel && this.#rarely()) {
      this.#cancel = false;
      return { kind: 'cancel' };
    }
    if (this.#signals > 0 && this.#rarely()) {
      this.#signals -= 1;
      const word = SYSTEM_RANGE.base + 8 * this.#choose(SYSTEM_RANGE.length / 8);
      return { kind: 'clock-jump', word, events: 1 };
    }
    return null;
  }

  /** Asked when an RComp comes to read its mailbox, and when a compartment reads an attempt. */
  kills(): boolean {
    if (this.#deaths === 0 || !this.#rarely()) return false;
    this.#deaths -= 1;
    return true;
  }

  /** The program is over: from now on nothing goes wrong. */
  calm(): void {
    this.#deaths = 0;
    this.#cancel = false;
    this.#signals = 0;
  }

  #rarely(): boolean {
    return this.#choose(RARE) === RARE - 1;
  }
}

/** Of so many choices the last one is the rare event. */
const RARE = 64;
