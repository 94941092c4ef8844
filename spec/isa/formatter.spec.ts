import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble } from '../../src/isa/assembler.ts';
import { format } from '../../src/isa/formatter.ts';

describe('the canonical layout', () => {
  test('of a program', () => {
    const source = String.raw`
   .entry    main
.equ SIZE , 8 * ( 2 +1 )
# at the margin

.macro   push  x,y   # two
loop\@: mov \x ,8 ( \y ) #store
   # in a body
 .endm
main: push $1,r0 # one
    exit # two

        exit # alone`;

    expect(formatted(source)).toBe(String.raw`
.entry main
.equ SIZE, 8*(2+1)
# at the margin

.macro push x, y       # two
loop\@: mov \x, 8(\y)  #store
        # in a body
.endm
main:   push $1, r0    # one
        exit           # two

        exit  # alone
`);
  });

  test.each([
    ['mov   :z  $ 1 : q , 8 ( pc ) : q', '        mov:z $1:q, 8(pc):q'],
    ['a:  b:\texit', 'a: b:   exit'],
    ['a_long_label: exit', 'a_long_label: exit'],
    ['exit#done', '        exit  #done'],
    ['  # a', '        # a'],
    ['#  a  ', '#  a'],
    ['.quad - 1 , ~ 2 << 3', '        .quad -1, ~2<<3'],
    ['.asciz "a , b # c"  ,"d"', '        .asciz "a , b # c", "d"'],
    ['.org 5 # where', '.org 5  # where'],
    ['x: .org 5', 'x:      .org 5'],
    ['call a b, (c) d', '        call a b, (c) d'],
    ['.double - 1.5e-3', '        .double -1.5e-3'],
    ['exit\r', '        exit'],
    ['', ''],
  ])('%j', (line, wanted) => {
    expect(formatted(line)).toBe(wanted === '' ? '' : `${wanted}\n`);
  });

  test('a line too long to align with keeps its comment close', () => {
    const long = `        .ascii "${'x'.repeat(80)}"`;

    expect(formatted(`${long} # a\nexit # b`)).toBe(`${long}  # a\n        exit  # b\n`);
  });
});

describe('formatting', () => {
  const blanks = fc.constantFrom('', ' ', '  ', '\t', ' \t ');
  const someBlanks = fc.constantFrom(' ', '  ', '\t', ' \t ');

  /** Statements as words between which any blanks may stand, `_` where one must. */
  const statement = fc.constantFrom(
    'mov :z _ $ 1 :q , 8 ( a + 4 ) :q',
    'add _ ( r0 ) , $ - 1 , r2 : ub',
    'br :l _ r0 : uq , $ 10240 , a',
    'br :j _ ( r5 )',
    'newr _ r0 , r1 , r2 , r3',
    'exit :c',
    'pair _ r0 , "a , # b"',
    '.quad _ 1 , ~ 2 << 3 , a - 1',
    '.double _ - 1.5e-3 , 2',
    '.asciz _ "a:b\\"#," , "\\\\"',
    '.align _ 8',
  );
  const comment = fc.constantFrom('', '', '#', '# a  b', '#:,"');
  const line = fc
    .tuple(
      fc.constantFrom('', '', 'label:'),
      someBlanks,
      fc.option(statement, { nil: '' }),
      fc.array(fc.tuple(blanks, someBlanks), { minLength: 24, maxLength: 24 }),
      comment,
    )
    .map(([label, gap, words, spaces, end]) => ({ label, gap, words, spaces, end }));
  const program = fc.array(line, { maxLength: 20 }).map((lines) => {
    const texts = lines.map(({ label, gap, words, spaces, end }, index) => {
      const name = label === '' ? '' : `l${index}:`;
      const pieces = words.split(' ').map((word, at) => {
        const [any, some] = spaces[at]!;
        return word === '_' ? some : word + any;
      });
      return name + gap + pieces.join('') + end;
    });
    const head = '.entry a\n.macro pair x , y\nmov \\x , \\x # \\x\n .asciz \\y\n.endm';
    return `${head}\n${texts.join('\n')}\na: exit`;
  });

  test('leaves the program the same', () => {
    let assembled = 0;
    fc.assert(
      fc.property(program, (source) => {
        const before = assemble(source, { file: 'main.disa' });
        const after = assemble(formatted(source), { file: 'main.disa' });
        if (before.ok) assembled++;

        expect(after.ok ? after.program : null).toEqual(before.ok ? before.program : null);
      }),
    );
    expect(assembled).toBeGreaterThan(20);
  });

  const soup = fc.constantFrom(
    ...['mov', 'a:', 'b : ', ':', ',', '$', '(', ')', ' ', '\t', '\n', '\n\n', '#', '# x ', '"a b"', "' '"],
    ...[
      '.macro m x\n',
      '.endm\n',
      '.endm',
      '\\x',
      '\\@',
      '\\()',
      '"',
      "'",
      '1.0e',
      '-',
      '5',
      '.5',
      '<<',
      'ü',
    ],
  );
  const text = fc.oneof(
    program,
    fc.array(soup, { maxLength: 40 }).map((words) => words.join('')),
    fc.string({ unit: 'binary' }),
  );

  test('twice is formatting once', () => {
    fc.assert(
      fc.property(text, (source) => {
        const once = format(source);
        if (once.ok) expect(formatted(once.text)).toBe(once.text);
        else expect(once.diagnostics.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('keeps every line with its comment, and drops only blank lines at the end', () => {
    fc.assert(
      fc.property(program, (source) => {
        const lines = source.split('\n');
        const shown = formatted(source).split('\n');

        expect(shown).toHaveLength(lines.length + 1);
        expect(shown.map((one) => one.replace(/\s/g, ''))).toEqual([
          ...lines.map((one) => one.replace(/\s/g, '')),
          '',
        ]);
      }),
    );
  });

  test('refuses a source with lexical mistakes, all of them', () => {
    const result = format('mov $0123, r0\nexit ; stop\n', 'main.disa');

    expect(result).toMatchObject({
      ok: false,
      diagnostics: [
        { code: 'DE0104', file: 'main.disa', line: 1, column: 6 },
        { code: 'DE0101', file: 'main.disa', line: 2, column: 6 },
      ],
    });
  });
});

function formatted(source: string): string {
  const result = format(source);
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'));
  return result.text;
}
