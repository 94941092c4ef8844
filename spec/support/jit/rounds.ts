/** How often loops go round, and how that adds up. */

import type { Builder } from './builder.ts';

/** How often a loop here may go round. */
export function rounds(b: Builder, bodyLength: number): number {
  const drawn = b.random.pick([1, 2, 3, 3, 5, 7, 8, 9, 17, 40, 130, 400, 1500, b.budget >>> 2]);
  return Math.max(1, Math.min(drawn, Math.floor((b.budget - b.spent) / (b.weight * bodyLength))));
}

/** Runs `body` as one that is executed `count` times as often as what stands around it. */
export function repeated(b: Builder, count: number, body: () => void): void {
  b.weight *= count;
  body();
  b.weight /= count;
}
