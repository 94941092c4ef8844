/** `--ack`: what a commit has survived when it is acknowledged (rule 8). */

import { UsageError } from '../../src/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  replicated: 'a machine in one process has no other node that could hold a copy',
  durable: 'a machine in one process keeps its log in memory only',
};

/** Throws `UsageError` for a promise that this process cannot keep: it is not kept halfway. */
export function acknowledgement(level: string): void {
  if (level === 'memory') return;
  const reason = REASONS[level];
  throw new UsageError(
    reason === undefined ? `--ack ${level}: there is no such level` : `--ack ${level}: ${reason}`,
    'use --ack memory: commits do not survive this process',
  );
}
