import type { Dice } from '../../sim/dice.ts';

/** The bytes with some of them changed, left out, put in or said twice; now and then as they are. */
export function spoilt(dice: Dice, bytes: Buffer): Buffer {
  let spoilt = bytes;
  for (let left = dice.between(0, 3); left > 0; left -= 1) {
    const at = dice.below(spoilt.length + 1);
    const to = Math.min(spoilt.length, at + dice.below(20));
    const piece = dice.pick([
      Buffer.from([dice.below(256)]),
      spoilt.subarray(at, to),
      Buffer.alloc(dice.below(3_000), 65),
    ]);
    spoilt = Buffer.concat([spoilt.subarray(0, at), piece, spoilt.subarray(dice.chance(0.5) ? at : to)]);
  }
  return spoilt;
}
