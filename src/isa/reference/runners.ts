/** The sections on how runners are made and how they fail. */

import { FAULT_CAUSES, faultNumber } from '../fault.ts';
import { FAULT_NOTES } from './fault-notes.ts';
import { table } from './markdown.ts';

export function controlBlocks(): string[] {
  return [
    '## Control blocks of newr',
    'The four operands of `newr` are words that hold addresses; at each lies a block of 64-bit words:',
    table(
      ['block', 'content'],
      [
        ['M1', 'stack base, stack size'],
        ['M2', 'number of heap ranges, then base and length of each'],
        [
          'M3',
          'number of watched ranges, then base and length of each; 0 makes a plain runner, more make a watcher',
        ],
        ['M4', 'fi, the address of the first instruction; then the status address if flagged'],
      ],
    ),
    'Blocks are read from M1 to M4, each from its first word on. Extended: the top byte of a heap range’s **length** is its merge type, and the top byte of the **number** of watched ranges holds flags.',
    table(
      ['merge type', '0', '1', '2', '3', '4', '5', '6'],
      [['', 'none', 'sum', 'min', 'max', 'and', 'or', 'xor']],
    ),
    table(
      ['flag', 'meaning'],
      [
        ['bit 63', 'a persistent watcher: it watches again after each activation'],
        [
          'bit 62',
          'a status address follows fi in M4: the aligned SR word where the runner’s end leaves its status record',
        ],
        ['bit 61', 'a serializable runner: what it could read is validated at its commit'],
      ],
    ),
    'A range of length 0 is ignored and heap ranges are united. A range that wraps, leaves 46 bits, crosses or lies below RB, and a stack that overlaps the child’s own heap, are `bad-runner-control` with the range named. Stacks of different runners may overlap. Ranges need no alignment unless merged. A runner whose watched ranges are all empty watches for ever. An fi that is no instruction is the child’s fault, at its start.',
    'A **status record** is written when a runner with a status address ends, however it ends: eight words: state (1 committed, 2 aborted, 3 faulted, 4 conflict), id, number of the fault’s cause, fault pc, fault address, commit version, 0, 0.',
  ];
}

export function faults(): string[] {
  return [
    '## Faults',
    'A fault ends the runner as an abort and is final: running it again would do the same. It is reported with its cause, the runner’s id, the source line, the address of the instruction and the address that it was after. A faulting instruction has had no effect and counts as executed; bytes that are no instruction do not count.',
    table(
      ['number', 'cause', 'when'],
      FAULT_CAUSES.map((cause) => [String(faultNumber(cause)), `\`${cause}\``, FAULT_NOTES[cause]]),
    ),
  ];
}
