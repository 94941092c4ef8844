/** What an attempt has written, on its way to all who keep the pages. */

import { byHome } from '../memory/directory.ts';
import type { PagePatch } from '../memory/patch.ts';
import type { Version } from '../memory/version.ts';
import { sometimes } from '../sometimes.ts';
import { type Address, addressOf } from './address.ts';
import { type Effect, send } from './behaviour.ts';
import type { AttemptId } from './control-block.ts';
import { type Places, replicasOf } from './places.ts';

export class Staging {
  readonly #from: Address<'rcomp'> | Address<'io'>;
  readonly #attempt: AttemptId;
  readonly #sv: Version | null;
  /** By home. */
  readonly #parts: ReadonlyMap<number, readonly PagePatch[]>;
  /** Replicas that hold their part. */
  readonly #held = new Set<number>();
  /** Those that were asked to. */
  readonly #asked = new Set<number>();
  #places: Places;

  /** `sv`: null for an arrival of input, which reads no snapshot. */
  constructor(
    from: Address<'rcomp'> | Address<'io'>,
    { attempt, sv, patches }: { attempt: AttemptId; sv: Version | null; patches: readonly PagePatch[] },
    places: Places,
  ) {
    this.#from = from;
    this.#attempt = attempt;
    this.#sv = sv;
    this.#parts = byHome(patches, places.homes.length);
    this.#places = places;
  }

  /** The homes that it concerns. */
  get homes(): readonly number[] {
    return [...this.#parts.keys()];
  }

  /** Of the directory as of which it is held, once it is. */
  get generation(): number {
    return this.#places.generation;
  }

  /** Whether all who keep its pages hold it. */
  get isHeld(): boolean {
    for (const home of this.#parts.keys()) {
      const replicas = replicasOf(this.#places, home);
      if (replicas.length === 0 || !replicas.every(({ replica }) => this.#held.has(replica))) return false;
    }
    return true;
  }

  /** Asks all who have not been asked yet. */
  ask(): Effect[] {
    return [...this.#parts].flatMap(([home, patches]) =>
      replicasOf(this.#places, home).flatMap(({ node, replica }) => {
        if (this.#asked.has(replica)) return [];
        this.#asked.add(replica);
        return [
          send(addressOf('home', home, node), {
            type: 'stage',
            from: this.#from,
            replica,
            attempt: this.#attempt,
            sv: this.#sv,
            patches,
          }),
        ];
      }),
    );
  }

  /** A replica holds its part. */
  held(replica: number): void {
    this.#held.add(replica);
  }

  /** Others keep the pages from now on. */
  moved(places: Places): Effect[] {
    this.#places = places;
    const effects = this.ask();
    if (effects.length > 0) sometimes('somebody else keeps the pages of what is being staged');
    return effects;
  }
}
