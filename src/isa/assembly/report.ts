/** Collects what is wrong with a source, each with its place and how the line came to be assembled. */

import type { Diagnostic } from '../diagnostics.ts';
import { SourceError, type SourceLine } from './source.ts';
import { POISONED } from './symbols.ts';

/** Frames shown of a long chain of calls. */
const SHOWN_FRAMES = 4;

export class Report {
  readonly #files: readonly string[];
  readonly #found: { readonly serial: number; readonly diagnostic: Diagnostic }[] = [];

  /** `files` may grow while diagnostics are added. */
  constructor(files: readonly string[]) {
    this.#files = files;
  }

  get isEmpty(): boolean {
    return this.#found.length === 0;
  }

  readonly add = (line: SourceLine, error: SourceError): void => {
    const diagnostic: Diagnostic = {
      code: error.code,
      message: error.message,
      file: this.#files[line.file]!,
      line: line.line,
      column: error.start + 1,
      length: Math.max(1, error.end - error.start),
      source: line.text,
      hint: error.hint,
      trail: this.#trail(line),
    };
    this.#found.push({ serial: line.serial, diagnostic });
  };

  /** Runs a step of assembly and reports what it refuses; a step that needs what was refused elsewhere just ends. */
  attempt(line: SourceLine, step: () => void): void {
    try {
      step();
    } catch (error) {
      if (error instanceof SourceError) this.add(line, error);
      else if (error !== POISONED) throw error;
    }
  }

  /** `file:line` of a line. */
  readonly where = (line: SourceLine): string => `${this.#files[line.file]}:${line.line}`;

  /** All diagnostics in the order of the source. */
  sorted(): Diagnostic[] {
    this.#found.sort((a, b) => a.serial - b.serial || a.diagnostic.column - b.diagnostic.column);
    return this.#found.map((found) => found.diagnostic);
  }

  #trail(line: SourceLine): string[] {
    const trail: string[] = [];
    let frame = line.from;
    while (frame !== null && trail.length < SHOWN_FRAMES) {
      const place = this.where(frame.caller);
      trail.push(
        frame.macro === null ? `included at ${place}` : `in macro ${frame.macro} called at ${place}`,
      );
      frame = frame.caller.from;
    }
    if (frame !== null) trail.push(`and ${frame.depth} more`);
    return trail;
  }
}
