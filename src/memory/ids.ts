/** Runner ids and seeds: hashes, so that they are the same on any cluster and nobody hands them out. */

/** Unsigned 64 bits; 0 is "no runner", and 1 … 255 are writers that are no runners (input channels, the master). */
export type RunnerId = bigint;

/** The least id that a runner can have. */
export const FIRST_RUNNER_ID = 256n;

/** Odd constants of splitmix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014). */
const STEP = 0x9e3779b97f4a7c15n;
const FIRST_FACTOR = 0xbf58476d1ce4e5b9n;
const SECOND_FACTOR = 0x94d049bb133111ebn;
const SEED_FACTOR = 0xd1342543de82ef95n;

/** The id of the entry runner. */
export const ROOT_ID: RunnerId = childId(0n, 0);

/** The id of a runner's `index`-th child, counted from 0. Distinct for distinct indices of one parent. */
export function childId(parent: RunnerId, index: number): RunnerId {
  let id = mix(parent + STEP * BigInt(index + 1));
  while (id < FIRST_RUNNER_ID) id = mix(id + STEP);
  return id;
}

/** What `ctx.seed` holds, unsigned 64 bits: the same on every attempt of the runner. */
export function seedOf(machineSeed: bigint, id: RunnerId): bigint {
  return mix(id + (machineSeed + 1n) * SEED_FACTOR);
}

/** The id as people see it: `0x` and 16 hexadecimal digits. */
export function nameOf(id: RunnerId): string {
  return `0x${id.toString(16).padStart(16, '0')}`;
}

/** A bijection of 64 bits in which each bit of the input changes half of the output. */
function mix(value: bigint): bigint {
  let z = BigInt.asUintN(64, value);
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * FIRST_FACTOR);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * SECOND_FACTOR);
  return z ^ (z >> 31n);
}
