import { describe, expect, test } from 'vitest';
import { type AssembleOptions, assemble } from '../../src/isa/assembler.ts';
import { decode } from '../../src/isa/codec.ts';
import { renderDiagnostic } from '../../src/isa/diagnostics.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import type { Program } from '../../src/isa/program.ts';

describe("the paper's listings assemble as printed", () => {
  test('section 2.2: sum_runner', () => {
    const program = assembled(`
.entry sum_runner
sum_runner:

add (0x100001000):q, 8(0x100001000),\t(0x100001008)
\t# :q indicates 64-b data
mov:z $1:q, 8(0x100001008):q\t# set exit code
exit:c\t# exit and commit
`);

    expect(instructions(program)).toEqual([
      {
        code: 0x02,
        mnemonic: 'add',
        option: '',
        type: 'q',
        to: 'q',
        operands: [
          { mode: 'indirect', pointer: 0x1_0000_1000 },
          { mode: 'displacement', pointer: 0x1_0000_1000, displacement: 8 },
          { mode: 'indirect', pointer: 0x1_0000_1008 },
        ],
      },
      {
        code: 0x01,
        mnemonic: 'mov',
        option: 'z',
        type: 'q',
        to: 'q',
        operands: [
          { mode: 'immediate', bits: 1n },
          { mode: 'displacement', pointer: 0x1_0000_1008, displacement: 8 },
        ],
      },
      { code: 0x0e, mnemonic: 'exit', option: 'c', type: 'q', to: 'q', operands: [] },
    ]);
  });

  test('section 3.1: the subleq emulator, with labels for its special variables', () => {
    const program = assembled(`
.entry loop
loop:\tmov:z (pc):q, addr1:q
\tmov:z 8(pc):q, addr2:q
\tsub (addr2):q, (addr1), (addr2)
\tbr:l $0:q, (addr2), next
\tmov:z 16(pc):q, addr3:q
\tmov (addr3):q, pc
\tbr:j loop
next:\tadd pc:q, $24, pc
\tbr:j loop
.org 0x100001000
pc:
.org 0x100001008
addr1:
.org 0x100001010
addr2:
.org 0x100001018
addr3:
`);
    const loop = 0x4_0000_0000;
    const next = program.symbols.find((symbol) => symbol.name === 'next')!.address;

    expect(instructions(program).map(({ mnemonic, operands }) => [mnemonic, ...operands])).toEqual([
      ['mov', { mode: 'indirect', pointer: 0x1_0000_1000 }, { mode: 'direct', address: 0x1_0000_1008 }],
      [
        'mov',
        { mode: 'displacement', pointer: 0x1_0000_1000, displacement: 8 },
        { mode: 'direct', address: 0x1_0000_1010 },
      ],
      [
        'sub',
        { mode: 'indirect', pointer: 0x1_0000_1010 },
        { mode: 'indirect', pointer: 0x1_0000_1008 },
        { mode: 'indirect', pointer: 0x1_0000_1010 },
      ],
      [
        'br',
        { mode: 'immediate', bits: 0n },
        { mode: 'indirect', pointer: 0x1_0000_1010 },
        { mode: 'direct', address: next },
      ],
      [
        'mov',
        { mode: 'displacement', pointer: 0x1_0000_1000, displacement: 16 },
        { mode: 'direct', address: 0x1_0000_1018 },
      ],
      ['mov', { mode: 'indirect', pointer: 0x1_0000_1018 }, { mode: 'direct', address: 0x1_0000_1000 }],
      ['br', { mode: 'direct', address: loop }],
      [
        'add',
        { mode: 'direct', address: 0x1_0000_1000 },
        { mode: 'immediate', bits: 24n },
        { mode: 'direct', address: 0x1_0000_1000 },
      ],
      ['br', { mode: 'direct', address: loop }],
    ]);
  });

  test('section 4.2: main_runner creates runners and watchers', () => {
    const program = assembled(`
.entry main_runner
sum_runner:
exit:c
main_runner:
# create 10,240 sum_runner runners:
# store the addresses of ranges for stacks and heaps
# in 0x100001008 and 0x100001010 (omitted)
mov:z $0:q, 0x100001000:q                # i = 0
j_do:
mov:z 0x100001008:q, (0x1f0000100):q     # set stack base
mov:z $0x1000:q, 8(0x1f0000100):q        # set stack size
mov:z $1:q, (0x1f0000108):q              # set heap range count
mov:z 0x100001010:q, 8(0x1f0000108):q    # heap range
mov:z $0x1000:q, 16(0x1f0000108):q       # heap range's length
mov:z $0:q, (0x1f0000110):q              # watched range count
mov:z $sum_runner:q, (0x1f0000118):q     # set code
# create the new runner:
newr 0x1f0000100, 0x1f0000108, 0x1f0000110, 0x1f0000118
# initialize the stack (omitted here)
add $0x1000:uq, 0x100001008, 0x100001008 # update stack base
add $0x1000:uq, 0x100001010, 0x100001010 # update heap range
add $1:uq, 0x100001000, 0x100001000      # i++
br:l 0x100001000:uq, $10240, j_do        # while i < 10240
exit:c                                   # exit and commit
`);

    const list = instructions(program);
    expect(list).toHaveLength(15);
    expect(list[9]).toMatchObject({
      mnemonic: 'newr',
      operands: [0x1_f000_0100, 0x1_f000_0108, 0x1_f000_0110, 0x1_f000_0118].map((address) => ({
        mode: 'direct',
        address,
      })),
    });
    expect(list[13]).toMatchObject({ mnemonic: 'br', option: 'l', type: 'uq' });
  });
});

/** The program of a source that must assemble. */
function assembled(source: string, options: Partial<AssembleOptions> = {}): Program {
  const result = assemble(source, { file: 'main.disa', ...options });
  if (!result.ok) throw new Error(result.diagnostics.map((d) => renderDiagnostic(d)).join('\n'));
  return result.program;
}

/** The instructions of a program's first section, which holds nothing else. */
function instructions({ sections }: Program): Instruction[] {
  const { bytes } = sections[0]!;
  const list: Instruction[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const decoded = decode(bytes, offset)!;
    list.push(decoded.instruction);
    offset += decoded.length;
  }
  return list;
}
