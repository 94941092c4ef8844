/** "Did you mean": the candidate that the fewest slips of the fingers turn into what was written. */

/**
 * The nearest of `candidates` to `written`, or null if none is near: at most one edit in three characters, or one in two,
 * where an edit inserts, deletes or replaces a character or swaps two neighbours, and a change of case is none.
 */
export function nearest(written: string, candidates: Iterable<string>): string | null {
  const lower = written.toLowerCase();
  let best: string | null = null;
  let bestDistance = (written.length < 2 ? 0 : Math.max(1, Math.floor(written.length / 3))) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - written.length) >= bestDistance) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Edits between two words: insertions, deletions, replacements, and swaps of neighbours (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let distance = Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) distance = Math.min(distance, beforeLast[column - 2]! + 1);
      current.push(distance);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length]!;
}
