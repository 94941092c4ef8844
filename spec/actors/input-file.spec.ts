import { describe, expect, test } from 'vitest';
import { addressOf } from '../../src/actors/address.ts';
import { createInputFile, receiveAsInputFile } from '../../src/actors/input-file.ts';
import type { ToInputFile } from '../../src/actors/protocol.ts';
import { InvariantError } from '../../src/invariant.ts';
import { CONFIG, Hosted } from '../support/actors.ts';

/** From 8 bytes before page 3 to 4 bytes into page 5. */
const FILE = { base: 3 * 64 - 8, length: 8 + 2 * 64 + 4, io: 4 };

const inputFile = () => new Hosted(createInputFile(4, FILE, CONFIG), receiveAsInputFile);
const read = (page: number, home = 0): ToInputFile => ({ type: 'read', from: addressOf('home', home), page });
const bytes = (offset: number, length: number): ToInputFile => ({
  type: 'device-bytes',
  offset,
  bytes: new Uint8Array(length).fill(7),
});

describe('an input file', () => {
  test.each([
    [2, 0, 8],
    [3, 8, 64],
    [4, 72, 64],
    [5, 136, 4],
  ])('reads for page %i the bytes that lie in it: %i, %i', (page, offset, length) => {
    const one = inputFile();

    expect(one.tell(read(page, 1))).toEqual([{ to: 'device:4@0', type: 'device-read', offset, length }]);
    expect(one.tell(bytes(offset, length))).toEqual([
      { to: 'home:1@0', type: 'bytes', io: 4, page, bytes: new Uint8Array(length).fill(7) },
    ]);
  });

  test('answers come in any order, each to its asker, once', () => {
    const one = inputFile();
    one.tell(read(2, 0));
    one.tell(read(3, 1));

    expect(one.tell(bytes(8, 64))).toMatchObject([{ to: 'home:1@0', page: 3 }]);
    expect(one.tell(bytes(8, 64))).toEqual([]);
    expect(one.tell(bytes(0, 8))).toMatchObject([{ to: 'home:0@0', page: 2 }]);
  });

  test('a repeated question is answered once', () => {
    const one = inputFile();
    one.tell(read(3));
    one.tell(read(3));

    expect(one.tell(bytes(8, 64))).toHaveLength(1);
    expect(one.tell(bytes(8, 64))).toEqual([]);
  });

  test('several replicas of a home want the same page: it is read once, and each of them gets it', () => {
    const one = inputFile();
    const other: ToInputFile = { type: 'read', from: addressOf('home', 0, 2), page: 3 };
    expect(one.tell(read(3))).toHaveLength(1);
    expect(one.tell(other)).toEqual([]);

    expect(one.tell(bytes(8, 64)).map(({ to }) => to)).toEqual(['home:0@0', 'home:0@2']);
  });

  test('a home asks only for pages that the file has bytes in', () => {
    expect(() => inputFile().tell(read(6))).toThrow(InvariantError);
  });

  test('the outside’s failure ends the program', () => {
    expect(inputFile().tell({ type: 'device-failed', error: 'gone' })).toEqual([
      { to: 'master:0@0', type: 'io-failed', io: 4, error: 'gone' },
    ]);
  });
});
