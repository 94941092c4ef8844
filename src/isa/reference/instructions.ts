/** The section on each instruction, and that on profiles. */

import { INSTRUCTIONS, type InstructionRow } from '../instructions.ts';
import { INSTRUCTION_NOTES } from './instruction-notes.ts';
import { code, hexByte, table } from './markdown.ts';

export function instructions(): string[] {
  return [
    '## Instructions',
    table(
      ['instruction', 'profile', 'effect'],
      INSTRUCTIONS.map((row) => [`[\`${pattern(row)}\`](#${anchor(row)})`, row.profile, row.effect]),
    ),
    ...INSTRUCTIONS.flatMap((row: InstructionRow) => {
      const note = INSTRUCTION_NOTES[row.code];
      return [
        `### ${title(row)}`,
        code(pattern(row)),
        [row.effect, ...note.details.slice(0, 1)].join(' '),
        ...note.details.slice(1),
        table(
          ['code', 'options', 'types', 'faults of its own', 'profile'],
          [
            [
              hexByte(row.code),
              optionNumbers(row),
              TYPINGS[row.typing],
              faultNames(note.faults),
              row.profile,
            ],
          ],
        ),
        `Example: \`${note.example}\` ${note.means}.`,
      ];
    }),
  ];
}

export function profiles(): string[] {
  const extended = INSTRUCTIONS.filter((row) => row.profile === 'extended').map(
    (row) => `\`${row.mnemonic}\``,
  );
  return [
    '## Profiles',
    `The **base** profile is the paper’s Table 1: twelve mnemonics. The **extended** profile, the default, adds ${extended.join(', ')}, the types \`fs\` and \`fd\`, and \`exit:cd\` and \`exit:ad\`. \`--profile base\` refuses them.`,
  ];
}

const TYPINGS: Readonly<Record<InstructionRow['typing'], string>> = {
  any: 'any',
  integer: 'integers',
  none: 'none',
};

function title(row: InstructionRow): string {
  return `${row.mnemonic}: ${INSTRUCTION_NOTES[row.code].title}`;
}

/** As GitHub makes it of the title. */
function anchor(row: InstructionRow): string {
  return title(row).replace(':', '').replaceAll(' ', '-');
}

/** `br:z|nz D1, M1` */
function pattern(row: InstructionRow): string {
  const options: readonly string[] = row.options;
  const named = options.filter((option) => option !== '').join('|');
  const optional = options.includes('') || row.mnemonic === 'exit';
  let sources = 0;
  let places = 0;
  const slots = row.slots.map((slot) => {
    if (slot === 'D') sources += 1;
    else places += 1;
    return slot === 'D' ? `D${sources}` : `M${places}`;
  });
  const suffix = named === '' ? '' : optional ? `[:${named}]` : `:${named}`;
  return `${row.mnemonic}${suffix} ${slots.join(', ')}`.trimEnd();
}

function optionNumbers(row: InstructionRow): string {
  return row.options.map((option, i) => `${option === '' ? 'none' : `\`${option}\``} ${i}`).join(', ');
}

function faultNames(causes: readonly string[]): string {
  return causes.length === 0 ? 'none' : causes.map((cause) => `\`${cause}\``).join(', ');
}
