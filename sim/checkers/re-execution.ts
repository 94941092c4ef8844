/** I35, rule 28: an attempt is a pure function, so it can be executed again and compared. */

import type { AttemptEnd, Output } from '../../src/actors/protocol.ts';
import { isIncomplete, type Rerun } from '../evidence/reruns.ts';
import type { Attempt } from '../model/attempt.ts';
import { type Checker, NOTHING } from './checker.ts';
import { bytesText, controlText, extentsText, name } from './texts.ts';

export const reExecution: Checker = {
  id: 'I35',
  sentence: 'the reference interpreter on (M_sv, stack image) reproduces each attempt',
  watch: ({ world }) => ({
    *attempted(rerun) {
      const { event, model } = rerun;
      const { end } = event;
      if (!rerun.sameLoads) yield `${name(rerun)} loads what the model does not`;
      if (isIncomplete(end)) return;
      if (end.type !== model.end) yield `${name(rerun)} ends by ${end.type}, not by ${model.end}`;
      if (end.executed !== model.executed)
        yield `${name(rerun)} executes ${end.executed} instructions, not ${model.executed}`;
      if (end.type !== 'fault' && end.detach !== model.detach)
        yield `${name(rerun)} has detach ${end.detach}`;
      if (end.type === 'commit' && model.end === 'commit') yield* differences(rerun, end, world.serializable);
    },
  }),
};

function* differences(
  rerun: Rerun,
  end: Extract<AttemptEnd, { readonly type: 'commit' }>,
  serializable: boolean,
): Iterable<string> {
  const { event, model } = rerun;
  const compare = (what: string, actual: string, expected: string) =>
    actual === expected ? NOTHING : [`${name(rerun)} has ${what} ${actual}, not ${expected}`];
  const written = new Map<number, number>();
  const types = new Map<number, number>();
  for (const { runs } of event.patches)
    for (const { address, bytes } of runs)
      for (let i = 0; i < bytes.length; i += 1) written.set(address + i, bytes[i]!);
  for (const { base, length, merge } of end.spans)
    for (let i = 0; i < length; i += 1) types.set(base + i, merge);
  if (!isSame(written, (at) => model.written.get(at), model))
    yield* compare('written bytes', bytesText(written), bytesText(model.written));
  if (!isSame(types, (at) => model.mergeAt(at), model))
    yield* compare('spans', bytesText(types), mergesText(model));
  yield* compare('validated reads', extentsText(end.reads), extentsText(model.reads));
  const children = (all: readonly Parameters<typeof controlText>[0][]) =>
    all.map((child) => controlText(child, serializable)).join();
  yield* compare('children', children(end.children), children(model.children));
  yield* compare('output', outputText(end.output), outputText(model.output));
}

/** Whether the model writes these addresses and no others, each with this. */
function isSame(
  actual: ReadonlyMap<number, number>,
  expected: (address: number) => number | undefined,
  { written }: Attempt,
): boolean {
  if (actual.size !== written.size) return false;
  for (const [address, value] of actual)
    if (!written.has(address) || expected(address) !== value) return false;
  return true;
}

function mergesText({ written, mergeAt }: Attempt): string {
  return bytesText(new Map([...written.keys()].map((at) => [at, mergeAt(at)])));
}

function outputText(output: readonly Output[] | Attempt['output']): string {
  const all = (channel: string) =>
    output.filter((one) => one.channel === channel).flatMap((one) => [...one.bytes]);
  return `stdout [${all('stdout')}] stderr [${all('stderr')}]`;
}
