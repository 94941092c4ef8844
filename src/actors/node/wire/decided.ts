/** What goes into the log, as bytes. */

import type { Decided, Ending } from '../../decided.ts';
import type { AttemptEnd } from '../../protocol.ts';
import type { Summary } from '../../summary.ts';
import type { WireError } from './frame.ts';
import { attempt, attemptEnd, fault, pagePatch, runnerEnd, span } from './messages.ts';
import { choice, count, flag, list, nullable, type Schema, struct, text, variants, word } from './schema.ts';
import { decodeAs, encodeAs } from './wire.ts';

const ending = struct<Ending>({ how: runnerEnd, sv: count, detach: flag, fault: nullable(fault) });

type Staged = Extract<Decided, { type: 'staged' }>;

export const decidedStaged = variants<Staged>({
  staged: { home: count, attempt, sv: nullable(count), patches: list(pagePatch) },
});

const decided: Schema<readonly Decided[]> = list(
  variants<Decided>({
    staged: { home: count, attempt, sv: nullable(count), patches: list(pagePatch) },
    committed: { attempt, end: attemptEnd as Schema<Extract<AttemptEnd, { type: 'commit' }>> },
    finished: { runner: word, ending },
    lost: { runner: word },
    arrived: {
      io: count,
      number: count,
      spans: list(span),
      homes: list(count),
      generation: count,
      last: flag,
    },
    floor: { floor: count },
    closed: { status: choice<Summary['status']>()('done', 'cancelled', 'failed'), error: text },
  }),
);

/** The records of one step. */
export function encodeDecided(records: readonly Decided[]): Uint8Array {
  return encodeAs(decided, records);
}

/** Any bytes give records or an error. */
export function decodeDecided(
  bytes: Uint8Array,
):
  | { readonly ok: true; readonly value: readonly Decided[] }
  | { readonly ok: false; readonly error: WireError } {
  const decoded = decodeAs(decided, bytes);
  const isOurs =
    decoded.ok &&
    decoded.value.every((record) => record.type !== 'committed' || record.end.type === 'commit');
  if (decoded.ok && !isOurs)
    return { ok: false, error: { code: 'wrong-shape', offset: 0, message: 'a commit expected' } };
  return decoded;
}
