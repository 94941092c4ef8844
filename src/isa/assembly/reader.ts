/** Reads files line by line, follows includes, expands macros, and hands on what is left: labels and statements. */

import { lexLine } from '../lexer.ts';
import { Cursor } from './cursor.ts';
import type { Argument } from './directives.ts';
import { type DirectiveName, isDirective, parseArguments } from './directives.ts';
import { fillBodyLine, type Macro, takeArgumentTexts } from './macro.ts';
import { MacroRecorder } from './macro-recorder.ts';
import { includedName } from './path.ts';
import type { Report } from './report.ts';
import { MNEMONICS } from './select.ts';
import { type Frame, SourceError, type SourceLine } from './source.ts';
import { type Head, takeHead, takeLabels } from './statement.ts';
import type { Token } from './token.ts';
import { unknownStatement } from './unknown.ts';

/** Hears the program in order. What throws a `SourceError` is reported, and the next statement follows. */
export interface Listener {
  label(line: SourceLine, name: Token): void;
  instruction(line: SourceLine, head: Head, cursor: Cursor): void;
  directive(line: SourceLine, head: Head, name: PlacedDirective, cursor: Cursor): void;
}

/** All directives that are not the reader's own. */
export type PlacedDirective = Exclude<DirectiveName, '.include'>;

/**
 * The text of a file, or null if there is none: `path` as written in an `.include`, relative to the directory of `from`,
 * the name of the including file.
 */
export type ReadFile = (path: string, from: string) => string | null;

/** Calls and includes within each other. */
const DEEPEST_CALLS = 64;

/** Lines that macros and includes may make in all, and characters of one such line. */
const MOST_EXPANDED_LINES = 1_000_000;
const LONGEST_EXPANDED_LINE = 65_536;

export class Reader {
  /** All lines in the order of assembly; a line's `serial` is its index. */
  readonly lines: SourceLine[] = [];
  readonly #files: string[];
  readonly #readFile: ReadFile;
  readonly #report: Report;
  readonly #listener: Listener;
  readonly #recorder: MacroRecorder;
  #calls = 0;
  #expandedLines = 0;

  /** Appends the names of the files it reads to `files`. */
  constructor(files: string[], readFile: ReadFile, report: Report, listener: Listener) {
    this.#files = files;
    this.#readFile = readFile;
    this.#report = report;
    this.#listener = listener;
    this.#recorder = new MacroRecorder(report);
  }

  /** Reads a whole file; `from` is null for the main one. */
  readText(name: string, text: string, from: Frame | null): void {
    let file = this.#files.indexOf(name);
    if (file < 0) file = this.#files.push(name) - 1;
    let start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0;
    for (let line = 1; start <= text.length; line++) {
      const newline = text.indexOf('\n', start);
      let end = newline < 0 ? text.length : newline;
      if (newline < 0 && start === text.length && line > 1) break;
      const next = end + 1;
      if (end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN) end--;
      if (from !== null && !this.#mayExpand(from)) break;
      this.#readLine({ serial: this.lines.length, file, line, text: text.slice(start, end), from });
      start = next;
    }
    this.#recorder.close();
  }

  #readLine(line: SourceLine): void {
    this.lines.push(line);
    if (this.#recorder.record(line)) return;
    let refused = false;
    const tokens = lexLine(line.text, (error) => {
      refused = true;
      this.#report.add(line, error);
    });
    const cursor = new Cursor(line.text, tokens);
    for (const label of takeLabels(cursor))
      this.#report.attempt(line, () => this.#listener.label(line, label));
    if (cursor.kind === 'end') return;
    this.#report.attempt(line, () => this.#readStatement(line, cursor, refused));
  }

  #readStatement(line: SourceLine, cursor: Cursor, refused: boolean): void {
    if (refused && cursor.kind !== 'name') return;
    const head = takeHead(cursor);
    if (head === null) return;
    const { name } = head;
    if (name === '.macro') this.#recorder.start(line, head, refused ? null : cursor);
    else if (name === '.endm') throw new SourceError('DE0502', head, '`.endm` without `.macro`');
    else if (!refused) this.#readBody(line, head, cursor);
  }

  #readBody(line: SourceLine, head: Head, cursor: Cursor): void {
    const { name } = head;
    const macro = this.#recorder.macros.get(name);
    if (MNEMONICS.has(name)) {
      this.#listener.instruction(line, head, cursor);
    } else if (isDirective(name)) {
      if (name === '.include') this.#include(line, parseArguments(cursor, name, head)[0]!);
      else this.#listener.directive(line, head, name, cursor);
    } else if (macro !== undefined) {
      this.#call(line, head, macro, takeArgumentTexts(cursor));
    } else {
      throw unknownStatement(head, this.#recorder.macros.keys());
    }
  }

  #include(line: SourceLine, path: Argument): void {
    if (path.kind !== 'string') return;
    const written = decodeBytes(path.content);
    const from = this.#files[line.file]!;
    const name = includedName(written, from);
    if (this.#isBeingRead(name, line)) {
      throw new SourceError('DE0512', path, `\`${name}\` includes itself`, 'perhaps through other files');
    }
    const frame = this.#enter(null, line);
    if (frame === null) {
      throw new SourceError('DE0512', path, `includes nest more than ${DEEPEST_CALLS} deep`);
    }
    const text = this.#readFile(written, from);
    if (text === null) {
      throw new SourceError(
        'DE0511',
        path,
        `cannot read \`${name}\``,
        `the name is relative to that of ${from}`,
      );
    }
    this.readText(name, text, frame);
  }

  #isBeingRead(name: string, line: SourceLine): boolean {
    for (let at: SourceLine | undefined = line; at !== undefined; at = at.from?.caller) {
      if (this.#files[at.file] === name) return true;
    }
    return false;
  }

  #call(line: SourceLine, head: Head, macro: Macro, values: string[]): void {
    const { name, parameters, body } = macro;
    const option = head.options[0];
    if (option !== undefined) {
      throw new SourceError('DE0204', option, `macro \`${name}\` takes no option`);
    }
    if (values.length !== parameters.length) {
      const takes = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
      throw new SourceError(
        'DE0506',
        head,
        `macro \`${name}\` takes ${takes}, found ${values.length}`,
        `write \`${[name, parameters.join(', ')].join(' ').trimEnd()}\``,
      );
    }
    const frame = this.#enter(name, line);
    if (frame === null) {
      throw new SourceError(
        'DE0508',
        head,
        `macro calls nest more than ${DEEPEST_CALLS} deep`,
        'a macro that calls itself never ends',
      );
    }
    const call = this.#calls++;
    for (const part of body) {
      if (!this.#mayExpand(frame)) return;
      const text = fillBodyLine(part, values, call);
      if (text.length > LONGEST_EXPANDED_LINE) {
        throw new SourceError('DE0509', head, 'the expansion of the macro is too large');
      }
      this.#readLine({
        serial: this.lines.length,
        file: part.line.file,
        line: part.line.line,
        text,
        from: frame,
      });
    }
  }

  #enter(macro: string | null, caller: SourceLine): Frame | null {
    const depth = (caller.from?.depth ?? 0) + 1;
    return depth > DEEPEST_CALLS ? null : { macro, caller, depth };
  }

  /** Counts an expanded line; at the limit, says so once and stops all expansion. */
  #mayExpand(frame: Frame): boolean {
    this.#expandedLines++;
    if (this.#expandedLines === MOST_EXPANDED_LINES) {
      const { caller } = frame;
      const at = { start: 0, end: caller.text.length };
      this.#report.add(
        caller,
        new SourceError('DE0509', at, `macros and includes make more than ${MOST_EXPANDED_LINES} lines`),
      );
    }
    return this.#expandedLines < MOST_EXPANDED_LINES;
  }
}

/** Text of a string literal's bytes. */
function decodeBytes(content: string): string {
  return new TextDecoder().decode(Uint8Array.from(content, (byte) => byte.charCodeAt(0)));
}

const BYTE_ORDER_MARK = 0xfeff;
const CARRIAGE_RETURN = 0x0d;
