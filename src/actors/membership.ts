/** Nodes that come and go, as the master sees them. */

import { sometimes } from '../sometimes.ts';
import type { AgentRecord } from './agents.ts';
import { send, trace } from './behaviour.ts';
import { putBackOutdated, retryCapped } from './deciding.ts';
import { losePages } from './ending.ts';
import { keepsPages, nodeComes, nodeDies, nodeLeaves } from './homing.ts';
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
  // Whatever it was before has died, whether that was heard of or not.
  agentLost(state, id, incarnation - 1, out);
  state.agents.join(id, {
    address: agent,
    incarnation,
    rcomps,
    batch: 0,
    outstanding: 0,
    readable: 0,
    leaving: null,
  });
  nodeComes(state, id, out);
}

/** A node is to leave: it gets nothing more, what it holds ready comes back, and what runs there may end. */
export function leave(
  state: MasterState,
  { client, agent, incarnation }: Extract<ToMaster, { type: 'leave' }>,
  out: Out,
): void {
  const id = Number(agent.id);
  const record = state.agents.get(id);
  if (record?.incarnation !== incarnation) {
    // It has never joined, or is gone: its word must not bring it back.
    agentLost(state, id, incarnation, out);
    out.push(send(client, { type: 'left', agent, incarnation }));
    return;
  }
  if (record.leaving !== null) return;
  state.agents.retire(record, client);
  nodeLeaves(state, id, out);
  out.push(send(record.address, { type: 'recall', epoch: state.epoch }));
}

/** Nodes that were to leave and have nothing of the program any more are let go. */
export function letLeave(state: MasterState, out: Out): void {
  // What was out when the program was cancelled is nobody's any more.
  const isOver = state.phase !== 'idle' && state.phase !== 'running';
  for (const agent of [...state.agents.leaving]) {
    const id = Number(agent.address.id);
    if ((agent.outstanding > 0 && !isOver) || keepsPages(state, id)) continue;
    state.lostAgents.set(id, agent.incarnation);
    part(state, agent, out);
  }
}

/** A node has died: its runners run again, for no fault of theirs (rule 12). It may have kept pages before it has joined. */
export function agentLost(state: MasterState, id: number, incarnation: number, out: Out): void {
  if (incarnation <= (state.lostAgents.get(id) ?? 0)) return;
  state.lostAgents.set(id, incarnation);
  losePages(state, nodeDies(state, id, out), out);
  const agent = state.agents.get(id);
  if (agent === undefined || agent.incarnation > incarnation) {
    putBackOutdated(state, out);
    return;
  }
  for (const record of [...state.out])
    if (record.agent === id) {
      sometimes('a node dies under its runners');
      out.push(
        trace({ type: 'ended', attempt: attemptOf(record, state.epoch), why: 'node-lost', fault: null }),
      );
      putBack(state, record, out);
    }
  part(state, agent, out);
  putBackOutdated(state, out);
  // The snapshot that a commit waits for at the memory cap may have been one of these.
  retryCapped(state, out);
}

function part(state: MasterState, { address, incarnation, leaving }: AgentRecord, out: Out): void {
  state.agents.leave(Number(address.id));
  if (leaving !== null) out.push(send(leaving, { type: 'left', agent: address, incarnation }));
}
