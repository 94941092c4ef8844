/** What other systems do for a task: an empty one on a pool of `workers`, many at once or one at a time. */

export interface Pool {
  /** Empty tasks a second, `count` of them handed over at once and waited for. */
  batch(count: number): Promise<number>;
  /** Microseconds a task, each handed over when the one before has ended. */
  oneAtATime(count: number): Promise<number>;
  close(): Promise<void>;
}

export interface PoolKind {
  readonly name: string;
  /** Tasks of a batch and in a row that it gets through in about a second. */
  readonly batch: number;
  readonly row: number;
  /** Null if it is not installed. */
  open(workers: number): Promise<Pool | null>;
  /** As in `piscina is not installed (npm install piscina)`. */
  readonly absent: string;
}
