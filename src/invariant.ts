/**
 * Our own mistakes, and only those: a broken invariant ends the process, it is never caught.
 * The message is the affirmative sentence that should have held.
 */
export function invariant(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence);
}

/** What `invariant` throws. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}
