/** A line of tokens as labels and the start of what follows them. */

import { type Cursor, written } from './cursor.ts';
import { SourceError, type Span } from './source.ts';
import type { Token } from './token.ts';

/** What follows a line's labels: an instruction, a directive or a macro call, not yet told apart. */
export interface Head extends Span {
  readonly name: string;
  /** What follows the name behind colons, as written. */
  readonly options: readonly Option[];
}

interface Option extends Span {
  readonly text: string;
}

/** Takes the labels at the cursor: names with a colon, each followed by a space or the end of the line. */
export function takeLabels(cursor: Cursor): Token[] {
  const labels: Token[] = [];
  while (cursor.kind === 'name' && isLabel(cursor)) {
    labels.push(cursor.take());
    cursor.index++;
  }
  return labels;
}

function isLabel(cursor: Cursor): boolean {
  const name = cursor.token;
  const colon = cursor.tokens[cursor.index + 1]!;
  if (colon.kind !== ':' || colon.start !== name.end) return false;
  const next = cursor.tokens[cursor.index + 2]!;
  return next.kind === 'end' || next.start > colon.end;
}

/** Takes the mnemonic, directive or macro name with its options; null where the line is over. */
export function takeHead(cursor: Cursor): Head | null {
  if (cursor.kind === 'end') return null;
  if (cursor.kind !== 'name') {
    throw new SourceError(
      'DE0219',
      cursor.here,
      `a statement cannot start with ${cursor.shown}`,
      'a line holds a label, an instruction, a directive or a macro call',
    );
  }
  const name = cursor.take();
  const options: Option[] = [];
  while (cursor.skip(':')) {
    const at = cursor.here;
    if (cursor.token.kind === 'end') {
      throw new SourceError('DE0202', at, 'expected an option after `:`');
    }
    const token = cursor.take();
    options.push({ text: written(cursor.text, token), start: token.start, end: token.end });
  }
  return { name: name.text, options, start: name.start, end: name.end };
}
