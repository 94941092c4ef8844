/** I13, I16: what a runner starts from. */

import { attemptKey, type ControlBlock } from '../../src/actors/control-block.ts';
import type { Checker } from '../evidence.ts';
import { type Extent, united } from '../model/extent.ts';
import type { Runner } from '../model/runner.ts';
import { eventsOf } from '../result.ts';
import { hex, name } from './reads.ts';

export const session: Checker = {
  id: 'I13',
  sentence: 'a commit acknowledged before an attempt was dispatched is in its snapshot',
  *check({ result }) {
    if (result.config.deterministic) return;
    const at = new Map<string, number>();
    for (const { message, decided } of result.sent) {
      if (message.type !== 'dispatch') continue;
      for (const assignment of message.assignments) {
        at.set(attemptKey(assignment.attempt), assignment.at);
        if (assignment.at !== decided)
          yield `${attemptKey(assignment.attempt)} is dispatched at ${assignment.at}, decided ${decided}`;
      }
    }
    const heard = heardBefore(result);
    for (const { event, step } of eventsOf(result.trace, 'start')) {
      const key = attemptKey(event.attempt);
      if (event.sv < (at.get(key) ?? 0)) yield `${key} starts at ${event.sv}, dispatched at ${at.get(key)}`;
      if (event.sv < heard(step))
        yield `${key} starts at ${event.sv} when its node has heard of ${heard(step)}`;
    }
  },
};

/** The newest readable version that the agent has heard of, after so many deliveries. */
function heardBefore({ deliveries }: Parameters<Checker['check']>[0]['result']): (step: number) => number {
  let newest = 0;
  const heard = deliveries.map(({ message }) => {
    if (message.type === 'news' || message.type === 'dispatch')
      newest = Math.max(newest, message.news.readable);
    return newest;
  });
  return (step) => heard[step - 1] ?? 0;
}

export const handOver: Checker = {
  id: 'I16',
  sentence:
    "a runner starts with the control block and stack image that its parent's commit gave it, at or above that version",
  *check({ result, runners, reruns }) {
    const { serializable } = result.config;
    for (const rerun of reruns) {
      const { attempt, control, end } = rerun.event;
      const expected = runners.get(attempt.runner);
      if (expected === undefined) continue;
      const actual = describe(control, serializable);
      const wanted = describe(expected.control, serializable);
      if (actual !== wanted) yield `${name(rerun)} runs ${actual}, not ${wanted}`;
      if (end.sv < expected.born)
        yield `${name(rerun)} has sv ${end.sv}, its parent is version ${expected.born}`;
    }
  },
};

/** A control block, the machine's or the model's, as one text. */
export function describe(control: ControlBlock | Runner, serializable: boolean): string {
  const merges = [...new Set(control.heap.map(({ merge }) => merge))].sort();
  const heap = merges.map(
    (merge) => `${merge}${ranges(control.heap.filter((range) => range.merge === merge))}`,
  );
  const { id, parent, index, fi, stack, watcher, persistent, status } = control;
  return [
    `id ${hex(id)} parent ${hex(parent)} index ${index} fi ${hex(fi)} stack ${ranges([stack])}`,
    `heap ${heap.join(' ')} watcher ${watcher} watched ${ranges(control.watched)} persistent ${persistent}`,
    `serializable ${control.serializable || serializable} status ${status} image ${imageOf(control)}`,
  ].join(' ');
}

function ranges(extents: readonly Extent[]): string {
  return `[${united(extents).map(({ base, length }) => `${hex(base)}+${length}`)}]`;
}

function imageOf({ image }: ControlBlock | Runner): string {
  const bytes =
    image instanceof Map
      ? [...image]
      : (image as ControlBlock['image']).flatMap((run) =>
          Array.from(run.bytes, (byte, i) => [run.address + i, byte] as const),
        );
  const ordered = bytes.filter(([, byte]) => byte !== 0).sort(([a], [b]) => a - b);
  return `{${ordered.map(([at, byte]) => `${hex(at)}: ${byte}`)}}`;
}
