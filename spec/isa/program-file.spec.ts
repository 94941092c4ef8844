import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from '../../src/isa/crc32.ts';
import type { Program } from '../../src/isa/program.ts';
import { readProgram, writeProgram } from '../../src/isa/program-file.ts';
import { PROGRAM_FILE_ERROR_CODES } from '../../src/isa/program-file-error.ts';
import { anyProgram } from '../support/any-program.ts';
import { runs } from '../support/runs.ts';

/** How many damaged files: `DVM_FUZZ_RUNS=200000` for the long form. */
const FUZZ =
  process.env.DVM_FUZZ_RUNS === undefined ? runs(3_000) : { numRuns: Number(process.env.DVM_FUZZ_RUNS) };

const RB = 0x4_0000_0000;
const PROGRAM: Program = {
  profile: 'extended',
  regionBoundary: RB,
  entry: RB,
  stack: { base: 0x3e00_0000_0000, length: 0x1_0000 },
  heap: [{ base: 0x6_0000_0000, length: 0x1000 }],
  sections: [
    { address: RB, bytes: Uint8Array.of(0x0e, 0, 0x33) },
    { address: RB + 0x1000, bytes: Uint8Array.of(1, 2, 3, 4) },
  ],
  symbols: [{ name: 'start', address: RB }],
  files: ['a.disa'],
  lines: [{ address: RB, file: 0, line: 7 }],
};

const LENGTH_AT = 48;
const CHECKSUM_AT = 52;
const SECTIONS_AT = 56;

/** Length and checksum as a writer would have set them, so that a reader looks further. */
function sealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < SECTIONS_AT) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setUint32(LENGTH_AT, bytes.length, true);
  view.setUint32(CHECKSUM_AT, 0, true);
  view.setUint32(CHECKSUM_AT, crc32(bytes), true);
  return bytes;
}

/** The example's file after `change`, sealed again. */
function changed(change: (view: DataView, bytes: Uint8Array) => void, program = PROGRAM): Uint8Array {
  const bytes = writeProgram(program);
  change(new DataView(bytes.buffer), bytes);
  return sealed(bytes);
}

/** A file with one more section behind the others. */
function extended(kind: number, content: readonly number[], program = PROGRAM): Uint8Array {
  const before = writeProgram(program);
  const bytes = new Uint8Array(before.length + 8 + content.length);
  bytes.set(before);
  new DataView(bytes.buffer).setUint16(before.length, kind, true);
  new DataView(bytes.buffer).setUint32(before.length + 4, content.length, true);
  bytes.set(content, before.length + 8);
  return sealed(bytes);
}

function codeOf(bytes: Uint8Array): string {
  const result = readProgram(bytes);
  return result.ok ? 'ok' : result.error.code;
}

describe('the .dvm file', () => {
  test('read(write(p)) is p', () => {
    fc.assert(
      fc.property(anyProgram, (program) => {
        expect(readProgram(writeProgram(program))).toEqual({ ok: true, program });
      }),
      runs(300),
    );
  });

  test('starts with magic, version, profile, region boundary, entry and stack', () => {
    const bytes = writeProgram(PROGRAM);
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 8)]).toEqual([0x7f, 0x44, 0x56, 0x4d, 1, 0, 1, 0]);
    expect([16, 24, 32, 40].map((at) => Number(view.getBigUint64(at, true)))).toEqual([
      RB,
      RB,
      0x3e00_0000_0000,
      0x1_0000,
    ]);
    expect(view.getUint32(LENGTH_AT, true)).toBe(bytes.length);
  });

  test('sections of kinds kept for what can be made anew are skipped', () => {
    expect(readProgram(extended(0x8001, [1, 2, 3]))).toEqual({ ok: true, program: PROGRAM });
  });

  test('does not share memory with the bytes that it was read from', () => {
    const bytes = writeProgram(PROGRAM);
    const result = readProgram(bytes);
    bytes.fill(0);
    expect(result).toEqual({ ok: true, program: PROGRAM });
  });
});

const bare: Program = { ...PROGRAM, heap: [], symbols: [], files: [], lines: [] };
const u32 = (value: number) => [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
const u64 = (value: number) => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
const text = (value: string) => [...u32(value.length), ...[...value].map((c) => c.charCodeAt(0))];

const REFUSED: readonly (readonly [code: string, what: string, bytes: Uint8Array])[] = [
  ['not-a-program', 'no bytes', new Uint8Array(0)],
  ['not-a-program', 'source text', new TextEncoder().encode('.entry start\n')],
  ['unknown-version', 'a later version', changed((v) => v.setUint16(4, 2, true))],
  ['truncated', 'a head cut short', writeProgram(PROGRAM).subarray(0, 40)],
  ['truncated', 'a file cut short', writeProgram(PROGRAM).subarray(0, 100)],
  ['truncated', 'a section cut short', changed((v) => v.setUint32(SECTIONS_AT + 4, 2 ** 31, true))],
  ['truncated', 'more symbols than bytes', extended(3, u32(2 ** 32 - 1), bare)],
  ['truncated', 'a name longer than its section', extended(4, [...u32(1), ...u32(99)], bare)],
  ['left-over-bytes', 'bytes behind the end', Uint8Array.of(...writeProgram(PROGRAM), 0)],
  ['left-over-bytes', 'bytes behind a table', extended(4, [...u32(0), 1], bare)],
  ['bad-checksum', 'a flipped bit', writeProgram(PROGRAM).map((byte, i) => (i === 20 ? byte ^ 1 : byte))],
  ['reserved-field', 'a reserved byte', changed((v) => v.setUint8(7, 1))],
  ['reserved-field', 'a reserved word', changed((v) => v.setUint8(8, 1))],
  ['reserved-field', 'a reserved half in a section', changed((v) => v.setUint16(SECTIONS_AT + 2, 1, true))],
  ['number-too-large', 'an entry beyond 2^46', changed((v) => v.setBigUint64(24, 2n ** 63n, true))],
  ['bad-profile', 'an unknown profile', changed((v) => v.setUint8(6, 2))],
  ['bad-region-boundary', 'a boundary of 3', changed((v) => v.setBigUint64(16, 3n, true))],
  ['bad-entry', 'an entry behind the last section', changed((v) => v.setBigUint64(24, BigInt(RB + 3), true))],
  ['outside-shared-region', 'a section below RB', changed((v) => v.setBigUint64(SECTIONS_AT + 8, 0n, true))],
  ['outside-shared-region', 'a section that reaches 2^46', extended(1, [...u64(2 ** 46 - 1), 1, 2], bare)],
  ['outside-shared-region', 'a stack below RB', changed((v) => v.setBigUint64(32, 0x1000n, true))],
  ['outside-shared-region', 'a stack that reaches 2^46', changed((v) => v.setBigUint64(40, 2n ** 46n, true))],
  [
    'outside-shared-region',
    'a heap range below RB',
    extended(2, [...u32(1), ...u64(RB - 1), ...u64(8)], bare),
  ],
  [
    'stack-overlaps-heap',
    'a heap range over the end of the stack',
    extended(2, [...u32(1), ...u64(0x3e00_0000_ffff), ...u64(1)], bare),
  ],
  ['unknown-section', 'an unknown kind', extended(6, [])],
  ['section-order', 'a table twice', extended(5, u32(0))],
  ['section-order', 'bytes behind a table', extended(1, [...u64(RB + 0x2000), 1])],
  ['section-order', 'overlapping bytes', extended(1, [...u64(RB + 0x1003), 1], bare)],
  ['empty-section', 'a section without bytes', extended(1, u64(RB + 0x2000), bare)],
  ['bad-text', 'a name that is not UTF-8', extended(4, [...u32(1), ...u32(1), 0xff], bare)],
  ['bad-name', 'a symbol with a blank', extended(3, [...u32(1), ...u64(RB), ...text('a b')], bare)],
  ['bad-name', 'a symbol r7', extended(3, [...u32(1), ...u64(RB), ...text('r7')], bare)],
  [
    'symbol-order',
    'symbols that do not rise',
    extended(3, [...u32(2), ...u64(RB), ...text('a'), ...u64(RB), ...text('a')], bare),
  ],
  ['bad-line', 'a line of no file', extended(5, [...u32(1), ...u64(RB), ...u32(0), ...u32(1)], bare)],
  [
    'bad-line',
    'line 0',
    extended(5, [...u32(1), ...u64(RB), ...u32(0), ...u32(0)], { ...bare, files: ['a'] }),
  ],
  [
    'bad-line',
    'lines that do not rise',
    extended(5, [...u32(2), ...u64(RB + 1), ...u32(0), ...u32(1), ...u64(RB), ...u32(0), ...u32(1)], {
      ...bare,
      files: ['a'],
    }),
  ],
];

describe('a loader verifies the whole file before anything runs', () => {
  test.each(REFUSED)('%s: %s', (code, _what, bytes) => {
    expect(codeOf(bytes)).toBe(code);
  });

  test('the table above has every error', () => {
    expect(new Set(REFUSED.map(([code]) => code))).toEqual(new Set(PROGRAM_FILE_ERROR_CODES));
  });

  test('an error names the offset of the field that is wrong', () => {
    expect(readProgram(changed((v) => v.setUint8(6, 2)))).toMatchObject({ ok: false, error: { offset: 6 } });
    expect(readProgram(extended(3, u32(99), bare))).toMatchObject({
      error: { offset: writeProgram(bare).length + 8 },
    });
    expect(readProgram(extended(6, []))).toMatchObject({ error: { offset: writeProgram(PROGRAM).length } });
  });
});

describe('any bytes give a program or a typed error, never an exception', () => {
  test('arbitrary bytes, with and without a head', () => {
    const head = writeProgram(PROGRAM).subarray(0, SECTIONS_AT);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, headed) => {
        const file = headed ? sealed(Uint8Array.of(...head, ...bytes)) : bytes;
        expect(typeof readProgram(file).ok).toBe('boolean');
      }),
      FUZZ,
    );
  });

  test('damaged files; what is read all the same is a program that can be written and read', () => {
    const outcomes = new Set<string>();
    const changes = fc.array(fc.tuple(somewhere, edge), {
      minLength: 1,
      maxLength: 3,
    });
    const cut = fc.option(somewhere, { nil: null });
    fc.assert(
      fc.property(anyProgram, changes, cut, (program, replacements, keep) => {
        let bytes = writeProgram(program);
        for (const [place, value] of replacements) bytes[place % bytes.length] = value;
        if (keep !== null && keep % 4 === 0) bytes = bytes.slice(0, keep % bytes.length);
        const result = readProgram(sealed(bytes));
        outcomes.add(result.ok ? 'ok' : result.error.code);
        if (result.ok)
          expect(readProgram(writeProgram(result.program))).toEqual({ ok: true, program: result.program });
      }),
      FUZZ,
    );
    expect(outcomes.size).toBeGreaterThan(10);
  });
});

/** Offsets are taken modulo the file's length. */
const somewhere = fc.noBias(fc.nat(2 ** 31 - 1));
const edge = fc.oneof(fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xff), fc.nat(255));
