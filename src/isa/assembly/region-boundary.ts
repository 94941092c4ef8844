/** What `.rb` says. */

import { isRegionBoundary } from '../layout.ts';
import { evaluate, type Lookup } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { SourceError } from './source.ts';
import { showValue } from './value.ts';

/** The region boundary that a source names; throws where it cannot be one, or not the one that is demanded. */
export function regionBoundaryOf(expression: Expression, lookup: Lookup, demanded: number | null): number {
  const value = evaluate(expression, lookup);
  if (typeof value !== 'number' || !isRegionBoundary(value)) {
    throw new SourceError(
      'DE0409',
      expression,
      `${showValue(value)} cannot separate the regions`,
      'a region boundary is a power of two from 0x100000 to 0x200000000000',
    );
  }
  if (demanded !== null && demanded !== value) {
    throw new SourceError(
      'DE0410',
      expression,
      `the region boundary is ${showValue(demanded)}, not ${showValue(value)}`,
      'remove the `.rb`, or --region-boundary from the command',
    );
  }
  return value;
}
