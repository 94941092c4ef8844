/** How checkers name things. */

import type { AttemptId, ControlBlock } from '../../src/actors/control-block.ts';
import { type Extent, united } from '../model/extent.ts';
import type { Load } from '../model/port.ts';
import type { Runner } from '../model/runner.ts';
import { attemptText } from '../names.ts';

export function name({ event }: { readonly event: { readonly attempt: AttemptId } }): string {
  return attemptText(event.attempt);
}

export function hex(address: number | bigint): string {
  return `0x${address.toString(16)}`;
}

export function loadText(load: Load): string {
  return `load of ${load.size} at ${hex(load.address)} after ${load.executed} instructions`;
}

/** Bytes by address, as one text. */
export function bytesText(bytes: ReadonlyMap<number, number>): string {
  const ordered = [...bytes].sort(([a], [b]) => a - b);
  return `{${ordered.map(([at, byte]) => `${hex(at)}: ${byte}`).join(', ')}}`;
}

export function extentsText(extents: readonly Extent[]): string {
  return `[${united(extents).map(({ base, length }) => `${hex(base)}+${length}`)}]`;
}

/** A control block, the machine's or the model's, as one text. */
export function controlText(control: ControlBlock | Runner, serializable: boolean): string {
  const merges = [...new Set(control.heap.map(({ merge }) => merge))].sort();
  const heap = merges.map(
    (merge) => `${merge}${extentsText(control.heap.filter((range) => range.merge === merge))}`,
  );
  const { id, parent, index, fi, stack, watcher, persistent, status } = control;
  return [
    `id ${hex(id)} parent ${hex(parent)} index ${index} fi ${hex(fi)} stack ${extentsText([stack])}`,
    `heap ${heap.join(' ')} watcher ${watcher} watched ${extentsText(control.watched)} persistent ${persistent}`,
    `serializable ${control.serializable || serializable} status ${status} image ${imageText(control)}`,
  ].join(' ');
}

function imageText({ image }: ControlBlock | Runner): string {
  const bytes =
    image instanceof Map
      ? [...image]
      : (image as ControlBlock['image']).flatMap((run) =>
          Array.from(run.bytes, (byte, i) => [run.address + i, byte] as const),
        );
  return bytesText(new Map(bytes.filter(([, byte]) => byte !== 0)));
}
