/** How often a property runs: a share for CI, scaled by `DVM_RUNS_SCALE` for a longer look. */

export const scale = Number(process.env.DVM_RUNS_SCALE ?? 1);

/** fast-check's parameters for `count` runs at scale 1. */
export function runs(count: number): { numRuns: number } {
  return { numRuns: Math.max(1, Math.round(count * scale)) };
}
