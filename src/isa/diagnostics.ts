/** What is wrong with a source, as data and as text. */

import { DIAGNOSTICS, type DiagnosticCode } from './diagnostic-catalogue.ts';

export { DIAGNOSTICS, type DiagnosticCode } from './diagnostic-catalogue.ts';

/** One mistake at one place of the source. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  /** A phrase without a full stop that names what was found. */
  readonly message: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1, in UTF-16 code units of `source`. */
  readonly column: number;
  /** How many code units from `column` are meant; at least 1, also at the end of the line. */
  readonly length: number;
  /** The line; in a macro's body with its arguments filled in. */
  readonly source: string;
  /** What to write instead, if that can be told. */
  readonly hint: string | null;
  /** The macro calls and includes that lead to the line, innermost first: "in macro push called at main.disa:7". */
  readonly trail: readonly string[];
}

/** What `dvm explain CODE` prints: what the diagnostic means, with an example that causes it; null for an unknown code. */
export function explain(code: string): string | null {
  if (!Object.hasOwn(DIAGNOSTICS, code)) return null;
  const { title, text, example } = DIAGNOSTICS[code as DiagnosticCode];
  const indented = example.split('\n').map((line) => (line === '' ? '' : `    ${line}`));
  return `${code}: ${title}\n\n${text}\n\nFor example:\n\n${indented.join('\n')}\n`;
}

/** Longer lines are cut around the mistake. */
const SHOWN_COLUMNS = 120;

/**
 * The diagnostic as text: `file:line:column: error CODE: message`, the line and below it carets, the hint, the trail, each
 * where there is one.
 */
export function renderDiagnostic(diagnostic: Diagnostic, options: { readonly color?: boolean } = {}): string {
  const paint =
    options.color === true ? (style: string, text: string) => `\x1b[${style}m${text}\x1b[0m` : plain;
  const { file, line, column, code, message, hint, trail } = diagnostic;
  const [source, carets] = quote(diagnostic);
  const rows = [`${file}:${line}:${column}: ${paint('1;31', `error ${code}`)}: ${paint('1', message)}`];
  if (source !== '') rows.push(`  ${source}`, `  ${paint('1;31', carets)}`);
  if (hint !== null) rows.push(`  ${paint('1;36', 'hint')}: ${hint}`);
  for (const place of trail) rows.push(`  ${place}`);
  return rows.join('\n');
}

function plain(_style: string, text: string): string {
  return text;
}

/** The line and the carets below it; tabs stay, so that both are shifted alike. */
function quote({ source, column, length }: Diagnostic): readonly [string, string] {
  const start = Math.min(column - 1, source.length);
  const end = Math.max(start + 1, Math.min(start + length, source.length));
  const cutBefore = source.length > SHOWN_COLUMNS ? Math.max(0, start - SHOWN_COLUMNS / 2) : 0;
  const cutAfter = Math.min(source.length, cutBefore + SHOWN_COLUMNS);
  const before = cutBefore > 0 ? '…' : '';
  const after = cutAfter < source.length ? '…' : '';
  const shown = before + printable(source.slice(cutBefore, cutAfter)) + after;
  const indent = before.replace(/./g, ' ') + source.slice(cutBefore, start).replace(/[^\t]/g, ' ');
  const carets = Math.max(1, Math.min(end, Math.max(cutAfter, start + 1)) - start);
  return [shown.trimEnd(), indent + '^'.repeat(carets)];
}

/** Control characters would act on the terminal. */
function printable(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0)!;
    return (code < 0x20 && code !== 9) || (code >= 0x7f && code < 0xa0)
      ? '\ufffd'.repeat(character.length)
      : character;
  }).join('');
}
