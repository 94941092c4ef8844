/** I18, rule 17: the declared ranges are the contract. */

import type { Fault } from '../../src/isa/fault.ts';
import { isIncomplete } from '../evidence/reruns.ts';
import type { Checker } from './checker.ts';
import { hex, name } from './texts.ts';

export const rangesHold: Checker = {
  id: 'I18',
  sentence: 'an access outside the ranges faults with pc and address, and nothing else does',
  watch: () => ({
    *attempted({ event, model: { fault } }) {
      const { end } = event;
      if (isIncomplete(end)) return;
      const actual = end.type === 'fault' ? end.fault : null;
      if (actual?.cause !== fault?.cause || actual?.pc !== fault?.pc || actual?.address !== fault?.address)
        yield `${name({ event })} faults with ${shown(actual)}, not with ${shown(fault)}`;
    },
  }),
};

function shown(fault: Fault | null): string {
  return fault === null
    ? 'nothing'
    : `${fault.cause} at pc ${hex(fault.pc)}, address ${fault.address && hex(fault.address)}`;
}
