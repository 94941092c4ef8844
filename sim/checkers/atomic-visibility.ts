/** I3, rule 7: all of a commit, or nothing. */

import type { Evidence } from '../evidence.ts';
import { byteOf } from '../model/memory.ts';
import type { Checker } from './checker.ts';
import { hex, name } from './texts.ts';

export const atomicVisibility: Checker = {
  id: 'I3',
  sentence: 'of each commit v ≤ sv an attempt sees all bytes, of v > sv none',
  watch: (evidence) => ({
    *attempted({ event, pairs }) {
      const { sv } = event.end;
      for (const { load, seen } of pairs) {
        if (load.bits === seen.bits) continue;
        for (let i = 0; i < load.size; i += 1) {
          const [address, byte] = [load.address + i, byteOf(seen.bits, i)];
          if ((load.fromSnapshot >> i) & 1 && byte !== evidence.memory.at(address, sv))
            yield `${name({ event })} at sv ${sv} ${what(evidence, address, byte, sv)} at ${hex(address)}`;
        }
      }
    },
  }),
};

function what({ log, memory }: Evidence, address: number, byte: number, sv: number): string {
  const later = log.find(({ version, written }) => version > sv && written.get(address) === byte);
  if (later !== undefined) return `sees version ${later.version}`;
  const last = memory.changes([{ base: address, length: 1 }], 0, sv);
  return `misses version ${last.findLast((version) => memory.written(version).has(address)) ?? 0}`;
}
