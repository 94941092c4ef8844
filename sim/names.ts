/** How people read of runners, attempts and actors: no longer than it takes to tell them apart. */

import type { Address } from '../src/actors/address.ts';
import type { AttemptId } from '../src/actors/control-block.ts';

/** The first half of a 64-bit id: `a706dd2f`. */
export function runnerText(runner: bigint): string {
  return runner.toString(16).padStart(16, '0').slice(0, 8);
}

/** `a706dd2f.1`; `a706dd2f.1@2` after a failover. */
export function attemptText({ runner, epoch, number }: AttemptId): string {
  return `${runnerText(runner)}.${number}${epoch === 1 ? '' : `@${epoch}`}`;
}

/** `agent 0`, `watcher a706dd2f`, `home 1 on 2`; there is one master and one client. */
export function addressText({ kind, id, node }: Address): string {
  if (kind === 'master' || kind === 'client') return kind;
  if (kind === 'device' && id === -1) return 'host';
  if (kind === 'home') return `home ${id} on ${node}`;
  return `${kind} ${typeof id === 'bigint' ? runnerText(id) : id}`;
}
