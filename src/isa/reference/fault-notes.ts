/** What each fault cause means, and what its address is. */

import type { FaultCause } from '../fault.ts';

export const FAULT_NOTES: Readonly<Record<FaultCause, string>> = {
  'illegal-instruction': 'the bytes at the pc are no instruction, or the program ran past its last one',
  'bad-branch-target':
    'a branch to an address that may not be executed, reported at the branch; code lies in SR bytes that the attempt may read and has not written',
  'read-outside-ranges':
    'a load of a byte that is not declared, or of 2^46 or above, where the full 64-bit address is reported',
  'write-outside-ranges': 'the same for a store',
  'write-to-read-only':
    'a store to assembled bytes outside one’s heap, to a file mapped for reading, to a system word, or to a range that one only watches',
  'region-crossing': 'an access with bytes on both sides of the region boundary',
  'register-indirect':
    'an access that overlaps the register window and is not a register word named by the instruction at its start',
  'divide-by-zero': 'an integer division or remainder by 0',
  'divide-overflow': 'the smallest signed number divided by −1, or its remainder',
  'float-to-integer': 'a `mov` of NaN, or of a number that the integer type does not have',
  'bad-runner-control':
    'a control block of `newr` that makes no sense: the first instruction outside the SR, a bad range, stack over heap, an unaligned merge range or status address, an unknown flag or merge type',
  'too-many-children': 'more than 65,536 children of one runner (a parameter)',
  'too-many-ranges': 'more than 4,096 heap and watched ranges together, counted as given (a parameter)',
  'bad-merge-store': 'a partial or unaligned store to a range with a merge type',
  'private-memory-limit': 'more of the private region touched than allowed: 1 GiB (a parameter)',
  'compartment-lost': 'the runner’s compartment died three times under it on a living node',
  fuel: 'the runner executed as many instructions as it is allowed',
};
