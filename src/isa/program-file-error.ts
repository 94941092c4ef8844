/** Why bytes are no program. */

export const PROGRAM_FILE_ERROR_CODES = [
  'not-a-program',
  'unknown-version',
  'truncated',
  'left-over-bytes',
  'bad-checksum',
  'reserved-field',
  'number-too-large',
  'bad-text',
  'bad-profile',
  'bad-region-boundary',
  'bad-entry',
  'outside-shared-region',
  'stack-overlaps-heap',
  'unknown-section',
  'section-order',
  'empty-section',
  'bad-name',
  'symbol-order',
  'bad-line',
] as const;

export type ProgramFileErrorCode = (typeof PROGRAM_FILE_ERROR_CODES)[number];

export interface ProgramFileError {
  readonly code: ProgramFileErrorCode;
  readonly message: string;
  /** Of the field that is wrong, from the start of the file. */
  readonly offset: number;
}

/** Thrown by readers on the way to such an error. */
export class Malformed implements ProgramFileError {
  readonly code: ProgramFileErrorCode;
  readonly message: string;
  readonly offset: number;

  constructor(code: ProgramFileErrorCode, message: string, offset: number) {
    this.code = code;
    this.message = message;
    this.offset = offset;
  }
}
