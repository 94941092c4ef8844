/** How a cluster is when nothing about it is worth a word. */

import type { Knobs } from '../scenario.ts';
import type { Pace } from '../timed/pace.ts';

export const PLAIN_KNOBS: Partial<Knobs> = {
  replicas: 1,
  keepsAll: false,
  pageSize: 4096,
  slice: 10_000,
  engine: 'interpreter',
  onConflict: 'retry',
  serializable: false,
  lazyReads: false,
  deterministic: false,
  starvingAfter: 8,
  versionBytes: 2 ** 30,
  cacheBytes: 2 ** 28,
  copyBytes: 2 ** 18,
  dispatchAhead: 32,
  children: 65_536,
  runners: 1_000_000,
};

export const PLAIN_PACE: Partial<Pace> = {
  latency: 100,
  spread: 1,
  local: 1,
  message: 1,
  slice: 10,
  resend: 1_000,
};
