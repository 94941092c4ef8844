/** Whom an attempt loses to. */

import type { Rerun } from '../evidence/reruns.ts';
import type { Evidence } from '../evidence.ts';
import { extentsOf, holds } from '../model/extent.ts';

/** The first version in (sv, last] that the attempt's writes or validated reads overlap, by rules 3, 5 and 6. */
export function rivalOf(
  evidence: Evidence,
  { model }: Rerun,
  sv: number,
  last: number,
): { readonly version: number; readonly address: number } | null {
  if (last <= sv) return null;
  const extents = [...extentsOf(model.written.keys()), ...model.reads];
  return evidence.memory.firstWrite(extents, sv, last, (version, address) => {
    if (holds(model.reads, address)) return true;
    const merge = model.mergeAt(address);
    return merge === 0 || merge !== evidence.writeType(version, address);
  });
}

/** Such an attempt serialises at its sv. */
export function isWithoutEffect({ model }: Rerun): boolean {
  return model.written.size === 0 && model.children.length === 0 && model.output.length === 0;
}
