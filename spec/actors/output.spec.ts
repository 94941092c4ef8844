import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createOutput, receiveAsOutput } from '../../src/actors/output.ts';
import type { ToOutput } from '../../src/actors/protocol.ts';
import { InvariantError } from '../../src/invariant.ts';
import { Hosted } from '../support/actors.ts';
import { anyRepeats, expectSame } from '../support/repeats.ts';
import { runs } from '../support/runs.ts';

const channel = () => new Hosted(createOutput(1, 0), receiveAsOutput);
const file = () => new Hosted(createOutput(4, 0x1000), receiveAsOutput);

const output = (offset: number, ...bytes: number[]): ToOutput => ({
  type: 'output',
  version: 1,
  offset,
  bytes: Uint8Array.from(bytes),
});

const write = (home: number, sequence: number, address = 0x1000 + sequence): ToOutput => ({
  type: 'write',
  home,
  sequence,
  address,
  bytes: Uint8Array.of(sequence),
});

const FLUSH = { to: 'device:4@0', type: 'device-flush' };
const failed = (error: string): ToOutput => ({ type: 'device-failed', error });

describe('an output channel', () => {
  test('brings a commit’s bytes outside once, at their offset, however often they are sent (rule 26)', () => {
    const one = channel();
    const outside = { to: 'device:1@0', type: 'device-write', offset: 0, bytes: Uint8Array.of(7, 8) };

    expect(one.tell(output(0, 7, 8))).toEqual([outside]);
    expect(one.tell(output(0, 7, 8))).toEqual([]);
    expect(one.tell(output(2, 9))).toEqual([{ ...outside, offset: 2, bytes: Uint8Array.of(9) }]);
  });

  test('tells the master whenever its outside becomes full, and when it no longer is', () => {
    const one = channel();
    const told = [true, true, false, true].map((isFull) => one.tell({ type: 'device-full', isFull }));
    const changed = (changes: number) => [{ to: 'master:0@0', type: 'congested', io: 1, changes }];

    expect(told).toEqual([changed(1), [], changed(2), changed(3)]);
  });

  test('a channel has no gaps', () => {
    expect(() => channel().tell(output(1, 7))).toThrow(InvariantError);
  });
});

describe('an output file', () => {
  test('writes in place: addresses become offsets of the file', () => {
    expect(file().tell(write(0, 1, 0x1008))).toEqual([
      { to: 'device:4@0', type: 'device-write', offset: 8, bytes: Uint8Array.of(1) },
    ]);
  });

  test('each home counts its own writes', () => {
    const one = file();
    one.tell(write(0, 1));

    expect(one.tell(write(1, 1))).toHaveLength(1);
    expect(one.tell(write(0, 1))).toEqual([]);
  });

  test('is flushed once all writes by all homes have come', () => {
    const one = file();
    one.tell(write(0, 1));

    expect(one.tell({ type: 'flush', writes: 3 })).toEqual([]);
    expect(one.tell(write(0, 1))).toEqual([]);
    expect(one.tell(write(1, 1))).toHaveLength(1);
    expect(one.tell(write(1, 2))).toContainEqual(FLUSH);
    expect(one.tell({ type: 'device-flushed' })).toEqual([
      { to: 'master:0@0', type: 'flushed', io: 4, error: null },
    ]);
  });

  test('with nothing to wait for is flushed at once', () => {
    expect(file().tell({ type: 'flush', writes: 0 })).toEqual([FLUSH]);
  });
});

test('the outside’s failure is told at once; a flush afterwards is answered with it', () => {
  const one = file();

  expect(one.tell(failed('disk full'))).toEqual([
    { to: 'master:0@0', type: 'io-failed', io: 4, error: 'disk full' },
  ]);
  expect(one.tell({ type: 'flush', writes: 0 })).toEqual([FLUSH]);
  expect(one.tell(failed('disk full'))).toEqual([
    { to: 'master:0@0', type: 'flushed', io: 4, error: 'disk full' },
  ]);
});

test('I29: repeated messages, at once or late, bring nothing outside', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(2), { maxLength: 10 }), anyRepeats, (homes, repeats) => {
      const sequences = [0, 0, 0];
      const writes = homes.map((home) => {
        sequences[home]! += 1;
        return write(home, sequences[home]!);
      });
      const outputs = homes.map((_, i) => output(i, i));

      expectSame(file, writes, repeats);
      expectSame(channel, outputs, repeats);
    }),
    runs(200),
  );
});
