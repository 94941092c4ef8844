import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Progress } from '../../../bin/run/progress.ts';
import type { Machine } from '../../../src/actors/node/machine.ts';
import { RunnerCounts } from '../../../src/actors/node/runner-counts.ts';
import type { RunnerState, TraceEvent } from '../../../src/actors/trace-event.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A machine that only has events, and a terminal that only has a width. */
function staged(columns: number) {
  const listeners = new Map<string, (event: never) => void>();
  const machine = {
    on: (type: string, listener: (event: never) => void) => {
      listeners.set(type, listener);
      return () => listeners.delete(type);
    },
  } as unknown as Machine;
  let written = '';
  const terminal = { columns, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
  const emit = (event: { type: TraceEvent['type'] }) => listeners.get(event.type)?.(event as never);
  const move = (runner: bigint, state: RunnerState) => emit({ type: 'runner', runner, state } as never);
  const taken = () => {
    const text = written;
    written = '';
    return text;
  };
  const counts = new RunnerCounts(machine);
  return { progress: new Progress(() => counts, terminal), counts, emit, move, taken, listeners };
}

test('nothing is shown in the first second', () => {
  const { progress, taken } = staged(200);
  vi.advanceTimersByTime(999);
  progress.stop();

  expect(taken()).toBe('');
});

test('a line tells runners by state, commits and conflicts a second, and goes away at the end', () => {
  const { progress, counts, emit, move, taken, listeners } = staged(200);
  move(1n, 'created');
  move(1n, 'schedulable');
  move(2n, 'watching');
  move(3n, 'running');
  move(3n, 'finished');
  move(4n, 'running');
  emit({ type: 'commit' });
  emit({ type: 'commit' });
  emit({ type: 'conflict' });
  vi.advanceTimersByTime(1000);

  const clear = '\r\x1b[2K';
  const runners = '1 running, 1 schedulable, 1 watching, 1 finished';
  expect(taken()).toBe(`${clear}${runners}; 2 commits/s, 1 conflicts/s`);
  vi.advanceTimersByTime(1000);
  expect(taken()).toBe(`${clear}${runners}; 0 commits/s, 0 conflicts/s`);
  progress.stop();
  expect(taken()).toBe(clear);
  counts.stop();
  expect(listeners.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

test('the line is cut to the terminal: a wrapped one could not be cleared', () => {
  const { progress, taken } = staged(20);
  vi.advanceTimersByTime(1000);
  progress.stop();

  expect(taken()).toBe('\r\x1b[2K0 running, 0 schedu\r\x1b[2K');
});
