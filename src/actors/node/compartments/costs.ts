/** What executing an attempt has cost in its compartment's thread. */

/** In the order of the records: milliseconds by phase, then instructions. */
export const COSTS = [
  'translate',
  'snapshot',
  'execute',
  'fetch',
  'stage',
  'translated',
  'interpreted',
] as const;

/**
 * - `translate`: making and compiling Wasm.
 * - `snapshot`: making the memory that the attempt sees, of pages that were there.
 * - `execute`: executing, the above apart.
 * - `fetch`: waiting for pages.
 * - `stage`: gathering what was written.
 * - `translated`, `interpreted`: instructions executed in either way.
 */
export type Costs = Readonly<Record<(typeof COSTS)[number], number>>;

export const NO_COSTS: Costs = {
  translate: 0,
  snapshot: 0,
  execute: 0,
  fetch: 0,
  stage: 0,
  translated: 0,
  interpreted: 0,
};
