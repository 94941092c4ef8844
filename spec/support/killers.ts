/** Who finds which planted bug: recorded by `npm run sim:killers`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { MUTATIONS } from '../../sim/mutations/all.ts';
import { MUTATION_PAIRS } from '../../sim/mutations/pairs.ts';

export interface Killers {
  /** By the planted bugs: where they are found, and what is violated there. */
  readonly bugs: Record<string, { readonly seed: number; readonly id: string }>;
  /** By the invariant: the bug that it finds when nothing else is checked, and where. */
  readonly invariants: Record<string, { readonly seed: number; readonly bug: string }>;
}

const FILE = new URL('../../sim/mutations/killers.json', import.meta.url);

/** Each planted bug, and each pair, by its name. */
export const PLANTS: ReadonlyMap<string, readonly string[]> = new Map(
  [...Object.keys(MUTATIONS).map((name) => [name]), ...MUTATION_PAIRS].map((plant) => [
    plant.join(' + '),
    plant,
  ]),
);

export function readKillers(): Killers {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Killers;
}

export function writeKillers(killers: Killers): void {
  writeFileSync(FILE, `${JSON.stringify(killers, null, 2)}\n`);
}
