/** `--ack`: what a commit has survived when it is acknowledged (rule 8). */

import { UsageError } from '../../src/errors.ts';

/** Each promises what those before it do, and more. */
export const LEVELS = ['memory', 'replicated', 'durable'] as const;
export type Level = (typeof LEVELS)[number];

/** Who offers no more than a level; of each beyond it, why not, and what to do. */
interface Offer {
  readonly level: Level;
  readonly refusals: Readonly<
    Record<Exclude<Level, 'memory'>, { readonly reason: string; readonly hint: string }>
  >;
}

/** What a commit to a DVM of many nodes survives. */
export const SURVIVES: Readonly<Record<Level, string>> = {
  memory: 'any node but the master’s, which has all pages',
  replicated: 'any node but the master’s, as each page is with several',
  durable: 'all nodes, as they are on disk',
};

const IN_MEMORY = 'use --ack memory: commits do not survive this process';

export const IN_PROCESS: Offer = {
  level: 'memory',
  refusals: {
    replicated: {
      reason: 'a machine in one process has no other node that could hold a copy',
      hint: IN_MEMORY,
    },
    durable: { reason: 'a machine in one process keeps its log in memory only', hint: IN_MEMORY },
  },
};

export function offerOf(level: Level): Offer {
  return {
    level,
    refusals: {
      replicated: {
        reason: 'that DVM keeps each page on one node only',
        hint: 'a second node, and a master without --replicas 1, would do better; or one with --data DIR',
      },
      durable: { reason: 'that DVM keeps nothing on disk', hint: 'dvm node --master --data DIR would' },
    },
  };
}

/** Throws `UsageError` for what is no level. */
export function levelOf(text: string): Level {
  const level = LEVELS.find((one) => one === text);
  if (level === undefined)
    throw new UsageError(`--ack ${text}: there is no such level`, `there are ${LEVELS.join(', ')}`);
  return level;
}

/** Throws `UsageError` for a promise that cannot be kept: it is not kept halfway. */
export function mustOffer(wanted: Level, { level, refusals }: Offer): void {
  if (wanted === 'memory' || LEVELS.indexOf(wanted) <= LEVELS.indexOf(level)) return;
  const { reason, hint } = refusals[wanted];
  throw new UsageError(`--ack ${wanted}: ${reason}`, hint);
}
