/** What a decided version makes of memory. */

import type { PagePatch } from '../../src/memory/patch.ts';
import { byteOf, type Memory, merged, type Written, wordOf } from '../model/memory.ts';

interface Parts {
  readonly patches: readonly PagePatch[];
  readonly record: readonly PagePatch[];
}

/** `W_v`: the patches' bytes, operands applied to the version before, and the status record over them. */
export function writtenBy({ patches, record }: Parts, memory: Memory): Written {
  const written = new Map<number, number>();
  const before = memory.version;
  for (const { address, bytes, merge } of runsOf(patches, record)) {
    if (merge === 0) {
      for (let i = 0; i < bytes.length; i += 1) written.set(address + i, bytes[i]!);
      continue;
    }
    for (let word = 0; word < bytes.length; word += 8) {
      const old = wordOf(8, (i) => memory.at(address + word + i, before));
      const operand = wordOf(8, (i) => bytes[word + i]!);
      const sum = merged(merge, old, operand);
      for (let i = 0; i < 8; i += 1) written.set(address + word + i, byteOf(sum, i));
    }
  }
  return written;
}

/** The merge type of each byte that was not written plainly. */
export function mergesOf({ patches, record }: Parts): ReadonlyMap<number, number> {
  const types = new Map<number, number>();
  for (const { address, bytes, merge } of runsOf(patches, record))
    for (let at = address; at < address + bytes.length; at += 1)
      if (merge !== 0) types.set(at, merge);
      else if (types.size > 0) types.delete(at);
  return types;
}

function* runsOf(...layers: readonly (readonly PagePatch[])[]) {
  for (const patches of layers) for (const { runs } of patches) yield* runs;
}
