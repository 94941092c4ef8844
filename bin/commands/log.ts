/** `dvm log`: what a master has kept, and memory as it was at a version that is kept. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptView, nameOfKept, viewOf } from '../../src/actors/node/cluster/kept-view.ts';
import { UsageError } from '../../src/errors.ts';
import { VALUE_TYPES } from '../../src/isa/value-type.ts';
import { wordsIn } from '../../src/isa/words.ts';
import { nameOf } from '../../src/memory/ids.ts';
import { openStore } from '../cluster/open-store.ts';
import { print } from '../console.ts';
import { EXIT } from '../exit-codes.ts';
import { printedWords } from '../run/prints.ts';
import { printRequest, wholeNumber } from '../values.ts';

export interface LogFlags {
  readonly at?: string;
  readonly print: readonly string[];
  readonly json?: boolean;
}

export async function log(directory: string, program: string | undefined, flags: LogFlags): Promise<number> {
  if (!existsSync(join(directory, 'dvm.mdb')))
    throw new UsageError(
      `${directory} is no directory of a master`,
      'dvm node --master --data DIR makes one',
    );
  const store = await openStore(directory, 'DIR');
  try {
    const kept = store.programs();
    if (program === undefined) {
      if (flags.at !== undefined || flags.print.length > 0)
        throw new UsageError(
          '--at and --print are about one program',
          'dvm log DIR PROGRAM --at VERSION --print ADDR:TYPE',
        );
      if (kept.length === 0 && flags.json !== true) print('no programs\n');
      for (const one of kept) {
        const { id, submitted } = one;
        const name = nameOfKept(one);
        tell(
          flags,
          { program: id, name, submitted: new Date(submitted).toISOString() },
          (one) => `${one.program}  ${one.submitted}  ${one.name}`,
        );
      }
      return EXIT.ok;
    }
    const id = wholeNumber('PROGRAM', program);
    const one = kept.find((other) => other.id === id);
    if (one === undefined)
      throw new UsageError(`${directory} has no program ${id}`, `dvm log ${directory} lists them`);
    const view = await viewOf(store, one);
    if (flags.at === undefined && flags.print.length === 0) versions(view, flags);
    else await memory(view, flags);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

function versions(view: KeptView, flags: LogFlags): void {
  for (const { version, runner, attempt, spans } of view.versions()) {
    const ranges = spans.map(({ base, length }) => ({ base: hex(base), length }));
    tell(flags, { version, runner: nameOf(runner), attempt, ranges }, (one) => {
      const written = one.ranges.map(({ base, length }) => `${base}+${length}`).join(' ');
      return `${one.version}  ${one.runner}.${one.attempt}  ${written}`.trimEnd();
    });
  }
}

async function memory(view: KeptView, flags: LogFlags): Promise<void> {
  const at = flags.at === undefined ? view.newest : wholeNumber('--at', flags.at);
  if (at < view.oldest || at > view.newest)
    throw new UsageError(`--at ${at}: versions ${view.oldest} to ${view.newest} are kept`);
  if (flags.print.length === 0)
    throw new UsageError('--at says when, and nothing says what', '--print ADDR:TYPE[xCOUNT]');
  const requests = flags.print.map((text) => printRequest(view.program, text));
  const bytesAt = view.memoryAt(at);
  const words = await printedWords(
    {
      readWords: async (address, type, count) =>
        wordsIn(bytesAt(address, count * VALUE_TYPES[type].bytes), type),
    },
    requests,
  );
  for (const { address, type, values, lines } of words)
    if (flags.json === true)
      print(`${JSON.stringify({ version: at, address: hex(address), type, values })}\n`);
    else for (const line of lines) print(`${line}\n`);
}

function tell<T extends object>({ json }: LogFlags, one: T, text: (one: T) => string): void {
  print(json === true ? `${JSON.stringify(one)}\n` : `${text(one)}\n`);
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
