/** How the sentences of the paper are accounted for that are not tested on the spot. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const ROOT = new URL('../../', import.meta.url);

/** A spec of another file holds the sentence: by a test of this name, or a part of it. */
export function heldBy(sentence: string, spec: string, name: string): void {
  test(`${sentence} (held by ${spec})`, () => {
    expect(readFileSync(new URL(spec, ROOT), 'utf8')).toContain(name);
  });
}

/** The project departs from the sentence: the decision record quotes it and says why. */
export function departs(sentence: string, record: string): void {
  const path = new URL(`docs/decisions/${record}.md`, ROOT);
  test(`${sentence} (departs: docs/decisions/${record}.md)`, () => {
    expect(existsSync(path) ? oneLine(readFileSync(path, 'utf8')) : '').toContain(sentence);
  });
}

/** Text as one line, without the marks of a quotation. */
function oneLine(text: string): string {
  return text.replace(/\n(> ?)?/g, ' ');
}
