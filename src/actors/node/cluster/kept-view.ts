/** What a store has of one program, for those who look: its versions, and memory at any of them. */

import { Readable } from 'node:stream';
import type { Program } from '../../../isa/program.ts';
import { readProgram } from '../../../isa/program-file.ts';
import { pagesOf } from '../../../memory/directory.ts';
import type { RunnerId } from '../../../memory/ids.ts';
import type { Span } from '../../../memory/span.ts';
import type { Version } from '../../../memory/version.ts';
import { boot } from '../../boot.ts';
import { Replayer } from '../../replay.ts';
import type { TraceEvent } from '../../trace-event.ts';
import { configOf } from '../options.ts';
import { Outside } from '../outside.ts';
import { copyCommon } from '../snapshot-reader.ts';
import { decodeAs } from '../wire/wire.ts';
import { beforeOf } from './before.ts';
import type { KeptProgram, Store } from './store.ts';
import { optionsOf, SUBMISSION } from './submission.ts';

export interface KeptVersion {
  readonly version: Version;
  readonly runner: RunnerId;
  readonly attempt: number;
  readonly spans: readonly Span[];
}

export interface KeptView {
  readonly program: Program;
  /** Memory can be read from here on. */
  readonly oldest: Version;
  readonly newest: Version;
  /** Those after the oldest, in order. */
  versions(): readonly KeptVersion[];
  /** Reads committed bytes as of a version. */
  memoryAt(version: Version): (address: number, length: number) => Uint8Array;
}

/** What its client has called it; empty for what is no submission. */
export function nameOfKept({ submission }: KeptProgram): string {
  const decoded = decodeAs(SUBMISSION, submission);
  return decoded.ok ? decoded.value.name : '';
}

/** Rejects with what is wrong with what is kept. */
export async function viewOf(store: Store, { id, submission: bytes }: KeptProgram): Promise<KeptView> {
  const decoded = decodeAs(SUBMISSION, bytes);
  if (!decoded.ok) throw new Error(`program ${id} is kept as what is none: ${decoded.error.message}`);
  const submission = decoded.value;
  const read = readProgram(submission.program);
  if (!read.ok) throw new Error(`program ${id} is kept as what is none: ${read.error.message}`);
  const { program } = read;
  const stdin = submission.stdin && { ...submission.stdin, source: Readable.from([]) };
  const options = { ...optionsOf(submission), ...(stdin && { stdin }) };
  const config = configOf(options, program.regionBoundary);
  const outside = await Outside.open(program, options, () => {});
  const { inits, entry } = boot(program, config, outside.ios);
  await outside.close();
  const { before } = await beforeOf(store, id);
  const replayed = (onTrace: (event: TraceEvent) => void, goesOn: (replayer: Replayer) => boolean) => {
    const replayer = new Replayer({ inits, entry, from: before.from, onTrace, toDevice: () => {} });
    for (const record of before.records) {
      if (!goesOn(replayer)) break;
      replayer.heed(record);
    }
    return replayer;
  };
  const versions: KeptVersion[] = [];
  const last = replayed(
    (event) => {
      if (event.type !== 'commit') return;
      const { version, attempt, spans } = event;
      versions.push({ version, runner: attempt.runner, attempt: attempt.number, spans });
    },
    () => true,
  );
  return {
    program,
    oldest: before.from?.checkpoint.version ?? 0,
    newest: last.version,
    versions: () => versions,
    memoryAt: (version) => {
      const then = replayed(
        () => {},
        (replayer) => replayer.version < version,
      );
      return (address, length) => {
        const bytes = readAt(then, config.pageSize, address, length);
        // Mapped files are laid over the pages.
        for (const { base, bytes: file } of submission.inputs) copyCommon(file, base, bytes, address);
        return bytes;
      };
    },
  };
}

function readAt(replayer: Replayer, pageSize: number, address: number, length: number): Uint8Array {
  const result = new Uint8Array(length);
  for (const page of pagesOf({ base: address, length }, pageSize)) {
    const bytes = replayer.pageAt(page);
    if (bytes === null) continue;
    copyCommon(bytes, page * pageSize, result, address);
  }
  return result;
}
