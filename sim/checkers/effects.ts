/** I14, I15, I18, I35, I37: what attempts leave, measured against the model. */

import { type AttemptId, attemptKey } from '../../src/actors/control-block.ts';
import type { AttemptEnd } from '../../src/actors/protocol.ts';
import type { Checker, Rerun } from '../evidence.ts';
import { within } from '../model/extent.ts';
import { outputOf } from '../result.ts';
import { describe as describeRunner } from './hand-over.ts';
import { hex, name, sameLoads } from './reads.ts';

export const abortLeavesNothing: Checker = {
  id: 'I14',
  sentence: 'no byte, child or output of an attempt that was not decided is anywhere',
  *check({ result, memory, rerunOf, complete }) {
    for (const { version, attempt, patches, record } of result.log) {
      const run = result.attempts.find((one) => attemptKey(one.attempt) === attemptKey(attempt));
      if (run !== undefined && run.end.type !== 'commit' && patches.length > 0)
        yield `version ${version} holds bytes of ${attemptKey(attempt)}, which ended ${run.end.type}`;
      if (run === undefined && record.length === 0 && attempt.runner > 255n)
        yield `version ${version} is of ${attemptKey(attempt)}, which never ran`;
    }
    for (const address of memory.addresses()) {
      const byte = result.byteAt(address);
      if (byte !== memory.at(address, memory.version))
        yield `at the end ${hex(address)} holds ${byte}, not ${memory.at(address, memory.version)}`;
    }
    if (!complete) return;
    for (const channel of ['stdout', 'stderr'] as const) {
      const expected = result.log
        .flatMap(({ version }) => rerunOf(version)?.model.output ?? [])
        .filter((output) => output.channel === channel)
        .flatMap((output) => output.bytes);
      const actual = [...outputOf(result, channel)];
      if (actual.join() !== expected.join()) yield `${channel} is [${actual}], not [${expected}]`;
    }
    yield* result.rewritten.map((what) => `output is written twice, at ${what}`);
  },
};

export const spansTell: Checker = {
  id: 'I14b',
  sentence: 'what validation and watchers hear of a commit is what it wrote, to the byte',
  *check({ result, memory }) {
    for (const { version, spans } of result.log) {
      const heard = spans.flatMap(({ base, length }) => Array.from({ length }, (_, i) => base + i));
      const written = sorted(memory.written(version).keys());
      if (sorted(heard) !== written)
        yield `version ${version} wrote ${written} and is told as ${sorted(heard)}`;
    }
  },
};

export const heapOnly: Checker = {
  id: 'I15',
  sentence: 'a commit lies within its heap ranges, outside stack and private memory',
  *check({ result }) {
    for (const { version, run, patches } of result.log) {
      if (run === null) continue;
      for (const { address, bytes } of patches.flatMap(({ runs }) => runs))
        for (let at = address; at < address + bytes.length; at += 1)
          if (!within(run.control.heap, at) || within([run.control.stack], at))
            yield `version ${version} writes ${hex(at)}, which is not heap of ${attemptKey(run.attempt)}`;
    }
  },
};

export const rangesHold: Checker = {
  id: 'I18',
  sentence: 'an access outside the ranges faults with pc and address, and nothing else does',
  *check({ reruns }) {
    for (const rerun of reruns) {
      const { end } = rerun.event;
      const { fault } = rerun.model;
      if (isIncomplete(end)) continue;
      const actual = end.type === 'fault' ? end.fault : null;
      if (actual?.cause !== fault?.cause || actual?.pc !== fault?.pc || actual?.address !== fault?.address)
        yield `${name(rerun)} faults with ${shown(actual)}, not with ${shown(fault)}`;
    }
  },
};

export const reexecution: Checker = {
  id: 'I35',
  sentence: 'the reference interpreter on (M_sv, stack image) reproduces each attempt',
  *check({ reruns, result }) {
    for (const rerun of reruns) {
      const { event, model } = rerun;
      const { end } = event;
      if (!sameLoads(rerun)) yield `${name(rerun)} loads what the model does not`;
      if (isIncomplete(end)) continue;
      if (end.type !== model.end) yield `${name(rerun)} ends by ${end.type}, not by ${model.end}`;
      if (end.executed !== model.executed)
        yield `${name(rerun)} executes ${end.executed} instructions, not ${model.executed}`;
      if (end.type !== 'fault' && end.detach !== model.detach)
        yield `${name(rerun)} has detach ${end.detach}`;
      if (end.type === 'commit' && model.end === 'commit')
        yield* differences(rerun, end, result.config.serializable);
    }
  },
};

function* differences(
  rerun: Rerun,
  end: Extract<AttemptEnd, { readonly type: 'commit' }>,
  serializable: boolean,
): Iterable<string> {
  const { event, model } = rerun;
  const compare = (what: string, actual: string, expected: string) =>
    actual === expected ? [] : [`${name(rerun)} has ${what} ${actual}, not ${expected}`];
  const written = new Map(
    event.patches.flatMap(({ runs }) =>
      runs.flatMap(({ address, bytes }) => Array.from(bytes, (byte, i) => [address + i, byte] as const)),
    ),
  );
  yield* compare('written bytes', pairs(written), pairs(model.written));
  const spans = end.spans.flatMap(({ base, length, merge }) =>
    Array.from({ length }, (_, i) => [base + i, merge] as const),
  );
  const types = [...model.written.keys()].map((at) => [at, model.mergeAt(at)] as const);
  yield* compare('spans', pairs(new Map(spans)), pairs(new Map(types)));
  const reads = end.reads.flatMap(({ base, length }) => Array.from({ length }, (_, i) => base + i));
  yield* compare('validated reads', sorted(reads), sorted(model.reads));
  yield* compare(
    'children',
    end.children.map((child) => describeRunner(child, serializable)).join(),
    model.children.map((child) => describeRunner(child, serializable)).join(),
  );
  yield* compare('output', outputText(end.output), outputText(model.output));
}

export const limitsHold: Checker = {
  id: 'I37',
  sentence: 'a breached limit faults the runner and the machine goes on to its end',
  *check({ result, reruns }) {
    const { config, summary } = result;
    if (summary.status === 'failed') yield `the machine failed: ${summary.error}`;
    for (const rerun of reruns) {
      const { end } = rerun.event;
      if (isIncomplete(end)) continue;
      if (end.executed > config.fuel) yield `${name(rerun)} executes ${end.executed} of ${config.fuel}`;
      if (end.type !== 'commit') continue;
      if (end.children.length > config.limits.children)
        yield `${name(rerun)} has ${end.children.length} children`;
      for (const { heap, watched } of end.children)
        if (heap.length + watched.length > config.limits.ranges)
          yield `${name(rerun)} has a child of too many ranges`;
    }
  },
};

type Incomplete = Extract<AttemptEnd, { readonly type: 'lost' | 'snapshot-too-old' }>;

export const roomForRunners: Checker = {
  id: 'I37b',
  sentence: 'a commit whose children the machine has no room for faults its runner, and no other does',
  *check({ result }) {
    const limit = result.config.limits.runners;
    const alive = new Set<bigint>();
    const childrenOf = ({ runner, number }: AttemptId) => {
      const run = result.attempts.find(
        ({ attempt }) => attempt.runner === runner && attempt.number === number,
      );
      return run?.end.type === 'commit' ? run.end.children.length : 0;
    };
    for (const { event } of result.trace) {
      if (event.type === 'runner') {
        if (event.state === 'finished') alive.delete(event.runner);
        else alive.add(event.runner);
      }
      const judged = event.type === 'commit' || (event.type === 'ended' && event.why === 'fault');
      if (!judged || childrenOf(event.attempt) === 0) continue;
      const fits = alive.size - 1 + childrenOf(event.attempt) <= limit;
      const machines = event.type === 'ended' && event.fault?.cause !== 'compartment-lost';
      if (fits === machines)
        yield `${attemptKey(event.attempt)} with ${childrenOf(event.attempt)} children ${machines ? 'faults' : 'commits'} among ${alive.size} of ${limit}`;
    }
  },
};

function isIncomplete(end: AttemptEnd): end is Incomplete {
  return end.type === 'lost' || end.type === 'snapshot-too-old';
}

function pairs(bytes: ReadonlyMap<number, number>): string {
  const ordered = [...bytes].sort(([a], [b]) => a - b);
  return `{${ordered.map(([at, byte]) => `${hex(at)}: ${byte}`).join(', ')}}`;
}

function sorted(addresses: Iterable<number>): string {
  return `{${[...new Set(addresses)]
    .sort((a, b) => a - b)
    .map(hex)
    .join(', ')}}`;
}

function outputText(
  output: readonly { readonly channel: string; readonly bytes: Iterable<number> }[],
): string {
  const all = (channel: string) =>
    output.filter((one) => one.channel === channel).flatMap((one) => [...one.bytes]);
  return `stdout [${all('stdout')}] stderr [${all('stderr')}]`;
}

function shown(fault: { cause: string; pc: number; address: bigint | null } | null): string {
  return fault === null
    ? 'nothing'
    : `${fault.cause} at pc ${hex(fault.pc)}, address ${fault.address && hex(fault.address)}`;
}
