/** Takes down what stands between `.macro` and `.endm`. */

import { lexLine } from '../lexer.ts';
import { Cursor } from './cursor.ts';
import { DIRECTIVE_NAMES } from './directives.ts';
import { type BodyLine, type Macro, parseBodyLine, parseMacroHead } from './macro.ts';
import type { Report } from './report.ts';
import { MNEMONICS } from './select.ts';
import { SourceError, type SourceLine, type Span } from './source.ts';

interface Recording {
  readonly line: SourceLine;
  readonly at: Span;
  /** Null where the first line was refused: the body is skipped then. */
  macro: { readonly parameters: readonly string[]; readonly body: BodyLine[] } | null;
  /** How many macros inside this one are open; they are refused, and their ends are not its own. */
  nested: number;
}

export class MacroRecorder {
  readonly macros = new Map<string, Macro>();
  readonly #report: Report;
  #recording: Recording | null = null;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Starts at a `.macro`, with the cursor behind it; without one, since the line was refused, the body is skipped. */
  start(line: SourceLine, at: Span, cursor: Cursor | null): void {
    if (line.from !== null && line.from.macro !== null) throw nestedMacro(at);
    this.#recording = { line, at, macro: null, nested: 0 };
    if (cursor === null) return;
    const { name, parameters } = parseMacroHead(cursor);
    if (MNEMONICS.has(name.text) || DIRECTIVE_NAMES.includes(name.text)) {
      throw new SourceError('DE0504', name, `\`${name.text}\` is taken`, 'a macro cannot redefine it');
    }
    if (this.macros.has(name.text)) {
      throw new SourceError('DE0503', name, `macro \`${name.text}\` is defined twice`);
    }
    const macro = { name: name.text, parameters, body: [] };
    this.#recording.macro = macro;
    this.macros.set(name.text, macro);
  }

  /** Takes the line down if a macro is open; false where it is none of ours. */
  record(line: SourceLine): boolean {
    const recording = this.#recording;
    if (recording === null) return false;
    const word = /^([ \t]*)(\.macro|\.endm)(?![A-Za-z0-9_.])/.exec(line.text);
    if (word?.[2] === '.endm') {
      if (recording.nested > 0) recording.nested--;
      else this.#end(line);
    } else if (word?.[2] === '.macro') {
      recording.nested++;
      this.#report.add(line, nestedMacro({ start: word[1]!.length, end: word[0].length }));
    } else if (recording.macro !== null && recording.nested === 0) {
      const { parameters, body } = recording.macro;
      this.#report.attempt(line, () => body.push(parseBodyLine(line, parameters)));
    }
    return true;
  }

  /** Ends a file: no macro may be open. */
  close(): void {
    const recording = this.#recording;
    if (recording === null) return;
    this.#recording = null;
    this.#report.add(
      recording.line,
      new SourceError(
        'DE0501',
        recording.at,
        '`.macro` without `.endm`',
        'end the macro with a line `.endm`',
      ),
    );
  }

  #end(line: SourceLine): void {
    this.#recording = null;
    this.#report.attempt(line, () => {
      const tokens = lexLine(line.text, (error) => this.#report.add(line, error));
      const cursor = new Cursor(line.text, tokens);
      cursor.take();
      cursor.expectEnd();
    });
  }
}

function nestedMacro(at: Span): SourceError {
  return new SourceError(
    'DE0510',
    at,
    'a macro cannot define a macro',
    'define both side by side; one may call the other',
  );
}
