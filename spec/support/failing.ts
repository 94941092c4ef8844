/** Which tests of a conformance suite something fails, and how. */

import type { ConformanceTest } from '../../testing/conformance.ts';

/** Messages by the names of the tests. */
export async function failuresOf(tests: readonly ConformanceTest[]): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  for (const { name, run } of tests) {
    try {
      await run();
    } catch (error) {
      failures.set(name, (error as Error).message);
    }
  }
  return failures;
}

/** The same, as far as a test's name begins so. */
export async function failureIn(tests: readonly ConformanceTest[], beginning: string): Promise<string> {
  const named = tests.filter(({ name }) => name.startsWith(beginning));
  if (named.length !== 1) throw new Error(`${named.length} tests begin with ${beginning}`);
  return (await failuresOf(named)).get(named[0]!.name) ?? 'nothing fails';
}
