/** What a simulation leaves behind for those who judge it. */

import type { Address } from '../src/actors/address.ts';
import type { MachineConfig, MemoryMap } from '../src/actors/config.ts';
import { type AttemptId, attemptKey, type ControlBlock } from '../src/actors/control-block.ts';
import type { IoKind } from '../src/actors/init.ts';
import type { Summary } from '../src/actors/summary.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';
import type { Channel } from '../src/isa/layout.ts';
import type { Program } from '../src/isa/program.ts';
import { pageOf } from '../src/memory/directory.ts';
import type { PagePatch } from '../src/memory/patch.ts';
import type { Device } from './devices.ts';
import type { Delivery, Envelope } from './network.ts';

type EventOf<T extends TraceEvent['type']> = Extract<TraceEvent, { readonly type: T }>;

/** An event, and when: after so many deliveries, with so many versions decided (itself included). */
export interface Traced<E extends TraceEvent = TraceEvent> {
  readonly step: number;
  readonly decided: number;
  readonly event: E;
}

/** One decided version, with all that belongs to it. */
export interface Commit extends EventOf<'commit'> {
  /** What was staged for it: by its RComp, or by the I/O actor whose arrival it is. */
  readonly patches: readonly PagePatch[];
  /** The attempt that it commits; null for arrivals, and for status records of runners that did not commit. */
  readonly run: EventOf<'attempt'> | null;
}

/** What is known of a machine before anything has happened. */
export interface Setting {
  readonly program: Program;
  readonly config: MachineConfig;
  readonly map: MemoryMap;
  readonly ios: readonly IoKind[];
  readonly inputs: ReadonlyMap<number, Uint8Array>;
  readonly entry: ControlBlock;
}

export interface SimResult extends Setting {
  readonly summary: Summary;
  /** In version order: `log[v − 1]` is version v. */
  readonly log: readonly Commit[];
  /** What attempts did, decided or not, in the order of their ends. */
  readonly attempts: readonly EventOf<'attempt'>[];
  readonly trace: readonly Traced[];
  readonly sent: readonly Envelope[];
  readonly deliveries: readonly Delivery[];
  readonly deaths: number;
  /** The byte of the final memory, as a client reads it. */
  readonly byteAt: (address: number) => number;
  /** What reached the outside of each I/O actor. */
  readonly written: readonly Uint8Array[];
  /** Bytes of a channel that were written twice, not alike. */
  readonly rewritten: readonly string[];
}

/** The events of one type. */
export function eventsOf<T extends TraceEvent['type']>(
  trace: readonly Traced[],
  type: T,
): Traced<EventOf<T>>[] {
  return trace.filter((traced): traced is Traced<EventOf<T>> => traced.event.type === type);
}

/** What reached an output channel. */
export function outputOf(result: SimResult, channel: Channel): Uint8Array {
  const io = result.ios.findIndex((kind) => kind.type === 'channel' && kind.channel === channel);
  return result.written[io] ?? new Uint8Array();
}

interface Remains extends Setting {
  readonly summary: Summary;
  readonly deliveries: readonly Delivery[];
  readonly sent: readonly Envelope[];
  readonly traced: readonly Traced[];
  readonly deaths: number;
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly devices: readonly Device[];
}

export function resultOf(remains: Remains): SimResult {
  const { config, traced, sent, pages, devices, ...rest } = remains;
  const attempts = eventsOf(traced, 'attempt').map(({ event }) => event);
  const staged = stagedPatches(sent);
  const runs = new Map(attempts.map((event) => [attemptKey(event.attempt), event]));
  const log = eventsOf(traced, 'commit').map(({ event }): Commit => {
    const run = runs.get(attemptKey(event.attempt)) ?? null;
    const committed = run?.end.type === 'commit' ? run : null;
    return { ...event, run: committed, patches: committed?.patches ?? staged(event.attempt) };
  });
  const byteAt = (address: number) =>
    pages.get(pageOf(address, config.pageSize))?.[address % config.pageSize] ?? 0;
  return {
    ...rest,
    config,
    sent,
    trace: traced,
    attempts,
    log,
    byteAt,
    written: devices.map((device) => device.written),
    rewritten: devices.flatMap((device) => device.rewritten ?? []),
  };
}

/** What I/O actors staged, by attempt. */
function stagedPatches(sent: readonly Envelope[]): (attempt: AttemptId) => PagePatch[] {
  // All replicas of a home are sent the same.
  const patches = new Map<string, Map<Address['id'], readonly PagePatch[]>>();
  for (const { from, to, message } of sent) {
    if (message.type !== 'stage' || from.kind !== 'io') continue;
    const key = attemptKey(message.attempt);
    patches.set(key, (patches.get(key) ?? new Map()).set(to.id, message.patches));
  }
  return (attempt) => [...(patches.get(attemptKey(attempt))?.values() ?? [])].flat();
}
