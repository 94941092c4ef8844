/** CRC-32 as in IEEE 802.3, for damage rather than malice. */

/** The checksum of `bytes`, 0 … 2^32 − 1; `seed` is the checksum of what comes before them. */
export function crc32(bytes: Uint8Array, seed = 0): number {
  let rest = ~seed;
  for (const byte of bytes) rest = (rest >>> 8) ^ TABLE[(rest ^ byte) & 0xff]!;
  return ~rest >>> 0;
}

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 0 ? rest >>> 1 : (rest >>> 1) ^ 0xedb88320;
  return rest;
});
