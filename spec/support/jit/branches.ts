/** Drawn branches. */

import { at, imm, off, via } from '../../../sim/programs/build.ts';
import { type Builder, to } from './builder.ts';
import type { DraftOperand, Label } from './draft.ts';
import { anySource } from './operands.ts';
import { anyIntegerType, FLOAT_TYPES } from './values.ts';

/** A branch on something that nobody foresees. */
export function sometimes(b: Builder, label: Label): void {
  const { random } = b;
  const type = random.chance(15) ? random.pick(FLOAT_TYPES) : anyIntegerType(random);
  const target = random.chance(92) ? to(label) : throughWord(b, label);
  if (random.chance(30)) {
    b.emit(`br:${random.pick(['z', 'nz'])}:${type}`, anySource(b, type), target);
    return;
  }
  const comparison = random.pick(['l', 'le', 'g', 'ge', 'e', 'ne']);
  b.emit(`br:${comparison}:${type}`, anySource(b, type), anySource(b, type), target);
}

/** The label as a computed target, by way of a word that holds it. */
export function throughWord(b: Builder, label: Label): DraftOperand {
  const word = b.random.chance(70) ? b.own() : 0x5c00;
  const displacement = b.random.pick([0, 16]);
  b.set(word, 0, label);
  b.emit('sub', at(word), imm(displacement), at(word));
  return displacement === 0 ? via(word) : off(displacement, word);
}
