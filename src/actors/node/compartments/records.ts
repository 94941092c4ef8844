/**
 * What the main thread and a compartment's thread say to each other, as records of bytes. Not by the codec of the wire:
 * that one checks what strangers say, and costs more than executing most runners.
 */

import { FAULT_CAUSES, type Fault } from '../../../isa/fault.ts';
import type { MergeType } from '../../../memory/merge.ts';
import type { PagePatch, PatchRun } from '../../../memory/patch.ts';
import type { Range } from '../../../memory/ranges.ts';
import type { ControlBlock, HeapRange, ImageRun } from '../../control-block.ts';
import type { Outcome, Output, SnapshotPage } from '../../protocol.ts';
import type { RecordReader, RecordWriter } from './byte-record.ts';
import { COSTS, type Costs } from './costs.ts';
import type { KnownPages, SentPages } from './known-pages.ts';

/** Main thread → compartment's thread. `execution` counts what the thread is given to execute. */
export type Inward =
  | {
      readonly type: 'execute';
      readonly execution: number;
      readonly control: ControlBlock;
      readonly sv: number;
      readonly pages: readonly SnapshotPage[];
    }
  | { readonly type: 'supply'; readonly execution: number; readonly pages: readonly SnapshotPage[] }
  /** Wakes a thread that waits for pages of an execution that is to be dropped. */
  | { readonly type: 'drop'; readonly execution: number }
  /** The next record is too large for the ring: it has been posted. */
  | { readonly type: 'posted' };

/** Compartment's thread → main thread. */
export type Outward =
  | { readonly type: 'needs'; readonly execution: number; readonly pages: readonly number[] }
  | {
      readonly type: 'ended';
      readonly execution: number;
      readonly outcome: Outcome;
      readonly costs: Costs;
    }
  /** The execution has been dropped, as was wished. */
  | { readonly type: 'dropped'; readonly execution: number }
  | { readonly type: 'posted' };

const INWARD = ['execute', 'supply', 'drop', 'posted'] as const;
const OUTWARD = ['needs', 'ended', 'dropped', 'posted'] as const;
const OUTCOMES = ['commit', 'abort', 'fault'] as const;

export function writeInward(to: RecordWriter, message: Inward, sent: SentPages): void {
  to.byte(INWARD.indexOf(message.type));
  if (message.type === 'posted') return;
  to.word(message.execution);
  if (message.type === 'drop') return;
  sent.write(to, message.pages);
  if (message.type === 'supply') return;
  to.number(message.sv);
  writeControl(to, message.control);
}

export function readInward(from: RecordReader, known: KnownPages): Inward {
  const type = INWARD[from.byte()]!;
  if (type === 'posted') return { type };
  const execution = from.word();
  if (type === 'drop') return { type, execution };
  const pages = known.read(from);
  if (type === 'supply') return { type, execution, pages };
  return { type, execution, pages, sv: from.number(), control: readControl(from) };
}

/** With `give` the bytes of patches may be given away with the record. */
export function writeOutward(to: RecordWriter, message: Outward, give = false): void {
  to.byte(OUTWARD.indexOf(message.type));
  if (message.type === 'posted') return;
  to.word(message.execution);
  switch (message.type) {
    case 'needs':
      to.list(message.pages, (page) => to.number(page));
      break;
    case 'ended':
      for (const cost of COSTS) to.number(message.costs[cost]);
      writeOutcome(to, message.outcome, give);
      break;
    case 'dropped':
      break;
  }
}

export function readOutward(from: RecordReader): Outward {
  const type = OUTWARD[from.byte()]!;
  if (type === 'posted') return { type };
  const execution = from.word();
  switch (type) {
    case 'needs':
      return { type, execution, pages: from.list(() => from.number()) };
    case 'ended': {
      const costs = Object.fromEntries(COSTS.map((cost) => [cost, from.number()])) as unknown as Costs;
      return { type, execution, costs, outcome: readOutcome(from) };
    }
    case 'dropped':
      return { type, execution };
  }
}

function writeOutcome(to: RecordWriter, outcome: Outcome, give: boolean): void {
  to.byte(OUTCOMES.indexOf(outcome.type));
  to.number(outcome.executed);
  switch (outcome.type) {
    case 'commit':
      to.flag(outcome.detach);
      writePatches(to, outcome.patches, give);
      to.list(outcome.reads, (range) => writeRange(to, range));
      to.list(outcome.children, (child) => writeControl(to, child));
      to.list(outcome.output, ({ channel, bytes }) => {
        to.flag(channel === 'stderr');
        to.bytes(bytes);
      });
      break;
    case 'abort':
      to.flag(outcome.detach);
      break;
    case 'fault':
      writeFault(to, outcome.fault);
      break;
  }
}

function readOutcome(from: RecordReader): Outcome {
  const type = OUTCOMES[from.byte()]!;
  const executed = from.number();
  switch (type) {
    case 'commit':
      return {
        type,
        executed,
        detach: from.flag(),
        patches: readPatches(from),
        reads: from.list(() => readRange(from)),
        children: from.list(() => readControl(from)),
        output: from.list((): Output => {
          const channel = from.flag() ? 'stderr' : 'stdout';
          return { channel, bytes: from.bytes() };
        }),
      };
    case 'abort':
      return { type, executed, detach: from.flag() };
    case 'fault':
      return { type, executed, fault: readFault(from) };
  }
}

function writePatches(to: RecordWriter, patches: readonly PagePatch[], give: boolean): void {
  to.flag(give);
  to.list(patches, ({ page, runs }) => {
    to.number(page);
    to.list(runs, (run) => {
      to.number(run.address);
      to.byte(run.merge);
      if (give) to.given(run.bytes);
      else to.bytes(run.bytes);
    });
  });
}

function readPatches(from: RecordReader): PagePatch[] {
  const given = from.flag();
  return from.list(() => ({
    page: from.number(),
    runs: from.list(
      (): PatchRun => ({
        address: from.number(),
        merge: from.byte() as MergeType,
        bytes: given ? from.given() : from.bytes(),
      }),
    ),
  }));
}

function writeControl(to: RecordWriter, control: ControlBlock): void {
  to.big(control.id);
  to.big(control.parent);
  to.number(control.index);
  to.number(control.fi);
  writeRange(to, control.stack);
  to.list(control.heap, (range) => {
    writeRange(to, range);
    to.byte(range.merge);
  });
  to.byte((control.watcher ? 1 : 0) | (control.persistent ? 2 : 0) | (control.serializable ? 4 : 0));
  to.list(control.watched, (range) => writeRange(to, range));
  to.number(control.status ?? -1);
  to.list(control.image, ({ address, bytes }) => {
    to.number(address);
    to.bytes(bytes);
  });
}

function readControl(from: RecordReader): ControlBlock {
  const id = from.big();
  const parent = from.big();
  const index = from.number();
  const fi = from.number();
  const stack = readRange(from);
  const heap = from.list((): HeapRange => ({ ...readRange(from), merge: from.byte() as MergeType }));
  const flags = from.byte();
  const watched = from.list(() => readRange(from));
  const status = from.number();
  const image = from.list((): ImageRun => ({ address: from.number(), bytes: from.bytes() }));
  return {
    id,
    parent,
    index,
    fi,
    stack,
    heap,
    watcher: (flags & 1) !== 0,
    watched,
    persistent: (flags & 2) !== 0,
    serializable: (flags & 4) !== 0,
    status: status < 0 ? null : status,
    image,
  };
}

function writeRange(to: RecordWriter, { base, length }: Range): void {
  to.number(base);
  to.number(length);
}

function readRange(from: RecordReader): Range {
  return { base: from.number(), length: from.number() };
}

function writeFault(to: RecordWriter, { cause, pc, address, detail }: Fault): void {
  to.byte(FAULT_CAUSES.indexOf(cause));
  to.number(pc);
  to.flag(address !== null);
  to.big(address ?? 0n);
  to.text(detail);
}

function readFault(from: RecordReader): Fault {
  const cause = FAULT_CAUSES[from.byte()]!;
  const pc = from.number();
  const known = from.flag();
  const address = from.big();
  return { cause, pc, address: known ? address : null, detail: from.text() };
}
