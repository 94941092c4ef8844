/** `--ack`: what a commit has survived when it is acknowledged (rule 8). */

import { UsageError } from '../../src/errors.ts';

/** Each promises what those before it do, and more. */
export const LEVELS = ['memory', 'replicated', 'durable'] as const;
export type Level = (typeof LEVELS)[number];

/** Who offers no more than a level: why, and what to do. */
interface Offer {
  readonly level: Level;
  readonly reasons: Readonly<Record<Level, string>>;
  readonly hint: string;
}

export const IN_PROCESS: Offer = {
  level: 'memory',
  reasons: {
    memory: '',
    replicated: 'a machine in one process has no other node that could hold a copy',
    durable: 'a machine in one process keeps its log in memory only',
  },
  hint: 'use --ack memory: commits do not survive this process',
};

export function offerOf(level: Level): Offer {
  return {
    level,
    reasons: {
      memory: '',
      replicated: 'that DVM keeps each page on one node only',
      durable: 'that DVM keeps nothing on disk',
    },
    hint:
      level === 'memory'
        ? 'dvm node --master --replicas 2, or --data DIR, would'
        : 'dvm node --master --data DIR would',
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
export function mustOffer(wanted: Level, { level, reasons, hint }: Offer): void {
  if (LEVELS.indexOf(wanted) > LEVELS.indexOf(level))
    throw new UsageError(`--ack ${wanted}: ${reasons[wanted]}`, hint);
}
