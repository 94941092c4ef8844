/** Source text by the line, and the error that refuses a piece of it. */

import type { DiagnosticCode } from '../diagnostic-catalogue.ts';

/** One line as it is assembled: of a file, or of a macro's body with its parameters replaced. */
export interface SourceLine {
  /** Place in the order of assembly: diagnostics are sorted by it. */
  readonly serial: number;
  /** Index into the names of the files read so far. */
  readonly file: number;
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
  /** The macro call or `.include` that brought the line here; null in the main file. */
  readonly from: Frame | null;
}

/** A macro call or an `.include` that is being read. */
export interface Frame {
  /** The macro's name; null for an `.include`. */
  readonly macro: string | null;
  readonly caller: SourceLine;
  /** How many frames there are from here to the main file, this one included. */
  readonly depth: number;
}

/** Thrown where a piece of a line cannot be assembled; caught, with the line known, once per statement or operand. */
export class SourceError {
  readonly code: DiagnosticCode;
  /** First column of the piece, from 0. */
  readonly start: number;
  /** Column after the piece. */
  readonly end: number;
  readonly message: string;
  readonly hint: string | null;

  constructor(code: DiagnosticCode, at: Span, message: string, hint: string | null = null) {
    this.code = code;
    this.start = at.start;
    this.end = at.end;
    this.message = message;
    this.hint = hint;
  }
}

/** Columns `[start, end)` of a line, from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
