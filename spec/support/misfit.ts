/** Frames whose bytes are sound and whose values are not: some value in it is another one. */

import msgpack from 'msgpack-lite';
import type { Dice } from '../../sim/dice.ts';

/** As they stand in a frame. Some are what msgpack-lite would take, and `pack` never makes. */
const VALUES: readonly Uint8Array[] = [
  ...[null, true, 0, -1, 1_023, 1_024, 4_096, 2 ** 32, 2 ** 53, 0.5],
  ...['', 'text', 'long'.repeat(500), [], [[]], [0, [1, null]]],
  ...[0, 3, 8, 1_023, 1_024, 5_000].map((length) => Buffer.alloc(length, 65)),
  // Records, of zeros and of what are no whole numbers.
  ...[16, 29, 32, 58, 1_024, 29 * 40].flatMap((length) => [Buffer.alloc(length), Buffer.alloc(length, 65)]),
]
  .map((value) => new Uint8Array(msgpack.encode(value)))
  .concat([
    Uint8Array.of(0xd9, 0),
    Uint8Array.of(0xda, 0, 0),
    Uint8Array.of(0xdb, 0, 0, 0, 0),
    Uint8Array.of(0xc5, 0, 0),
    Uint8Array.of(0xc6, 0, 0, 0, 0),
  ]);

/** Bytes that say how many bytes of msgpack follow. */
const LENGTH_BYTES = 4;

/** `frame`: a sound one. */
export function misfit(dice: Dice, frame: Uint8Array): Buffer {
  const sound = Buffer.from(frame);
  const end = LENGTH_BYTES + sound.readUInt32BE();
  const values = dice.between(1, 2);
  let packed: unknown = msgpack.decode(sound.subarray(LENGTH_BYTES, end));
  for (let i = 0; i < values; i += 1) packed = changed(dice, packed);
  const bytes = written(packed);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes, sound.subarray(end)]);
}

/** Stands for itself. */
class Raw {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

function changed(dice: Dice, packed: unknown): unknown {
  if (!Array.isArray(packed) || packed.length === 0 || dice.chance(0.1)) return new Raw(dice.pick(VALUES));
  const at = dice.below(packed.length);
  return packed.map((item, i) => (i === at ? changed(dice, item) : item));
}

function written(packed: unknown): Buffer {
  if (packed instanceof Raw) return Buffer.from(packed.bytes);
  if (!Array.isArray(packed)) return msgpack.encode(packed);
  const head = Buffer.alloc(5, 0xdd);
  head.writeUInt32BE(packed.length, 1);
  return Buffer.concat([head, ...packed.map(written)]);
}
