/** The value of an expression. */

import type { BinaryOperator, Expression } from './expression.ts';
import { SourceError } from './source.ts';
import { add, canonical, isHoldable, LARGEST_VALUE_BITS, showValue, subtract, type Value } from './value.ts';

/** The value of a name; throws where it has none. */
export type Lookup = (name: string, at: Expression) => Value;

/** Evaluates without bound or wrapping; division truncates toward zero. */
export function evaluate(expression: Expression, lookup: Lookup): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'name':
      return lookup(expression.name, expression);
    case 'unary': {
      const operand = evaluate(expression.operand, lookup);
      if (expression.operator === '+') return operand;
      return expression.operator === '-' ? subtract(0, operand) : subtract(-1, operand);
    }
    case 'binary':
      return evaluateBinary(expression, lookup);
  }
}

/** A sum of ten thousand terms is ten thousand levels deep on its left side, so that side is walked, not recursed. */
function evaluateBinary(expression: Expression & { kind: 'binary' }, lookup: Lookup): Value {
  const spine: (Expression & { kind: 'binary' })[] = [];
  let leftmost: Expression = expression;
  while (leftmost.kind === 'binary') {
    spine.push(leftmost);
    leftmost = leftmost.left;
  }
  let value = evaluate(leftmost, lookup);
  for (let i = spine.length - 1; i >= 0; i--) {
    const { operator, right } = spine[i]!;
    value = apply(operator, value, evaluate(right, lookup), spine[i]!);
    if (!isHoldable(value)) throw tooLarge(spine[i]!);
  }
  return value;
}

function apply(
  operator: BinaryOperator,
  left: Value,
  right: Value,
  at: Expression & { kind: 'binary' },
): Value {
  switch (operator) {
    case '+':
      return add(left, right);
    case '-':
      return subtract(left, right);
    case '*':
      return canonical(BigInt(left) * BigInt(right));
    case '/':
    case '%':
      if (right === 0) throw new SourceError('DE0304', at.right, 'division by zero');
      return canonical(operator === '/' ? BigInt(left) / BigInt(right) : BigInt(left) % BigInt(right));
    case '<<':
    case '>>':
      return shift(operator, left, right, at);
    case '&':
      return canonical(BigInt(left) & BigInt(right));
    case '|':
      return canonical(BigInt(left) | BigInt(right));
    case '^':
      return canonical(BigInt(left) ^ BigInt(right));
  }
}

function shift(operator: '<<' | '>>', left: Value, right: Value, at: Expression & { kind: 'binary' }): Value {
  if (right < 0) {
    throw new SourceError(
      'DE0305',
      at.right,
      `the shift count ${showValue(right)} is negative`,
      `shift the other way: ${operator === '<<' ? '>>' : '<<'}`,
    );
  }
  if (right > LARGEST_VALUE_BITS) {
    if (left === 0) return 0;
    if (operator === '<<') throw tooLarge(at);
    return left < 0 ? -1 : 0;
  }
  return canonical(operator === '<<' ? BigInt(left) << BigInt(right) : BigInt(left) >> BigInt(right));
}

function tooLarge(at: Expression): SourceError {
  return new SourceError('DE0316', at, 'the value has more than 65,536 bits');
}
