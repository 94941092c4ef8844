/** A checkpoint as bytes. */

import type { Checkpoint, KeptRunner, KeptTally, KeptWatcher } from '../../checkpoint.ts';
import { decidedStaged } from './decided.ts';
import type { WireError } from './frame.ts';
import { control, fault, homeContents, range, runnerEnd, span } from './messages.ts';
import { count, flag, integer, list, nullable, type Schema, struct, word } from './schema.ts';
import { decodeAs, encodeAs } from './wire.ts';

const runner = struct<KeptRunner>({
  control,
  place: count,
  watcher: nullable(word),
  isSchedulable: flag,
  isWatching: flag,
  attempts: count,
  losses: count,
  activation: count,
});

const watcher = struct<KeptWatcher>({
  id: word,
  ranges: list(range),
  since: count,
  activation: count,
  watching: flag,
});

const tally = struct<KeptTally>({
  entry: nullable(runnerEnd),
  committed: count,
  aborted: count,
  faulted: count,
  conflicts: count,
  retries: count,
  faults: list(struct({ runner: word, fault })),
});

const checkpoint: Schema<Checkpoint> = struct<Checkpoint>({
  version: count,
  floor: count,
  runners: list(runner),
  places: list(struct({ parent: integer(-1, Number.MAX_SAFE_INTEGER), index: count })),
  watchers: list(watcher),
  homes: list(homeContents),
  history: list(struct({ version: count, writer: word, spans: list(span) })),
  inputs: list(struct({ io: count, number: count, open: flag })),
  channels: list(struct({ io: count, offset: count })),
  signals: list(struct({ word: count, count })),
  staged: list(decidedStaged),
  tally,
  overrun: flag,
});

export function encodeCheckpoint(value: Checkpoint): Uint8Array {
  return encodeAs(checkpoint, value);
}

/** Any bytes give a checkpoint or an error. */
export function decodeCheckpoint(
  bytes: Uint8Array,
): { readonly ok: true; readonly value: Checkpoint } | { readonly ok: false; readonly error: WireError } {
  return decodeAs(checkpoint, bytes);
}
