/**
 * Drawn lists of choices. Thousands of numbers a case, so they are drawn in bulk, and shrunk as what they mean: 0 is the
 * plainest course, and a list that ends goes on with it.
 */

import fc from 'fast-check';

const LONGEST = 3_000;

/** A natural is small or 0 in most lists; in some every value is alike likely, so that any order is. */
class Choices extends fc.Arbitrary<number[]> {
  override generate(random: fc.Random): fc.Value<number[]> {
    const length = random.nextInt(0, 3) === 0 ? random.nextInt(0, 40) : LONGEST;
    const zeros = random.nextInt(0, 3);
    const choices = Array.from({ length }, () => {
      const number = random.nextInt(0, 1023);
      return (number & 3) < zeros ? 0 : number >> 2;
    });
    return new fc.Value(choices, undefined);
  }

  override canShrinkWithoutContext(value: unknown): value is number[] {
    return Array.isArray(value);
  }

  override shrink(value: number[]): fc.Stream<fc.Value<number[]>> {
    return fc.stream(simpler(value)).map((choices) => new fc.Value(choices, undefined));
  }
}

/** Shorter lists, then lists with a run of zeros, then smaller numbers. */
function* simpler(choices: readonly number[]): IterableIterator<number[]> {
  const used = choices.findLastIndex((choice) => choice !== 0) + 1;
  if (used === 0) {
    if (choices.length > 0) yield [];
    return;
  }
  for (let length = 0; length < used; length += Math.max(1, Math.ceil((used - length) / 2)))
    yield choices.slice(0, length);
  for (let run = used >> 1; run >= 1; run >>= 1)
    for (let start = 0; start < used; start += run) {
      if (choices.slice(start, start + run).every((choice) => choice === 0)) continue;
      const end = Math.min(start + run, used);
      yield [
        ...choices.slice(0, start),
        ...new Array<number>(end - start).fill(0),
        ...choices.slice(end, used),
      ];
    }
  for (let i = 0; i < used; i += 1)
    if (choices[i]! > 1) yield [...choices.slice(0, i), choices[i]! >> 1, ...choices.slice(i + 1, used)];
}

export const anyChoices: fc.Arbitrary<number[]> = new Choices();
