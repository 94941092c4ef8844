/** A program that runs, here or elsewhere, as far as `dvm run` has to do with it. */

import type { RunStatistics } from '../../src/actors/node/cluster/observation.ts';
import type { RunReport } from '../../src/actors/node/run-report.ts';
import type { Counted } from '../../src/actors/node/runner-counts.ts';
import type { ValueType } from '../../src/isa/value-type.ts';
import type { WordOf } from '../../src/isa/words.ts';

export interface Running {
  /** To its end; aborting `signal` cancels it. */
  report(signal: AbortSignal): Promise<RunReport>;
  counted(): Counted;
  /** What it has cost, once it has ended; null: that is not known. */
  statistics(): RunStatistics | null;
  /** Why its trace is not whole, once it has ended; empty: it is, or none is wanted. */
  untraced(): string;
  /** Asks it to end by itself. */
  shutDown(): void;
  readWords<T extends ValueType>(address: number, type: T, count: number): Promise<readonly WordOf<T>[]>;
  close(): Promise<void>;
}
