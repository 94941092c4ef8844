/** `--expect ADDR:TYPE=VALUE` */

import type { Expectation } from '../../sim/workloads/given.ts';
import { UsageError } from '../../src/errors.ts';
import type { Program } from '../../src/isa/program.ts';
import { VALUE_TYPES } from '../../src/isa/value-type.ts';
import { printRequest } from '../values.ts';

export function expectations(program: Program, texts: readonly string[]): Expectation[] {
  return texts.map((text) => {
    const at = text.indexOf('=');
    if (at < 0) throw new UsageError(`--expect ${text}: expected ADDR:TYPE=VALUE`, 'as in total:q=5050');
    const { address, type, count } = printRequest(program, text.slice(0, at), '--expect');
    const value = text.slice(at + 1);
    if (count !== 1) throw new UsageError(`--expect ${text}: one word at a time`, 'the option is repeatable');
    if (!isValue(value, VALUE_TYPES[type].family === 'float'))
      throw new UsageError(
        `--expect ${text}: ${value === '' ? 'a value is missing' : `${value} is no value of type ${type}`}`,
      );
    return { address, type, value };
  });
}

function isValue(text: string, float: boolean): boolean {
  return float ? text.trim() !== '' && !Number.isNaN(Number(text)) : /^-?(0x[0-9a-f]+|[0-9]+)$/i.test(text);
}
