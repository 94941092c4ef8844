import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor } from '../../../src/isa/assembly/cursor.ts';
import { evaluate } from '../../../src/isa/assembly/evaluate.ts';
import { parseExpression } from '../../../src/isa/assembly/expression.ts';
import { SourceError } from '../../../src/isa/assembly/source.ts';
import { lexLine } from '../../../src/isa/lexer.ts';

const literal = fc.oneof(
  fc.bigInt({ min: 0n, max: 20n }),
  fc.constantFrom(2n ** 31n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 64n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 70n }),
);

/** Expressions as text; shifts are by small numbers only, so that no value needs more than a few kilobytes. */
const { chain } = fc.letrec<{ chain: string; operand: string }>((tie) => ({
  chain: fc
    .tuple(
      tie('operand'),
      fc.array(fc.tuple(fc.constantFrom('+', '-', '*', '/', '%', '&', '|', '^'), tie('operand')), {
        maxLength: 6,
      }),
    )
    .map(([first, rest]) => [first, ...rest.flat()].join(' ')),
  operand: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'expression' },
    { weight: 4, arbitrary: literal.map(String) },
    { weight: 1, arbitrary: literal.map((value) => `0x${value.toString(16)}`) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom('-', '~'), tie('operand')).map((p) => p.join(' ')) },
    { weight: 2, arbitrary: tie('chain').map((inner) => `(${inner})`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(tie('chain'), fc.constantFrom('<<', '>>'), fc.nat(80))
        .map(([left, operator, count]) => `(${left} ${operator} ${count})`),
    },
  ),
}));

describe('expressions', () => {
  test("have C's operators and precedence, unbounded, with division toward zero: JavaScript's on bigints", () => {
    fc.assert(
      fc.property(chain, (expression) => {
        expect(resultOf(expression)).toBe(oracle(expression));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['2+3*4', 14n],
    ['(2+3)*4', 20n],
    ['1<<2+1', 8n],
    ['7&3|8^1', 11n],
    ['-7/2', -3n],
    ['-7%2', -1n],
    ['10-3-2', 5n],
    ['~0', -1n],
    ['1<<100>>99', 2n],
    ["'A'+1", 66n],
    ['0x7fffffffffffffff+1', 2n ** 63n],
    ['0>>100000', 0n],
    ['-1>>100000', -1n],
    ['0*-1', 0n],
  ])('%s is %s', (expression, value) => {
    expect(resultOf(expression)).toBe(value);
  });

  test('a sum of fifty thousand terms is no deeper than one of two', () => {
    expect(resultOf(Array.from({ length: 50_000 }, () => '1').join('+'))).toBe(50_000n);
  });

  test.each([
    ['1/0', 'DE0304'],
    ['1%0', 'DE0304'],
    ['1<<-1', 'DE0305'],
    ['1>>-1', 'DE0305'],
    ['1<<65537', 'DE0316'],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, 'DE0315'],
  ])('%s is refused with %s', (expression, code) => {
    expect(resultOf(expression)).toBe(code);
  });
});

/** The value, or the code of the refusal. */
function resultOf(expression: string): bigint | string {
  try {
    const cursor = new Cursor(expression, lexLine(expression, fail));
    const parsed = parseExpression(cursor);
    cursor.expectEnd();
    return BigInt(
      evaluate(parsed, () => {
        throw new Error('there are no names');
      }),
    );
  } catch (error) {
    if (error instanceof SourceError) return error.code;
    throw error;
  }
}

function fail(error: SourceError): never {
  throw error;
}

/** As `resultOf`, by JavaScript, whose operators on bigints have the precedence and the meaning of C's. */
function oracle(expression: string): bigint | string {
  const javascript = expression.replace(/\b(0x[0-9a-f]+|\d+)\b/g, '$1n');
  try {
    return new Function(`return ${javascript}`)();
  } catch (error) {
    if (error instanceof RangeError && error.message.includes('ivision by zero')) return 'DE0304';
    throw error;
  }
}
