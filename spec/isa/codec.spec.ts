import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cachedDecode } from '../../src/isa/code-cache.ts';
import { decode, encode, encodedLength, MAX_INSTRUCTION_BYTES } from '../../src/isa/codec.ts';
import { INSTRUCTIONS, type Instruction } from '../../src/isa/instructions.ts';
import { anyInstruction, instructionOf } from '../support/instructions.ts';
import { runs } from '../support/runs.ts';

const MOV: Instruction = {
  code: 0x01,
  mnemonic: 'mov',
  option: 'z',
  type: 'w',
  to: 'uq',
  operands: [
    { mode: 'immediate', bits: 0xfffen },
    { mode: 'displacement', pointer: 0x1_0000_1000, displacement: -8 },
  ],
};
const MOV_BYTES = [1, 1, 0x71, 0, 0xfe, 0xff, 3, 0xf8, 0xff, 0xff, 0xff, 0x00, 0x10, 0x00, 0x00, 0x01, 0x00];

describe('the encoding', () => {
  test('is head, then a mode byte and little-endian payload for each operand', () => {
    expect([...encode(MOV)]).toEqual(MOV_BYTES);
  });

  test.each(INSTRUCTIONS.map((row) => [row.mnemonic, row.slots.join(' '), row] as const))(
    'decode(encode(i)) is i: %s %s',
    (_mnemonic, _slots, row) => {
      fc.assert(
        fc.property(instructionOf(row), fc.nat(20), (instruction, offset) => {
          const bytes = encode(instruction);
          const padded = new Uint8Array(offset + bytes.length + 3).fill(0xee);
          padded.set(bytes, offset);

          expect(decode(padded, offset)).toEqual({ instruction, length: bytes.length });
          expect(encodedLength(instruction)).toBe(bytes.length);
          expect(bytes.length).toBeLessThanOrEqual(MAX_INSTRUCTION_BYTES);
        }),
        runs(100),
      );
    },
  );

  test('encode(decode(b)) is b: no instruction has two encodings', () => {
    let decodable = 0;
    fc.assert(
      fc.property(mutated, (bytes) => {
        const decoded = decode(bytes, 0);
        if (decoded === null) return;
        decodable += 1;
        expect(encode(decoded.instruction)).toEqual(bytes.subarray(0, decoded.length));
      }),
      runs(2_000),
    );
    expect(decodable).toBeGreaterThan(100);
  });

  test('no instruction is longer than newr with four displacement operands', () => {
    const operand = { mode: 'displacement', pointer: 0, displacement: 0 } as const;
    const operands = [operand, operand, operand, operand] as const;

    expect(encodedLength({ code: 0x0d, mnemonic: 'newr', option: '', type: 'q', to: 'q', operands })).toBe(
      MAX_INSTRUCTION_BYTES,
    );
  });

  test('decoding any bytes at any offset never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(70), (bytes, offset) => {
        decode(bytes, offset);
      }),
      runs(2_000),
    );
  });

  test('an instruction cut short is no instruction', () => {
    fc.assert(
      fc.property(anyInstruction, (instruction) => {
        const bytes = encode(instruction);
        for (let length = 0; length < bytes.length; length += 1)
          expect(decode(bytes.subarray(0, length), 0)).toBeNull();
      }),
      runs(200),
    );
  });
});

describe('no instruction', () => {
  test.each([
    ['zeroed memory', [0, 0, 0, 0]],
    ['an unknown code', [0xff, 0, 0x33]],
    ['an unknown option', [0x0e, 4, 0x33]],
    ['an unknown type', [0x0e, 0, 0xaa]],
    ['a type where there is none', [0x0e, 0, 0x77]],
    ['two types where only mov may have two', [0x02, 0, 0x30, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0]],
    [
      'a float type on a bitwise instruction',
      [0x06, 0, 0x88, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
    ],
    ['mov:z from a float type', [0x01, 1, 0x39, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]],
    ['mov:z to a float type', [0x01, 1, 0x93, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]],
    ['an immediate destination', [0x01, 0, 0x00, 0, 1, 0, 1]],
    ['an immediate branch target', [0x0b, 0, 0x33, 0, 1, 0, 0, 0, 0, 0, 0, 0]],
    ['an unknown mode', [0x0b, 0, 0x33, 4, 1, 0, 0, 0, 0, 0]],
    ['an address of 2^46', [0x0b, 0, 0x33, 1, 0, 0, 0, 0, 0, 0x40]],
    ['a pointer at 2^46', [0x0b, 0, 0x33, 2, 0, 0, 0, 0, 0, 0x40]],
    ['a displaced pointer at 2^46', [0x0b, 0, 0x33, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40]],
  ])('is %s', (_what, bytes) => {
    expect(decode(Uint8Array.from(bytes), 0)).toBeNull();
  });
});

describe('the code cache', () => {
  test('answers as decode does, with the same object each time', () => {
    const page = Uint8Array.from([...MOV_BYTES, ...MOV_BYTES.slice(0, 5)]);

    for (let offset = 0; offset <= page.length; offset += 1) {
      expect(cachedDecode(page, offset)).toEqual(decode(page, offset));
      expect(cachedDecode(page, offset)).toBe(cachedDecode(page, offset));
    }
  });
});

/** Encodings of drawn instructions with up to two bytes replaced. */
const mutated = fc
  .tuple(anyInstruction, fc.array(fc.tuple(fc.nat(46), fc.nat(255)), { maxLength: 2 }))
  .map(([instruction, changes]) => {
    const bytes = encode(instruction);
    for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
    return bytes;
  });
