/** What a statement that is none was probably meant to be. */

import { DIRECTIVE_NAMES, isDirective } from './directives.ts';
import { MNEMONICS } from './select.ts';
import { SourceError } from './source.ts';
import type { Head } from './statement.ts';
import { nearest } from './suggest.ts';

/** The error for a name that is no instruction, no directive and none of `macros`. */
export function unknownStatement(head: Head, macros: Iterable<string>): SourceError {
  const { name } = head;
  const option = head.options[0]?.text;
  if (option !== undefined && (MNEMONICS.has(option) || isDirective(option))) {
    return new SourceError(
      'DE0217',
      head,
      `\`${name}:\` is followed by \`${option}\``,
      'put a space behind a label',
    );
  }
  if (name.startsWith('.')) {
    const guess = nearest(name, [...DIRECTIVE_NAMES, ...macros]);
    return new SourceError(
      'DE0401',
      head,
      `unknown directive \`${name}\``,
      guess === null ? `the directives are ${DIRECTIVE_NAMES.join(' ')}` : `did you mean \`${guess}\`?`,
    );
  }
  return new SourceError('DE0201', head, `unknown instruction \`${name}\``, instructionHint(name, macros));
}

/** Names that other instruction sets have for things that this one says otherwise. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['jmp', 'a jump is written `br:j M1`'],
  ['jump', 'a jump is written `br:j M1`'],
  ['goto', 'a jump is written `br:j M1`'],
  ['call', 'a call is written `bl M1, M2`; M2 receives the return address'],
  ['ret', 'a return is written `br:j (M2)`, with the word that bl wrote'],
  ['cmp', 'br:l, br:e and so on compare and jump at once'],
  ['load', 'memory is read and written by `mov D1, M1`'],
  ['store', 'memory is read and written by `mov D1, M1`'],
  ['mod', 'the remainder is `rem D1, D2, M1`'],
  ['not', 'complement is `xor D1, $-1, M1`'],
  ['neg', 'negation is `sub $0, D2, M1`'],
  ['halt', 'a runner ends by `exit:c` or `exit:a`'],
  ['fork', 'a runner is created by `newr M1, M2, M3, M4`'],
]);

function instructionHint(name: string, macros: Iterable<string>): string {
  const elsewhere = ELSEWHERE.get(name.toLowerCase());
  if (elsewhere !== undefined) return elsewhere;
  const guess = nearest(name, [...MNEMONICS.keys(), ...macros]);
  return guess === null ? 'a label is written with a colon behind it' : `did you mean \`${guess}\`?`;
}
