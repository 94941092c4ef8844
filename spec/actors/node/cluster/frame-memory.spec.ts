import { expect, test } from 'vitest';
import { FrameMemory } from '../../../../src/actors/node/cluster/frame-memory.ts';

const SIZE = 300_000;
const LONG = 200_000;

test('memory that was given back last is taken first, whatever the length', () => {
  const memory = new FrameMemory(SIZE, 8);
  const frames = [memory.take(LONG), memory.take(SIZE), memory.take(250_000)];
  for (const frame of frames) memory.release(frame);
  const again = [memory.take(SIZE), memory.take(LONG), memory.take(LONG + 1), memory.take(LONG)];

  expect(again.map(({ length }) => length)).toEqual([SIZE, LONG, LONG + 1, LONG]);
  for (const [i, { buffer }] of again.slice(0, 3).entries())
    expect(buffer === frames[2 - i]!.buffer).toBe(true);
  expect(frames.some(({ buffer }) => buffer === again[3]!.buffer)).toBe(false);
});

test('a short frame holds little more memory than it is long', () => {
  const memory = new FrameMemory(SIZE, 8);
  memory.release(memory.take(SIZE));

  for (const length of [1, 5_000, LONG - 1]) {
    const { byteLength } = memory.take(length).buffer;
    expect(byteLength).toBeLessThanOrEqual(Math.max(length, 2 ** 16));
  }
});

test('no more memory is kept than was asked for', () => {
  const memory = new FrameMemory(SIZE, 2);
  const frames = [memory.take(SIZE), memory.take(SIZE), memory.take(SIZE)];
  for (const frame of frames) memory.release(frame);
  const kept = new Set(frames.map(({ buffer }) => buffer));
  const again = [memory.take(SIZE), memory.take(SIZE), memory.take(SIZE)];

  expect(again.filter(({ buffer }) => kept.has(buffer)).length).toBe(2);
});

test('memory that is given back twice is lent once', () => {
  const memory = new FrameMemory(SIZE, 8);
  const frame = memory.take(SIZE);
  memory.release(frame);
  memory.release(frame);

  const [first, second] = [memory.take(SIZE), memory.take(SIZE)];
  expect(first.buffer === second.buffer).toBe(false);
});

test('memory of others is not taken', () => {
  const memory = new FrameMemory(SIZE, 2);
  const other = new Uint8Array(SIZE);
  memory.release(other);

  expect(memory.take(SIZE).buffer === other.buffer).toBe(false);
});
