import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { heedSignals } from '../../../bin/run/signals.ts';

const calls: string[] = [];
let release = (): void => {};

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  calls.length = 0;
  release = heedSignals({
    onInterrupt: () => calls.push('cancel'),
    onTerminate: () => calls.push('ask'),
  });
});
afterEach(() => {
  release();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('SIGTERM asks, and cancels a program that has not ended ten seconds later', () => {
  process.emit('SIGTERM');
  vi.advanceTimersByTime(9_999);
  expect(calls).toEqual(['ask']);

  vi.advanceTimersByTime(1);
  expect(calls).toEqual(['ask', 'cancel']);
});

test('a second SIGTERM cancels at once', () => {
  process.emit('SIGTERM');
  process.emit('SIGTERM');

  expect(calls).toEqual(['ask', 'cancel']);
});

test('SIGINT cancels, and is listened to once only: the next one kills', () => {
  const before = process.listenerCount('SIGINT');
  process.emit('SIGINT');

  expect(calls).toEqual(['cancel']);
  expect(process.listenerCount('SIGINT')).toBe(before - 1);
});

test('after the run no listener and no timer is left', () => {
  const before = process.listenerCount('SIGTERM');
  process.emit('SIGTERM');
  release();

  expect(vi.getTimerCount()).toBe(0);
  expect(process.listenerCount('SIGTERM')).toBe(before - 1);
});
