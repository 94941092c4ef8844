/** The linear congruential generator of the examples: 31-bit numbers, from a 64-bit state. */
export function* generated(seed: bigint): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    yield Number(state >> 33n);
  }
}
