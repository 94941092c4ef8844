import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AssembleOptions, assemble } from '../../src/isa/assembler.ts';
import { decode } from '../../src/isa/codec.ts';
import { renderDiagnostic } from '../../src/isa/diagnostics.ts';
import type { Instruction } from '../../src/isa/instructions.ts';
import { type Program, sourceOf } from '../../src/isa/program.ts';

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

describe('types', () => {
  test.each([
    ['add r0, r1, r2', 'q', 'q'],
    ['add r0:d, r1, r2', 'd', 'd'],
    ['add r0, r1, r2:ub', 'ub', 'ub'],
    ['add r0:w, r1:w, r2:w', 'w', 'w'],
    ['br:l r0, $5:uw, main', 'uw', 'uw'],
    ['mov r0, r1', 'q', 'q'],
    ['mov r0:b, r1', 'b', 'b'],
    ['mov r0, r1:b', 'b', 'b'],
    ['mov r0:b, r1:uq', 'b', 'uq'],
    ['mov r0:fs, r1:fd', 'fs', 'fd'],
    ['bl main, r0:uq', 'q', 'q'],
    ['newr r0, r1:q, r2:uq, r3', 'q', 'q'],
  ] as const)(
    'an operand without a type takes the one written on the others, else q: %s',
    (line, type, to) => {
      expect(first(line)).toMatchObject({ type, to });
    },
  );

  test.each([
    ['$-1:b', 0xffn],
    ['$255:b', 0xffn],
    ['$-128:ub', 0x80n],
    ['$-0x8000:w', 0x8000n],
    ['$0xffffffff:d', 0xffffffffn],
    ['$-1', 0xffff_ffff_ffff_ffffn],
    ['$0xffffffffffffffff', 0xffff_ffff_ffff_ffffn],
    ['$-0x8000000000000000', 0x8000_0000_0000_0000n],
    ["$'A':ub", 0x41n],
    ['$0b101', 5n],
    ['$main', 0x4_0000_0000n],
    ['$main+8', 0x4_0000_0008n],
    ['$1.5:fd', 0x3ff8_0000_0000_0000n],
    ['$-1.5:fs', 0xbfc0_0000n],
    ['$1:fd', 0x3ff0_0000_0000_0000n],
    ['$-2:fs', 0xc000_0000n],
  ])('immediate %s', (operand, bits) => {
    expect(first(`mov ${operand}, r0`).operands[0]).toEqual({ mode: 'immediate', bits });
  });
});

describe('operands', () => {
  test.each([
    ['0x100001000', { mode: 'direct', address: 0x1_0000_1000 }],
    ['main', { mode: 'direct', address: 0x4_0000_0000 }],
    ['r63', { mode: 'direct', address: 0x2_0000_01f8 }],
    ['ctx.stdout', { mode: 'direct', address: 0x1_0000_0208 }],
    ['ctx.heap_list', { mode: 'direct', address: 0x1_0000_0118 }],
    ['(main)', { mode: 'indirect', pointer: 0x4_0000_0000 }],
    ['((main))', { mode: 'indirect', pointer: 0x4_0000_0000 }],
    ['(r5)', { mode: 'indirect', pointer: 0x2_0000_0028 }],
    ['8(r5)', { mode: 'displacement', pointer: 0x2_0000_0028, displacement: 8 }],
    ['-8(main+8)', { mode: 'displacement', pointer: 0x4_0000_0008, displacement: -8 }],
    ['2*(3)(r5)', { mode: 'displacement', pointer: 0x2_0000_0028, displacement: 6 }],
    ['-0x80000000(r0)', { mode: 'displacement', pointer: 0x2_0000_0000, displacement: -0x8000_0000 }],
    ['(main)+4', { mode: 'direct', address: 0x4_0000_0004 }],
    ['main+5', { mode: 'direct', address: 0x4_0000_0005 }],
  ])('%s', (text, operand) => {
    expect(first(`mov $0, ${text}`).operands[1]).toEqual(operand);
  });

  test('register and context words lie where the region boundary puts them', () => {
    const program = assembled('.rb 0x40000000\nmain: mov ctx.id, r1\n.entry main');

    expect(program.regionBoundary).toBe(0x4000_0000);
    expect(program.entry).toBe(0x4000_0000);
    expect(instructions(program)[0]!.operands).toEqual([
      { mode: 'direct', address: 0x1000_0120 },
      { mode: 'direct', address: 0x2000_0008 },
    ]);
  });
});

describe('options', () => {
  test.each([
    ['exit', 'c'],
    ['exit:c', 'c'],
    ['exit:a', 'a'],
    ['exit:ad', 'ad'],
    ['br:nz r0, main', 'nz'],
    ['br:j main', 'j'],
    ['mov:z r0:b, r1:q', 'z'],
  ])('%s', (line, option) => {
    expect(first(line).option).toBe(option);
  });
});

describe('labels', () => {
  test('may stand alone, before an instruction, several on a line, and be used before they are defined', () => {
    const program = assembled('.entry a\na: b: br:j d\nc:\nd: exit');

    expect(program.symbols).toEqual([
      { name: 'a', address: 0x4_0000_0000 },
      { name: 'b', address: 0x4_0000_0000 },
      { name: 'c', address: 0x4_0000_000a },
      { name: 'd', address: 0x4_0000_000a },
    ]);
    expect(instructions(program)[0]!.operands).toEqual([{ mode: 'direct', address: 0x4_0000_000a }]);
  });

  test('names are case-sensitive and may contain dots and digits', () => {
    expect(assembled('.entry .a\n.a: A: a.1: exit').symbols.map(({ name }) => name)).toEqual([
      '.a',
      'A',
      'a.1',
    ]);
  });

  test('`.equ` names may be used before they are defined, and are symbols where they could be addresses', () => {
    const program = assembled('main: mov $N, x\n.equ x, y+8\n.equ y, 0x600000000\n.equ N, -1\n.entry main');

    expect(program.symbols.map(({ name }) => name)).toEqual(['main', 'x', 'y']);
    expect(instructions(program)[0]!.operands[1]).toEqual({ mode: 'direct', address: 0x6_0000_0008 });
  });
});

describe('data', () => {
  test.each([
    ['.byte 1, -1, 255', '01ffff'],
    ['.half 0x1234, -2', '3412feff'],
    ['.long 0x12345678', '78563412'],
    ['.quad -2', 'feffffffffffffff'],
    ['.quad 0xffffffffffffffff', 'ffffffffffffffff'],
    ['.float 1.5, -1', '0000c03f000080bf'],
    ['.double -0.0, 2', '00000000000000800000000000000040'],
    ['.ascii "a,", "#b:"', '612c23623a'],
    ['.asciz "hi", ""', '68690000'],
    ['.ascii ""', ''],
    ['.space 3', '000000'],
    ['.space 2, 0xab', 'abab'],
    ['.space 0', ''],
    ['.byte 1\n.align 4\n.byte 2\n.align 1\n.byte 3', '010000000203'],
    ['.quad here\nhere:', '0800000004000000'],
  ])('%s', (source, hex) => {
    const { sections } = assembled(`${source}\n.entry m\n.org 0x500000000\nm: exit`);
    const bytes = sections.length === 1 ? new Uint8Array() : sections[0]!.bytes;

    expect(Buffer.from(bytes).toString('hex')).toBe(hex);
  });

  test('`.align` behind `.org` moves the start of the section', () => {
    const { sections } = assembled('.entry m\n.org 0x500000001\n.align 16\nm: exit');

    expect(sections.map(({ address }) => address)).toEqual([0x5_0000_0010]);
  });

  test('sections are sorted by address, and neighbours stay apart', () => {
    const { sections } = assembled(
      '.entry m\nm: exit\n.org 0x500000008\n.quad 2\n.org 0x500000000\n.quad 1\n.org 0x600000000',
    );

    expect(sections.map(({ address, bytes }) => [address, bytes.length])).toEqual([
      [0x4_0000_0000, 3],
      [0x5_0000_0000, 8],
      [0x5_0000_0008, 8],
    ]);
  });
});

describe('declarations', () => {
  test('without `.stack` the entry runner gets 64 KiB at 0x3e0000000000', () => {
    expect(assembled('.entry m\nm: exit').stack).toEqual({ base: 0x3e00_0000_0000, length: 0x1_0000 });
  });

  test('`.stack` once and `.heap` as often as needed, with names that come later', () => {
    const program = assembled(
      '.entry m\n.stack S, 64\n.heap m, 8\n.heap 0x700000000, S-S\n.equ S, 0x600000000\nm: exit',
    );

    expect(program.stack).toEqual({ base: 0x6_0000_0000, length: 64 });
    expect(program.heap).toEqual([
      { base: 0x4_0000_0000, length: 8 },
      { base: 0x7_0000_0000, length: 0 },
    ]);
  });

  test('a range may touch another one, the region boundary and the last address', () => {
    const program = assembled(
      '.entry m\n.stack 0x600000000, 64\n.heap 0x600000040, 64\n.heap 0x400000000, 8\n.heap 0x3fffffffffff, 1\nm: exit',
    );

    expect(program.heap).toHaveLength(3);
  });

  test('the region boundary that the command demands may be that of the source', () => {
    const source = '.rb 0x40000000\n.entry m\nm: exit';

    expect(assembled(source, { regionBoundary: 0x4000_0000 }).regionBoundary).toBe(0x4000_0000);
    expect(assembled('.entry m\nm: exit', { regionBoundary: 2 ** 40 }).entry).toBe(2 ** 40);
  });

  test('the profile is extended unless base is asked for', () => {
    expect(assembled('.entry m\nm: exit').profile).toBe('extended');
    expect(assembled('.entry m\nm: exit', { profile: 'base' }).profile).toBe('base');
  });
});

describe('macros', () => {
  test('parameters are filled in, and `\\@` counts calls so that labels differ', () => {
    const program = assembled(String.raw`
.entry main
.macro repeat count, step
loop\@: \step
    sub \count, $1, \count
    br:nz \count, loop\@
.endm
main: repeat r0, exit
    repeat 8(r1), exit:a
`);

    expect(program.symbols.map(({ name }) => name)).toEqual(['loop0', 'loop1', 'main']);
    expect(instructions(program).map(({ mnemonic, option }) => `${mnemonic}:${option}`)).toEqual([
      'exit:c',
      'sub:',
      'br:nz',
      'exit:a',
      'sub:',
      'br:nz',
    ]);
  });

  test('strings and comments have no holes, an argument may hold commas, and `\\()` ends a name', () => {
    const program = assembled(String.raw`
.macro text name, n
\name\()_text: .asciz "\n", \n # \nothing
.endm
text hello, "a, b"
.entry main
main: exit
`);

    expect(program.symbols.map(({ name }) => name)).toEqual(['hello_text', 'main']);
    expect(Buffer.from(program.sections[0]!.bytes).toString('latin1', 0, 7)).toBe('\n\0a, b\0');
  });

  test('may call macros, and be called behind a label', () => {
    const program = assembled(String.raw`
.macro inner x
    mov $\x, r0
.endm
.macro outer a, b
    inner (\a+\b)*2
.endm
.entry main
main: outer 1, 2
`);

    expect(instructions(program)[0]!.operands[0]).toEqual({ mode: 'immediate', bits: 6n });
  });
});

describe('includes', () => {
  const files: Readonly<Record<string, string>> = {
    'lib/a.disa': '.equ A, 1\n.include "b.disa"\nafter: exit',
    'b.disa': '.macro nothing\n.endm\nb: mov $A, r0',
  };
  const asked: string[][] = [];
  const readFile = (path: string, from: string) => {
    asked.push([path, from]);
    return files[path] ?? null;
  };

  test('take the place of their line; the caller finds them, relative to the including file', () => {
    const program = assembled('.entry b\n.include "lib/a.disa"\n    nothing\n    br:j after', { readFile });

    expect(asked).toEqual([
      ['lib/a.disa', 'main.disa'],
      ['b.disa', 'lib/a.disa'],
    ]);
    expect(instructions(program).map(({ mnemonic }) => mnemonic)).toEqual(['mov', 'exit', 'br']);
  });

  test('have lines of their own in the line table', () => {
    const program = assembled('.entry b\n.include "lib/a.disa"\n    nothing\n    br:j after', { readFile });

    expect(program.files).toEqual(['main.disa', 'lib/a.disa', 'lib/b.disa']);
    expect(program.lines.map(({ file, line }) => `${program.files[file]}:${line}`)).toEqual([
      'lib/b.disa:3',
      'lib/a.disa:3',
      'main.disa:4',
    ]);
    expect(sourceOf(program, program.entry)).toEqual({ file: 'lib/b.disa', line: 3 });
  });
});

describe('the line table', () => {
  test('has an entry per instruction and per statement of data, sorted by address', () => {
    const program = assembled(
      '.entry m\n.org 0x500000000\nm: exit\n\n.quad 1, 2\nl:\n.align 64\n.org 0x400000000\n.space 8',
    );

    expect(program.lines).toEqual([
      { address: 0x4_0000_0000, file: 0, line: 9 },
      { address: 0x5_0000_0000, file: 0, line: 3 },
      { address: 0x5_0000_0003, file: 0, line: 5 },
      { address: 0x5_0000_0013, file: 0, line: 7 },
    ]);
  });
});

describe('text of any kind', () => {
  test('line ends of any system, a byte order mark and a missing last line end do not matter', () => {
    const unix = assembled('.entry m\nm: mov $1, r0 # x\n\nexit');

    expect(assembled('\ufeff.entry m\r\nm: mov $1, r0 # x\r\n\r\nexit\r\n')).toEqual(unix);
  });

  const vocabulary = fc.constantFrom(
    ...[
      'mov',
      'add',
      'br:l',
      'br:j',
      'bl',
      'newr',
      'exit',
      'rem',
      'exit:a',
      ':z',
      ':q',
      ':fd',
      ':',
      ',',
      ', ',
    ],
    ...[
      '$',
      '$1',
      '1.5',
      '0x400000000',
      '0123',
      '-',
      '+',
      '<<',
      '/',
      '(',
      ')',
      '8(',
      'r5',
      'ctx.id',
      'a',
      'b',
    ],
    ...['a:', 'b: ', '\n', '\n', '\n', ' ', '#', '"x"', '"', "'A'", "'", '\\a', '\\@', '\\', '~', '1<<65535'],
    ...['.org ', '.align ', '.equ a, b', '.equ b, a', '.byte ', '.quad a', '.float ', '.asciz ', '.space 7'],
    ...['.entry a', '.stack ', '.heap 0x600000000, 8', '.rb 0x40000000', '.include "a"', '.include "b"'],
    ...['.macro m a, b\n', '.macro n\nm\n', '.endm\n', 'm ', 'n ', '0x3fffffffffff', '.space 0x7fffffffffff'],
  );

  test('assemble never throws, and says at least one thing about what it refuses', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 200 }),
          fc.array(vocabulary, { maxLength: 60 }).map((words) => words.join('')),
        ),
        (source) => {
          const readFile = (path: string) => (path === 'a' ? source : null);
          const result = assemble(source, { file: 'main.disa', readFile });

          if (!result.ok) {
            expect(result.diagnostics.length).toBeGreaterThan(0);
            for (const diagnostic of result.diagnostics) renderDiagnostic(diagnostic);
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['parentheses', `.quad ${'('.repeat(100_000)}`],
    ['signs', `.quad ${'-'.repeat(100_000)}1`],
    ['pointers', `mov ${'('.repeat(50_000)}r0${')'.repeat(50_000)}, r0`],
    ['names in a row', Array.from({ length: 50_000 }, (_, i) => `.equ n${i}, n${i + 1}+1`).join('\n')],
    [
      'nested names in a row',
      Array.from({ length: 40 }, (_, i) => `.equ n${i}, ${'(-'.repeat(30)}n${i + 1}${')'.repeat(30)}`).join(
        '\n',
      ),
    ],
    ['doubling macros', `${doublings(40)}m39`],
    ['undefined names', Array.from({ length: 20_000 }, (_, i) => `.quad undefined${i}`).join('\n')],
  ])('%s without end are refused in bounded time and space', (_, source) => {
    expect(assemble(source, { file: 'main.disa' }).ok).toBe(false);
  });

  function doublings(count: number): string {
    const first = '.macro m0\n.endm\n';
    const rest = Array.from({ length: count - 1 }, (_, i) => `.macro m${i + 1}\nm${i}\nm${i}\n.endm\n`);
    return first + rest.join('');
  }
});

/** The program of a source that must assemble. */
function assembled(source: string, options: Partial<AssembleOptions> = {}): Program {
  const result = assemble(source, { file: 'main.disa', ...options });
  if (!result.ok) throw new Error(result.diagnostics.map((d) => renderDiagnostic(d)).join('\n'));
  return result.program;
}

/** The first instruction of a program that starts with this line. */
function first(line: string): Instruction {
  const program = assembled(`main: ${line}\n.entry main`);
  return decode(program.sections[0]!.bytes, 0)!.instruction;
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
