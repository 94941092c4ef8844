/** From a written instruction to the row of the table and the types that it means. */

import { INSTRUCTIONS, type Instruction, type InstructionRow } from '../instructions.ts';
import type { Operand } from '../operands.ts';
import type { Profile } from '../program.ts';
import type { ValueType } from '../value-type.ts';
import { checkLiteral, checkSlot, checkType } from './operand-checks.ts';
import type { OperandSyntax } from './operand-syntax.ts';
import { SourceError } from './source.ts';
import type { Head } from './statement.ts';
import { nearest } from './suggest.ts';
import { DEFAULT_OPTIONS, usage } from './usage.ts';

/** An instruction whose form is settled and whose values are not. */
export interface Selected {
  readonly row: InstructionRow;
  readonly option: string;
  readonly type: ValueType;
  readonly to: ValueType;
  readonly operands: readonly OperandSyntax[];
}

/** The rows of a mnemonic: several for `br`, else one. */
export const MNEMONICS: ReadonlyMap<string, readonly InstructionRow[]> = new Map(
  INSTRUCTIONS.map(({ mnemonic }) => [mnemonic, INSTRUCTIONS.filter((row) => row.mnemonic === mnemonic)]),
);

/** `exit:cd` and `exit:ad`: options of a base instruction that the base profile does not have. */
const EXTENDED_OPTIONS: ReadonlySet<string> = new Set(['cd', 'ad']);

/** Chooses the row by mnemonic and options; throws where there is none in the profile. */
export function selectRow(
  head: Head,
  rows: readonly InstructionRow[],
  profile: Profile,
): { readonly row: InstructionRow; readonly option: string } {
  const [first, second] = head.options;
  if (second !== undefined) {
    throw new SourceError('DE0204', second, `\`${head.name}\` takes at most one option`, usage(rows));
  }
  const option = first?.text ?? DEFAULT_OPTIONS[head.name] ?? '';
  const row = rows.find((candidate) => (candidate.options as readonly string[]).includes(option));
  if (row === undefined) throw badOption(head, rows, option);
  if (profile === 'base' && (row.profile !== 'base' || EXTENDED_OPTIONS.has(option))) {
    throw new SourceError(
      'DE0213',
      head,
      `\`${head.name}${first === undefined ? '' : `:${option}`}\` is not in the base profile`,
      'assemble with --profile extended',
    );
  }
  return { row, option };
}

/** Checks operands against the row's slots and settles the types. */
export function selectForm(
  head: Head,
  row: InstructionRow,
  option: string,
  operands: readonly OperandSyntax[],
  profile: Profile,
): Selected {
  if (operands.length !== row.slots.length) {
    const { slots } = row;
    throw new SourceError(
      'DE0205',
      operands.length > slots.length ? operands[slots.length]! : head,
      `\`${head.name}\` takes ${count(slots.length)}, found ${operands.length}`,
      usage([row]),
    );
  }
  for (let i = 0; i < operands.length; i++) checkSlot(row, row.slots[i]!, operands[i]!);
  const { type, to } = row.mnemonic === 'mov' ? movTypes(operands) : commonType(row, operands);
  for (const operand of operands) {
    if (operand.type !== null) checkType(row, option, operand.type, profile);
  }
  for (const operand of operands) checkLiteral(operand, type);
  return { row, option, type, to, operands };
}

/** The instruction with zeros for its values: as long as it will be. */
export function blankInstruction(selected: Selected): Instruction {
  return instructionOf(
    selected,
    selected.operands.map((operand) => BLANKS[operand.mode]),
  );
}

/** The instruction with its operands. */
export function instructionOf(selected: Selected, operands: readonly Operand[]): Instruction {
  const { row, option, type, to } = selected;
  // Operands were checked against the row's slots; TypeScript cannot follow that through the table.
  const instruction = { code: row.code, mnemonic: row.mnemonic, option, type, to, operands };
  return instruction as unknown as Instruction;
}

const BLANKS: Readonly<Record<Operand['mode'], Operand>> = {
  immediate: { mode: 'immediate', bits: 0n },
  direct: { mode: 'direct', address: 0 },
  indirect: { mode: 'indirect', pointer: 0 },
  displacement: { mode: 'displacement', pointer: 0, displacement: 0 },
};

function count(operands: number): string {
  if (operands === 0) return 'no operands';
  return operands === 1 ? '1 operand' : `${operands} operands`;
}

function badOption(head: Head, rows: readonly InstructionRow[], option: string): SourceError {
  const written = head.options[0];
  const options = rows.flatMap((row) => [...row.options]).filter((name) => name !== '');
  if (written === undefined) {
    return new SourceError('DE0203', head, `\`${head.name}\` needs an option`, usage(rows));
  }
  if (options.length === 0) {
    return new SourceError('DE0204', written, `\`${head.name}\` takes no option`, usage(rows));
  }
  const guess = nearest(option, options);
  return new SourceError(
    'DE0202',
    written,
    `\`${head.name}\` has no option \`${option}\``,
    guess === null ? usage(rows) : `did you mean \`${head.name}:${guess}\`?`,
  );
}

function movTypes(operands: readonly OperandSyntax[]): { type: ValueType; to: ValueType } {
  const type = operands[0]!.type?.name;
  const to = operands[1]!.type?.name;
  return { type: type ?? to ?? 'q', to: to ?? type ?? 'q' };
}

function commonType(
  row: InstructionRow,
  operands: readonly OperandSyntax[],
): { type: ValueType; to: ValueType } {
  if (row.typing === 'none') return { type: 'q', to: 'q' };
  let type: ValueType | null = null;
  for (const operand of operands) {
    if (operand.type === null) continue;
    if (type !== null && type !== operand.type.name) {
      throw new SourceError(
        'DE0208',
        operand.type,
        `\`:${operand.type.name}\` contradicts \`:${type}\``,
        `all operands of \`${row.mnemonic}\` have one type; only mov converts`,
      );
    }
    type = operand.type.name;
  }
  return { type: type ?? 'q', to: type ?? 'q' };
}
