/** Where every decision of a simulation comes from: numbers, drawn elsewhere. */

/** A natural below `n` (n ≥ 1). 0 always means the plainest course: deliver what is oldest, duplicate nothing, kill nobody. */
export type Choose = (n: number) => number;

/** Choices from a list of naturals, each modulo what is asked; 0 once they are used up. What fast-check draws and shrinks. */
export function chosen(naturals: ArrayLike<number>): Choose {
  let next = 0;
  return (n) => {
    if (n === 1 || next >= naturals.length) return 0;
    return naturals[next++]! % n;
  };
}

/** Endless choices from a seed (splitmix32), each alike likely. */
export function seeded(seed: number): Choose {
  let state = seed | 0;
  return (n) => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return ((z ^ (z >>> 15)) >>> 0) % n;
  };
}
