/** Rule 12 for whole nodes: they die and start again, and the master hears of both in any order. */

import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import type { ToMaster } from '../../src/actors/protocol.ts';
import { attemptOf, eventsIn } from '../support/actors.ts';
import { commit, ENTRY, ends, hostedMaster, join, run } from '../support/master-world.ts';

const agentLost = (id = 0, incarnation = 1): ToMaster => ({
  type: 'agent-lost',
  agent: addressOf('agent', id),
  incarnation,
});

const dispatched = (agent: number, number: number, incarnation = 1) =>
  expect.objectContaining({
    to: `agent:${agent}@0`,
    type: 'dispatch',
    incarnation,
    batch: 1,
    assignments: [expect.objectContaining({ attempt: attemptOf(ENTRY, number) })],
  });

function running() {
  const master = hostedMaster();
  master.tell(join(0, 1));
  expect(master.tell(run())).toEqual([dispatched(0, 1)]);
  return master;
}

describe('when a node dies', () => {
  test('its runners run again elsewhere, and it counts against nobody', () => {
    const master = running();
    master.tell(join(1, 1));

    expect(master.tell(agentLost())).toEqual([dispatched(1, 2)]);
    expect(eventsIn(master.effects)).toContainEqual({
      type: 'ended',
      attempt: attemptOf(ENTRY, 1),
      why: 'node-lost',
      fault: null,
    });
    expect(eventsIn(master.effects)).not.toContainEqual(expect.objectContaining({ why: 'lost' }));
  });

  test('what it still said of its attempts counts no more', () => {
    const master = running();
    master.tell(join(1, 1));
    master.tell(agentLost());

    expect(master.tell(ends(attemptOf(ENTRY, 1), commit(0, { homes: [1] })))).toEqual([
      expect.objectContaining({ to: 'home:1@0', type: 'drop' }),
    ]);
  });

  test('its runners wait until there is a node again, if it was the last one', () => {
    const master = running();

    expect(master.tell(agentLost())).toEqual([]);
    expect(master.tell(join(0, 1, 2))).toEqual([dispatched(0, 2, 2)]);
  });

  test('its next incarnation may be heard of first', () => {
    const master = running();

    expect(master.tell(join(0, 1, 2))).toEqual([dispatched(0, 2, 2)]);
    expect(master.tell(agentLost(0, 1))).toEqual([]);
  });

  test('its own word from before does not bring it back (I29)', () => {
    const master = running();
    master.tell(agentLost());

    expect(master.tell(join(0, 1, 1))).toEqual([]);
    expect(master.tell(agentLost())).toEqual([]);
  });
});

describe('when a node is to leave', () => {
  const leave = (id = 0, incarnation = 1): ToMaster => ({
    type: 'leave',
    client: addressOf('client'),
    agent: addressOf('agent', id),
    incarnation,
  });

  const left = (id = 0, incarnation = 1) =>
    expect.objectContaining({
      to: 'client:0@0',
      type: 'left',
      agent: addressOf('agent', id),
      incarnation,
    });

  const recall = expect.objectContaining({ to: 'agent:0@0', type: 'recall' });

  test('what runs there may end, and then its client hears that it has left', () => {
    const master = running();

    expect(master.tell(leave())).toEqual([recall]);
    const heard = master.tell(ends(attemptOf(ENTRY, 1), { type: 'lost', sv: 0 }));

    expect(heard).toEqual([left()]);
  });

  test('it gets nothing more: what comes free goes elsewhere', () => {
    const master = running();
    master.tell(leave());
    master.tell(ends(attemptOf(ENTRY, 1), { type: 'lost', sv: 0 }));

    expect(master.tell(join(1, 1))).toEqual([dispatched(1, 2)]);
  });

  test('what it gives back unstarted counts as gone from there', () => {
    const master = running();
    master.tell(leave());

    expect(
      master.tell({ type: 'returned', agent: addressOf('agent', 0), attempts: [attemptOf(ENTRY, 1)] }),
    ).toEqual([left()]);
  });

  test('one that has nothing leaves at once', () => {
    const master = running();
    master.tell(join(1, 1));

    expect(master.tell(leave(1))).toEqual([
      expect.objectContaining({ to: 'agent:1@0', type: 'recall' }),
      left(1),
    ]);
  });

  test('one that dies meanwhile has left as well', () => {
    const master = running();
    master.tell(leave());

    expect(master.tell(agentLost())).toEqual([left()]);
  });

  test('one that has never joined has left, and its word from before does not bring it back', () => {
    const master = running();

    expect(master.tell(leave(7))).toEqual([left(7)]);
    expect(master.tell(join(7, 1))).toEqual([]);
  });

  test('nothing holds it once the program is cancelled', () => {
    const master = running();
    master.tell(leave());

    expect(master.tell({ type: 'cancel' })).toContainEqual(left());
  });
});
