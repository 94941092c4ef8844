/** Nodes that come and go, as the master sees them. */

import { sometimes } from '../sometimes.ts';
import { trace } from './behaviour.ts';
import { retryCapped } from './deciding.ts';
import type { MasterState, Out } from './master-state.ts';
import type { ToMaster } from './protocol.ts';
import { attemptOf } from './runner-record.ts';
import { putBack } from './scheduling.ts';

/**
 * A node has started. Danger: its word may come before that of its earlier incarnation's death, or be repeated long
 * after its own.
 */
export function join(
  state: MasterState,
  { agent, incarnation, rcomps }: Extract<ToMaster, { type: 'join' }>,
  out: Out,
): void {
  const id = Number(agent.id);
  const known = state.agents.get(id)?.incarnation ?? state.lostAgents.get(id) ?? 0;
  if (incarnation <= known) {
    sometimes('a join is heard twice');
    return;
  }
  if (state.agents.get(id) !== undefined) sometimes('a node is back before its death is known');
  agentLost(state, id, known, out);
  state.agents.join(id, {
    address: agent,
    incarnation,
    rcomps,
    batch: 0,
    outstanding: 0,
    readable: 0,
  });
}

/** A node has died: its runners run again, for no fault of theirs (rule 12). */
export function agentLost(state: MasterState, id: number, incarnation: number, out: Out): void {
  if (incarnation > (state.lostAgents.get(id) ?? 0)) state.lostAgents.set(id, incarnation);
  if (state.agents.get(id)?.incarnation !== incarnation) return;
  for (const record of [...state.out])
    if (record.agent === id) {
      sometimes('a node dies under its runners');
      out.push(
        trace({ type: 'ended', attempt: attemptOf(record, state.epoch), why: 'node-lost', fault: null }),
      );
      putBack(state, record, out);
    }
  state.agents.leave(id);
  // The snapshot that a commit waits for at the memory cap may have been one of these.
  retryCapped(state, out);
}
