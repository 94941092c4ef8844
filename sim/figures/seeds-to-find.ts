/** How many seeds it takes until a planted bug is found. */

import { judgeSeed } from '../campaign.ts';
import { MUTATIONS } from '../mutations/all.ts';

export interface Found {
  readonly mutation: string;
  /** Seeds until the first failure, from each first seed on; null: none within the limit. */
  readonly seeds: readonly (number | null)[];
  /** The limit where most tries come to nothing. */
  readonly median: number;
  readonly beyond: boolean;
}

/** First seeds, far enough apart that no seed is tried twice. */
const FIRST_SEEDS = [1, 10_001, 20_001, 30_001, 40_001];

export function seedsToFind(limit: number, tell: (mutation: string) => void): Found[] {
  const all = Object.keys(MUTATIONS).map((mutation): Found => {
    tell(mutation);
    const seeds = FIRST_SEEDS.map((first) => seedsFrom(first, mutation, limit));
    const sorted = seeds.map((count) => count ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1]!;
    return { mutation, seeds, median: Math.min(median, limit), beyond: median > limit };
  });
  return all.sort((a, b) => Number(a.beyond) - Number(b.beyond) || a.median - b.median);
}

function seedsFrom(first: number, mutation: string, limit: number): number | null {
  const settings = { wishes: {}, mutations: [mutation], given: null, memories: false };
  for (let count = 1; count <= limit; count += 1)
    if (judgeSeed(first + count - 1, settings).shown.failure !== null) return count;
  return null;
}
