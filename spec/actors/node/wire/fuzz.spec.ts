/** What a node that has gone mad may send: frames of letters with bytes or values changed, left out, put in, said twice. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Dice } from '../../../../sim/dice.ts';
import { decodeLetters } from '../../../../src/actors/node/wire/wire.ts';
import { anyLetter, frameOf } from '../../../support/messages.ts';
import { misfit } from '../../../support/misfit.ts';
import { spoilt } from '../../../support/spoilt.ts';

/** A share for CI. */
const FRAMES = Number(process.env.DVM_FUZZ_FRAMES ?? 50_000);
const HOUR = 3_600_000;
/** Frames that are spoilt again and again. */
const SOUND = 2_000;

it(`${FRAMES} spoilt frames give letters or an error, and nothing is thrown`, { timeout: 4 * HOUR }, () => {
  const seed = Date.now() % 2 ** 31;
  const dice = new Dice(seed);
  const sound = fc
    .sample(fc.array(anyLetter, { minLength: 1, maxLength: 4 }), { seed, numRuns: SOUND })
    .map(frameOf);
  let refused = 0;
  let longest = 0;
  for (let i = 0; i < FRAMES; i += 1) {
    const frame = dice.chance(0.5) ? spoilt(dice, dice.pick(sound)) : misfit(dice, dice.pick(sound));
    const before = performance.now();
    const decoded = decodeLetters(frame);
    longest = Math.max(longest, performance.now() - before);
    if (!decoded.ok) refused += 1;
    // What is taken can be sent on.
    else if (i % 16 === 0)
      expect(decodeLetters(frameOf(decoded.letters)), `seed ${seed}`).toStrictEqual(decoded);
  }
  const megabytes = process.memoryUsage().rss / 2 ** 20;
  console.log(
    `seed ${seed}: ${refused} of ${FRAMES} refused; the longest took ${longest.toFixed(2)} ms; ${megabytes.toFixed(0)} MB in use`,
  );
  expect(refused).toBeGreaterThan(FRAMES / 4);
  expect(refused).toBeLessThan(FRAMES);
});
