/** The canonical layout of a source: what `dvm fmt` writes. */

import { continuesName, isBlank } from './assembly/characters.ts';
import { closingQuote } from './assembly/quoted.ts';
import { Report } from './assembly/report.ts';
import type { Diagnostic } from './diagnostics.ts';
import { lexLine } from './lexer.ts';

export type FormatResult =
  | { readonly ok: true; readonly text: string }
  /** What cannot be laid out since it cannot be read: lexical mistakes, at least one. */
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/**
 * Labels at the margin, instructions and data indented, declarations at the margin, one space after commas, comments of
 * neighbouring lines aligned. Lines stay lines, comments and blank lines are kept, and the program stays the same. To
 * format twice is to format once.
 */
export function format(source: string, file = 'source'): FormatResult {
  const texts = source.replace(/^\ufeff/, '').split(/\r?\n/);
  const report = new Report([file]);
  const rows: Row[] = [];
  let macros = 0;
  texts.forEach((text, serial) => {
    const row = rowOf(text);
    const body = macros > 0 && row.name !== '.endm';
    if (!body)
      lexLine(text, (error) => report.add({ serial, file: 0, line: serial + 1, text, from: null }, error));
    if (row.name === '.macro') macros++;
    if (row.name === '.endm') macros = Math.max(0, macros - 1);
    rows.push(row);
  });
  if (!report.isEmpty) return { ok: false, diagnostics: report.sorted() };
  const text = layOut(rows).join('\n').trimEnd();
  return { ok: true, text: text === '' ? '' : `${text}\n` };
}

/** Column of instructions, and of comments that stand alone but not at the margin. */
const INDENT = 8;

/** Comments are aligned behind code up to this column; longer code keeps its comment close. */
const WIDEST_ALIGNED = 64;

/** Directives that say something about the program, not what the next bytes are: at the margin unless labelled. */
const DECLARATIONS: ReadonlySet<string> = new Set([
  '.rb',
  '.entry',
  '.stack',
  '.heap',
  '.equ',
  '.org',
  '.include',
  '.macro',
  '.endm',
]);

/** A line in its canonical form but for the place of its comment. */
interface Row {
  readonly code: string;
  readonly comment: string;
  /** The instruction, directive or macro, or empty. */
  readonly name: string;
  /** The line is a comment that starts at the margin. */
  readonly atMargin: boolean;
}

function rowOf(text: string): Row {
  const { words, comment } = split(text);
  const labels: string[] = [];
  let index = 0;
  while (isLabelAt(words, index)) {
    labels.push(`${words[index]!.text}:`);
    index += 2;
  }
  const name = words[index]?.text ?? '';
  const statement = spaced(words.slice(index));
  const prefix = labels.join(' ');
  let code = prefix;
  if (statement !== '') {
    const margin = prefix === '' && DECLARATIONS.has(name);
    const gap = prefix.length < INDENT ? ' '.repeat(INDENT - prefix.length) : ' ';
    code = margin ? statement : prefix + gap + statement;
  }
  return { code, comment, name, atMargin: text.startsWith('#') };
}

/** A piece of a line: a name or number, a literal, or a mark. */
interface Word {
  readonly text: string;
  /** No mark: two of these next to each other need a space between them. */
  readonly solid: boolean;
  /** Blanks, or the end of the code, follow. */
  readonly ends: boolean;
}

/** Like the lexer, but keeps what is written, and takes a macro's holes for parts of names. */
function split(text: string): { readonly words: Word[]; readonly comment: string } {
  const words: Word[] = [];
  let at = 0;
  while (at < text.length && text[at] !== '#') {
    if (isBlank(text.charCodeAt(at))) {
      at++;
      continue;
    }
    const start = at;
    at = endOfWord(text, start);
    const next = text.charCodeAt(at);
    const ends = at >= text.length || isBlank(next) || text[at] === '#';
    words.push({ text: text.slice(start, at), solid: !MARKS.has(text[start]!), ends });
  }
  return { words, comment: text.slice(at).trimEnd() };
}

const MARKS: ReadonlySet<string> = new Set(',:$()+-*/%<>&|^~');

function endOfWord(text: string, start: number): number {
  const first = text[start]!;
  if (first === '"' || first === "'") {
    const close = closingQuote(text, start);
    return close < 0 ? text.length : close + 1;
  }
  let at = start;
  if ((first === '<' || first === '>') && text[at + 1] === first) return at + 2;
  for (;;) {
    if (text.startsWith('\\()', at)) at += 3;
    else if (text.startsWith('\\@', at)) at += 2;
    else if (text[at] === '\\' || continuesName(text.charCodeAt(at))) at++;
    else break;
  }
  return Math.max(at, start + 1);
}

function isLabelAt(words: readonly Word[], index: number): boolean {
  const name = words[index];
  const colon = words[index + 1];
  return name?.solid === true && !name.ends && colon?.text === ':' && colon.ends;
}

/** The words of a statement: its name with options, a space, and its operands with a space after each comma. */
function spaced(words: readonly Word[]): string {
  // A last colon with nothing behind it is a mistake; closing it up would make the name a label.
  let head = 1;
  while (words[head]?.text === ':' && words[head + 1] !== undefined) head += 2;
  let text = '';
  words.forEach((word, index) => {
    const before = words[index - 1];
    const gap =
      before !== undefined &&
      (index === head ||
        before.text === ',' ||
        (index > head && word.solid && (before.solid || before.text === ')')));
    text += gap ? ` ${word.text}` : word.text;
  });
  return text;
}

/** Lines with their comments in place: those of lines between two blank lines are aligned. */
function layOut(rows: readonly Row[]): string[] {
  const lines: string[] = [];
  for (let start = 0; start < rows.length; ) {
    let end = start;
    while (end < rows.length && !breaksGroup(rows[end]!)) end++;
    const group = rows.slice(start, end);
    const column = commentColumn(group);
    for (const row of group) lines.push(layOutRow(row, column));
    if (end < rows.length) lines.push(rows[end]!.comment);
    start = end + 1;
  }
  return lines;
}

function breaksGroup(row: Row): boolean {
  return row.code === '' && (row.comment === '' || row.atMargin);
}

function commentColumn(group: readonly Row[]): number {
  let column = 0;
  for (const { code, comment } of group) {
    if (comment !== '' && code.length <= WIDEST_ALIGNED) column = Math.max(column, code.length + 2);
  }
  return column;
}

function layOutRow({ code, comment }: Row, column: number): string {
  if (comment === '') return code;
  if (code === '') return ' '.repeat(INDENT) + comment;
  return code.padEnd(Math.max(column, code.length + 2)) + comment;
}
