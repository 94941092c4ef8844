/** Where the time of attempts goes, at the node that runs them and at the one that decides. */

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { addressOf } from '../../../src/actors/address.ts';
import { NO_COSTS } from '../../../src/actors/node/compartments/costs.ts';
import type { Message } from '../../../src/actors/node/host.ts';
import { Phases } from '../../../src/actors/node/phases.ts';

beforeEach(() => vi.useFakeTimers({ toFake: ['performance', 'setTimeout'] }));
afterEach(() => vi.useRealTimers());

const attempt = { runner: 256n, epoch: 1, number: 1 };
const nothing = { wait: 0, snapshot: 0, translate: 0, execute: 0, fetch: 0, stage: 0, commit: 0 };

const schedulable = { type: 'runner', runner: 256n, state: 'schedulable', end: null } as const;
const start = { type: 'start', attempt, sv: 0, rcomp: 0 } as const;
const ended = { type: 'ended', attempt, why: 'abort', fault: null } as const;
const attempted = { type: 'attempt', attempt } as never;
const ends = { type: 'ends', ends: [{ attempt }] } as unknown as Message;
const stage = { type: 'stage', attempt } as unknown as Message;
const revoke = { type: 'revoke', attempt } as unknown as Message;
const begin = { type: 'start', attempt } as unknown as Message;

const [master, agent, rcomp] = [addressOf('master'), addressOf('agent', 1), addressOf('rcomp', 1)];
const pass = (milliseconds: number) => vi.advanceTimersByTime(milliseconds);

test('at the node that runs it, an attempt is measured until its end is on its way to the master', () => {
  const phases = new Phases();
  phases.note(start);
  pass(1);
  phases.heard(rcomp, begin);
  pass(2);
  phases.sent(addressOf('home', 1, 2), stage);
  pass(3);
  phases.note(attempted);
  pass(4);
  phases.sent(master, ends);
  pass(100);

  expect(phases.times(NO_COSTS)).toEqual({ ...nothing, snapshot: 1, execute: 2, stage: 3, commit: 4 });
});

test('at the node that decides, it is measured before it starts elsewhere, and once its end has come', () => {
  const phases = new Phases();
  phases.note(schedulable);
  pass(5);
  phases.started(256n);
  pass(100);
  phases.heard(master, ends);
  pass(6);
  phases.note(ended);
  pass(100);

  expect(phases.times(NO_COSTS)).toEqual({ ...nothing, wait: 5, commit: 6 });
});

test('where both are the same node, its end is no second beginning', () => {
  const phases = new Phases();
  phases.note(schedulable);
  pass(1);
  phases.note(start);
  pass(2);
  phases.note(attempted);
  pass(3);
  phases.heard(master, ends);
  pass(4);
  phases.note(ended);

  expect(phases.times(NO_COSTS)).toEqual({ ...nothing, wait: 1, snapshot: 2, commit: 7 });
});

test('an attempt that the master takes away is measured no longer', () => {
  const phases = new Phases();
  phases.note(start);
  pass(1);
  phases.heard(agent, revoke);
  pass(100);
  phases.note(attempted);
  pass(100);

  expect(phases.times(NO_COSTS)).toEqual({ ...nothing, snapshot: 1 });
});
