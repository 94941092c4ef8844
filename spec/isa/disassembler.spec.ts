import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, build, imm, off, via } from '../../sim/programs/build.ts';
import { assemble } from '../../src/isa/assembler.ts';
import { encode } from '../../src/isa/codec.ts';
import { disassemble } from '../../src/isa/disassembler.ts';
import { instructionText, isExtended, isWritable } from '../../src/isa/instruction-text.ts';
import { layoutOf, DEFAULT_REGION_BOUNDARY as RB } from '../../src/isa/layout.ts';
import type { Profile, Program } from '../../src/isa/program.ts';
import { anyProgram } from '../support/any-program.ts';
import { anyInstruction } from '../support/instructions.ts';
import { runs } from '../support/runs.ts';

const layout = layoutOf(RB);

function assembled(source: string, profile: Profile): Program {
  const result = assemble(source, { file: 'disassembled', profile });
  if (!result.ok) throw new Error(result.diagnostics.map((d) => `${d.message}: ${d.source}`).join('\n'));
  return result.program;
}

/** Files and lines say where a program was written, which its disassembly changes. */
const withoutLines = (program: Program) => ({ ...program, files: [], lines: [] });

describe('disassemble', () => {
  test('assemble(disassemble(p)) is p, whatever its bytes are', () => {
    fc.assert(
      fc.property(anyProgram, (program) => {
        const again = assembled(disassemble(program), program.profile);
        expect(withoutLines(again)).toEqual(withoutLines(program));
      }),
      runs(500),
    );
  });

  test('every instruction that source can say is said and assembles to the same bytes', () => {
    let writable = 0;
    let total = 0;
    fc.assert(
      fc.property(anyInstruction, fc.constantFrom<Profile>('base', 'extended'), (instruction, profile) => {
        total += 1;
        if (!isWritable(instruction, layout, profile)) return;
        writable += 1;
        const text = instructionText(instruction, layout, () => undefined);
        const { sections } = assembled(`.entry ${RB}\n${text}`, profile);
        expect(sections).toEqual([{ address: RB, bytes: encode(instruction) }]);
      }),
      runs(2_000),
    );
    expect(writable).toBeGreaterThan(total / 2);
  });

  test('shows labels, registers, text and tables, each with its address', () => {
    const source = `
      .entry start
      .heap 0x600000000, 64
      .equ answer, 0x600000000
      start:  mov $message, r1
              mov:z (r1):b, ctx.stdout:q
              br:l r2:fd, $-1.5, start
              mov r63, answer
              exit
      message: .asciz "a \\"b\\"\\n"
      table:  .align 8
              .quad 1, -1
      gap:    .space 40
              .byte 1, 200
    `;
    const text = disassemble(assembled(source, 'extended'));

    expect(text.replace(/ +#/g, ' #')).toMatchInlineSnapshot(`
      ".rb 0x400000000
      .entry start
      .stack 0x3e0000000000, 0x10000
      .heap 0x600000000, 64
      .equ answer, 0x600000000

      .org 0x400000000
      start:
              mov $message:q, r1:q # 0x400000000
              mov:z (r1):b, ctx.stdout:q # 0x400000013
              br:l r2:fd, $-1.5:fd, start # 0x400000024
              mov r63:q, answer:q # 0x40000003e
              exit:c # 0x40000004f
      message:
              .asciz "a \\"b\\"\\n" # 0x400000052
      table:
              .space 7 # 0x400000059
              .quad 1, 0xffffffffffffffff # 0x400000060
      gap:
              .space 40 # 0x400000070
              .byte 1, 200 # 0x400000098
      "
    `);
  });

  test('code that no line table describes is found behind labels and the entry', () => {
    const program = assembled('.entry start\n.byte 0\nstart: mov $1, r1\nother: exit', 'base');
    const text = disassemble({ ...program, files: [], lines: [] });
    expect(text).toContain('mov $1:q, r1:q');
    expect(text).toContain('exit:c');
  });

  test('takes time in proportion to the program', () => {
    const body = Array.from({ length: 20_000 }, (_, i) => `l${i}: add r1, $${i}, r1`).join('\n');
    const program = assembled(`.entry l0\n${body}`, 'base');
    expect(disassemble(program).split('\n').length).toBeGreaterThan(40_000);
  });
});

describe('instructionText', () => {
  const names = new Map([[RB + 64, 'loop']]);
  const shown = (...parts: Parameters<typeof build>) =>
    instructionText(build(...parts), layout, (address) => names.get(address));

  test.each([
    ['exit:c', shown('exit:c')],
    ['mov:z $-1:b, 0x100001000:q', shown('mov:z:b:q', imm(-1), at(0x1_0000_1000))],
    ['mov $255:ub, (16):ub', shown('mov:ub', imm(255), via(16))],
    ['mov $-0x8000000000000000:q, 0(16):q', shown('mov', imm(-(2n ** 63n)), off(0, 16))],
    ['mov $loop:q, -8(16):q', shown('mov', imm(RB + 64), off(-8, 16))],
    ['mov $8.4879831955e-314:fd, 16:fd', shown('mov:fd', imm(RB + 64), at(16))],
    ['br:j loop', shown('br:j', at(RB + 64))],
    ['bl (loop), 8', shown('bl', via(RB + 64), at(8))],
    [
      'add $-0.0:fs, $7.555786372591432e+22:fs, 8:fs',
      shown('add:fs', imm(0x8000_0000), imm(0x6580_0000), at(8)),
    ],
  ])('%s', (expected, text) => {
    expect(text).toBe(expected);
  });

  test('what source cannot say is not writable: NaN, an infinity, the inside of a register', () => {
    const writable = (...parts: Parameters<typeof build>) => isWritable(build(...parts), layout, 'extended');
    expect(writable('mov:fd', imm(0x7ff8n << 48n), at(8))).toBe(false);
    expect(writable('mov:fs', imm(0xff80_0000), at(8))).toBe(false);
    expect(writable('mov:q', imm(0x7ff8n << 48n), at(8))).toBe(true);
    expect(writable('mov', at(8), at(RB / 2 + 4))).toBe(false);
    expect(writable('mov', at(8), via(RB / 2 + 4))).toBe(false);
    expect(writable('mov', at(8), off(4, RB / 2 + 4))).toBe(false);
    expect(writable('mov', at(8), at(RB / 2 + 8))).toBe(true);
  });

  test('the base profile has the paper’s twelve instructions on integers', () => {
    expect(isExtended(build('rem', at(8), at(8), at(8)))).toBe(true);
    expect(isExtended(build('exit:cd'))).toBe(true);
    expect(isExtended(build('mov:q:fs', at(8), at(8)))).toBe(true);
    expect(isExtended(build('exit:a'))).toBe(false);
    expect(isExtended(build('mov:uq:w', at(8), at(8)))).toBe(false);
  });
});
