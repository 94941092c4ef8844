/** What a conformance suite is made of: tests that need no test framework, and fit into any. */

import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';

/**
 * One sentence that must hold, and its check. With vitest:
 *
 * ```ts
 * for (const { name, run } of pageStoreSuite(() => new MyStore())) test(name, run);
 * ```
 */
export interface ConformanceTest {
  readonly name: string;
  /** Throws, or rejects, if the sentence does not hold; the message says what was expected. Needs no `this`. */
  readonly run: () => void | Promise<void>;
}

export interface SuiteOptions {
  /** How much is drawn, as a multiple of what is usual. */
  readonly scale?: number;
  /** What the draws follow from; another one each time if it is absent. A failure tells it. */
  readonly seed?: number;
}

/** What is under test is not what it should be. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';
}

/** `sentence`: what was expected, as an affirmative sentence. */
export function must(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new ConformanceError(`expected that ${sentence}`);
}

/** Deep and strict. */
export function mustEqual(seen: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(seen, expected)) return;
  const show = (value: unknown) => inspect(value, { depth: 8, breakLength: 110, maxArrayLength: 40 });
  throw new ConformanceError(`${what}: expected ${show(expected)}, and it is ${show(seen)}`);
}

/** fast-check's parameters for a test that usually draws `usual` cases. */
export function draws(
  usual: number,
  { scale = 1, seed }: SuiteOptions,
): { readonly numRuns: number; readonly seed?: number; readonly includeErrorInReport: true } {
  const numRuns = Math.max(1, Math.round(usual * scale));
  return { numRuns, includeErrorInReport: true, ...(seed !== undefined && { seed }) };
}

/** A test that draws its cases and shrinks the one that fails. */
export function drawn<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  usual: number,
  options: SuiteOptions,
  check: (value: T) => void,
): ConformanceTest {
  return { name, run: () => fc.assert(fc.property(arbitrary, check), draws(usual, options)) };
}

/** The same for what takes its time. */
export function drawnLater<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  usual: number,
  options: SuiteOptions,
  check: (value: T) => Promise<void>,
): ConformanceTest {
  return {
    name,
    run: () => fc.assert(fc.asyncProperty(arbitrary, check), draws(usual, options)),
  };
}
