/** How an instruction is written, for hints. */

import type { InstructionRow, Slot } from '../instructions.ts';

/** The option that is meant where none is written. */
export const DEFAULT_OPTIONS: Readonly<Record<string, string>> = { exit: 'c' };

/** The rows as they are written, options and slots: `br:z|nz D1, M1`. */
export function usage(rows: readonly InstructionRow[]): string {
  return `write ${rows.map(pattern).join(' or ')}`;
}

function pattern(row: InstructionRow): string {
  const options = row.options.filter((option) => option !== '').join('|');
  const mayOmit = (row.options as readonly string[]).includes('') || row.mnemonic in DEFAULT_OPTIONS;
  const option = options === '' ? '' : mayOmit ? `[:${options}]` : `:${options}`;
  let sources = 0;
  let places = 0;
  const slots = row.slots.map((slot: Slot) => (slot === 'D' ? `D${++sources}` : `M${++places}`));
  return `\`${row.mnemonic}${option}${slots.length === 0 ? '' : ' '}${slots.join(', ')}\``;
}
