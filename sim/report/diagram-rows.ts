/** What a text diagram shows: which steps, and which of them share a row. */

import { relevantSteps } from './causality.ts';
import { oneLine } from './plain-text.ts';
import {
  type EventStep,
  type FaultStep,
  type MessageStep,
  type RecordedRun,
  type Step,
  timeOf,
} from './recorded-run.ts';

export type Row =
  | { readonly type: 'message'; readonly step: MessageStep; readonly overtaken: boolean }
  /** Messages that stay within one node, one after the other. */
  | { readonly type: 'local'; readonly steps: readonly MessageStep[] }
  | { readonly type: 'event'; readonly step: EventStep }
  | { readonly type: 'fault'; readonly step: FaultStep };

export interface Selection {
  readonly rows: readonly Row[];
  /** Steps that no row shows, and the faults among them. */
  readonly left: number;
  readonly leftFaults: number;
}

/**
 * All steps, if their rows fit `room` lines. If not, those that matter; if these are too many, the last of them, and
 * the faults that were not over yet when these began.
 * @param heightOf lines that a row takes
 */
export function selectRows(run: RecordedRun, room: number, heightOf: (row: Row) => number): Selection {
  const all = rowsOf(run, run.steps);
  if (total(all, heightOf) <= room) return { rows: all, left: 0, leftFaults: 0 };
  const past = relevantSteps(run);
  const wanted = run.steps.filter((step, i) => matters(step, past.has(i)));
  const rows = latest(rowsOf(run, wanted), room, heightOf);
  const shown = new Set(rows.flatMap(stepsOf));
  const left = run.steps.filter((step) => !shown.has(step));
  return { rows, left: left.length, leftFaults: left.filter(({ type }) => type === 'fault').length };
}

/** The actors that take part in a row; a fault's are nobody's. */
export function actorsOf(row: Row): number[] {
  return stepsOf(row).flatMap((step) => {
    if (step.type === 'message') return [step.from, step.to];
    return step.type === 'event' ? [step.actor] : [];
  });
}

/** Whether a message stays within its node; where all is one node, within its actor. */
export function isLocal({ actors, nodes }: RecordedRun, { from, to }: MessageStep): boolean {
  return from === to || (nodes > 1 && actors[from]!.node === actors[to]!.node);
}

/** `start, slice ×3, ended` */
export function namesOf(steps: readonly MessageStep[]): string {
  const runs: { name: string; count: number }[] = [];
  for (const { name } of steps) {
    const last = runs.at(-1);
    if (last?.name === name) last.count += 1;
    else runs.push({ name, count: 1 });
  }
  return runs.map(({ name, count }) => oneLine(name) + (count > 1 ? ` ×${count}` : '')).join(', ');
}

function matters(step: Step, isPast: boolean): boolean {
  return step.type === 'fault' || (step.type === 'message' ? step.relevant : isPast);
}

function rowsOf(run: RecordedRun, steps: readonly Step[]): Row[] {
  const rows: Row[] = [];
  const isOvertaken = overtaking();
  let local: MessageStep[] = [];
  for (const step of steps) {
    if (step.type === 'message' && step.received !== null && isLocal(run, step)) {
      if (
        local.length > 0 &&
        rows.at(-1)?.type === 'local' &&
        placeOf(run, local[0]!) === placeOf(run, step)
      ) {
        local.push(step);
        continue;
      }
      local = [step];
      rows.push({ type: 'local', steps: local });
    } else if (step.type === 'message') rows.push({ type: 'message', step, overtaken: isOvertaken(step) });
    else rows.push(step.type === 'event' ? { type: 'event', step } : { type: 'fault', step });
  }
  return rows;
}

/** Whether the receiver of a message has already got one that was sent later. To be asked in order. */
function overtaking(): (step: MessageStep) => boolean {
  const newest = new Map<number, number>();
  return ({ to, sent, received }) => {
    const before = newest.get(to) ?? sent;
    if (received !== null) newest.set(to, Math.max(before, sent));
    return before > sent;
  };
}

/** Where a local message is; where all is one node, only what an actor sends itself shares a row. */
function placeOf({ actors, nodes }: RecordedRun, { to }: MessageStep): number {
  return nodes > 1 ? actors[to]!.node : to;
}

function latest(rows: readonly Row[], room: number, heightOf: (row: Row) => number): Row[] {
  const start = rows.length - lastThatFit(rows, room, heightOf).length;
  const lasting = rows.slice(0, start).filter((row) => lastsUntil(row) > startOf(rows[start]!));
  const above = lastThatFit(lasting, Math.floor(room / 2), heightOf);
  return [...above, ...lastThatFit(rows.slice(start), room - total(above, heightOf), heightOf)];
}

function lastThatFit(rows: readonly Row[], room: number, heightOf: (row: Row) => number): Row[] {
  let height = 0;
  const tooOld = rows.findLastIndex((row) => {
    height += heightOf(row);
    return height > room;
  });
  return rows.slice(Math.min(tooOld + 1, rows.length - 1));
}

/** When a fault is over; of what does not last, before all times. */
function lastsUntil(row: Row): number {
  return row.type === 'fault' ? (row.step.until ?? -1) : -1;
}

function startOf(row: Row): number {
  return timeOf(stepsOf(row)[0]!);
}

function total(rows: readonly Row[], heightOf: (row: Row) => number): number {
  return rows.reduce((sum, row) => sum + heightOf(row), 0);
}

function stepsOf(row: Row): readonly Step[] {
  return row.type === 'local' ? row.steps : [row.step];
}
