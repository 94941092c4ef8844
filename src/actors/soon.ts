/** At once, from memory; later, from a disk or another machine. For what has implementations of both kinds. */
export type Soon<T> = T | Promise<T>;
