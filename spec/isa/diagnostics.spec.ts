import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type AssembleOptions, assemble } from '../../src/isa/assembler.ts';
import {
  DIAGNOSTICS,
  type Diagnostic,
  type DiagnosticCode,
  explain,
  renderDiagnostic,
} from '../../src/isa/diagnostics.ts';

/*
 * diagnostics.golden.txt is a list of cases: a line `== CODE` with options, a source, `----`, and the exact text of all
 * its diagnostics. Unless the option `whole` is given, or the source has an `.entry`, one is added behind the source.
 */
const cases = readFileSync(new URL('diagnostics.golden.txt', import.meta.url), 'utf8')
  .split(/^== /m)
  .slice(1)
  .map((block) => {
    const [head = '', ...rest] = block.split('\n');
    const [code = '', ...options] = head.split(' ');
    const [source = '', text = ''] = rest.join('\n').split('\n----\n');
    return { code, options, source, text: text.trimEnd() };
  });

const FILES: Readonly<Record<string, string>> = {
  'circle.disa': '.include "circle.disa"',
  'library.disa': '    mov $1, r0\n    mov $1, nowhere',
  'push.disa': '.macro push x\n    mov \\x, (sp)\n.endm',
};

const OPTIONS: Readonly<Record<string, Partial<AssembleOptions>>> = {
  base: { profile: 'base' },
  boundary: { regionBoundary: 2 ** 34 },
  whole: {},
};

describe('each mistake is shown with its place, its line, a caret and a hint', () => {
  test.each(cases)('$code: $source', ({ code, options, source, text }) => {
    const found = diagnosticsOf(source, options);

    expect(found.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(found.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n')).toBe(text);
  });

  test('every diagnostic of the catalogue has a case', () => {
    expect(new Set(cases.map(({ code }) => code))).toEqual(new Set(Object.keys(DIAGNOSTICS)));
  });
});

describe('dvm explain', () => {
  const needed: Partial<Record<DiagnosticCode, string>> = {
    DE0213: 'base',
    DE0410: 'boundary',
    DE0601: 'whole',
  };

  test.each(Object.keys(DIAGNOSTICS) as DiagnosticCode[])('the example for %s causes just that', (code) => {
    const found = diagnosticsOf(DIAGNOSTICS[code].example, [needed[code] ?? '']);

    expect(new Set(found.map((diagnostic) => diagnostic.code))).toEqual(new Set([code]));
  });

  test('explains a code with its title, the rule and an example', () => {
    expect(explain('DE0104')).toBe(`DE0104: octal number

Numbers are decimal, hexadecimal with 0x or binary with 0b. A leading zero means octal in C and decimal elsewhere, so it is refused.

For example:

    mov $0123, r0
`);
  });

  test.each(['DE9999', '', 'toString', 'de0104'])('knows no code %j', (code) => {
    expect(explain(code)).toBeNull();
  });
});

describe('as text', () => {
  const diagnostic: Diagnostic = {
    code: 'DE0301',
    message: '`x` is not defined',
    file: 'main.disa',
    line: 7,
    column: 6,
    length: 1,
    source: '\tmov\tx, r0',
    hint: 'did you mean `y`?',
    trail: [],
  };

  test('tabs before the mistake stay, so that the caret is below it', () => {
    expect(renderDiagnostic(diagnostic).split('\n').slice(1, 3)).toEqual(['  \tmov\tx, r0', '  \t   \t^']);
  });

  test('control characters of the source do not reach the terminal', () => {
    const rendered = renderDiagnostic({ ...diagnostic, source: 'mov \x1b[31mx\x07\x9b' });

    expect(rendered).toContain('mov \ufffd[31mx\ufffd\ufffd');
  });

  test('a long line is cut around the mistake', () => {
    const source = `${'a'.repeat(500)}!${'b'.repeat(500)}`;
    const [, shown = '', carets = ''] = renderDiagnostic({ ...diagnostic, source, column: 501 }).split('\n');

    expect(shown.length).toBeLessThan(130);
    expect(shown[carets.indexOf('^')]).toBe('!');
  });

  test('with color, place and code stand out and the words are the same', () => {
    const colored = renderDiagnostic(diagnostic, { color: true });

    expect(colored).toContain('\x1b[1;31merror DE0301\x1b[0m');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
    expect(colored.replace(/\x1b\[[0-9;]*m/g, '')).toBe(renderDiagnostic(diagnostic));
  });
});

function diagnosticsOf(source: string, options: readonly string[]): readonly Diagnostic[] {
  const whole = options.includes('whole') || source.includes('.entry');
  const result = assemble(whole ? source : `${source}\n.entry start__\nstart__: exit`, {
    file: 'main.disa',
    readFile: (path) => FILES[path] ?? null,
    ...Object.assign({}, ...options.map((option) => OPTIONS[option])),
  });
  return result.ok ? [] : result.diagnostics;
}
