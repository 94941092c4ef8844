import { expect, test } from 'vitest';
import {
  addressOfLabel,
  assemble,
  disassemble,
  load,
  ProgramError,
  ProgramFileError,
  save,
  UsageError,
} from '../src/index.ts';
import { SUM } from './support/small-programs.ts';

test('what is saved is loaded, and what is disassembled is assembled again', () => {
  const program = assemble(SUM);

  expect(load(save(program))).toEqual(program);
  expect(assemble(disassemble(program)).sections).toEqual(program.sections);
});

test('a source that does not assemble is refused with every mistake in it', () => {
  const wrong = () =>
    assemble('        .entry m\nm:      exit:c\n        mvo $1, r0\n        exit:x\n', { file: 'wrong.s' });

  expect(wrong).toThrow(ProgramError);
  expect(wrong).toThrow(/^wrong\.s:3:9: /);
  try {
    wrong();
  } catch (error) {
    expect((error as ProgramError).diagnostics.map(({ line }) => line)).toEqual([3, 4]);
  }
});

test('bytes that are no program are refused with where', () => {
  expect(() => load(Uint8Array.of(1, 2, 3))).toThrow(ProgramFileError);
  expect(() => load(Uint8Array.of(1, 2, 3))).toThrow('byte 0');
});

test('a label that is not there is refused', () => {
  expect(addressOfLabel(assemble(SUM), 'total')).toBe(0x4_0000_1000);
  expect(() => addressOfLabel(assemble(SUM), 'sum')).toThrow(UsageError);
});
