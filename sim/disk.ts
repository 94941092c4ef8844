/**
 * The disk of the master's node, simulated: the log of what is decided, and a checkpoint. A crash forgets what was not
 * synced; what the outside has heard of, was.
 */

import type { Boot } from '../src/actors/boot.ts';
import type { Decided } from '../src/actors/decided.ts';
import type { PageImage } from '../src/actors/init.ts';
import { decodeCheckpoint, encodeCheckpoint } from '../src/actors/node/wire/checkpoint.ts';
import { decodeDecided, encodeDecided } from '../src/actors/node/wire/decided.ts';
import type { MessageTo } from '../src/actors/protocol.ts';
import { Replayer } from '../src/actors/replay.ts';
import type { Beginning } from '../src/actors/revived-actors.ts';
import type { TraceEvent } from '../src/actors/trace-event.ts';

/** What one step of an actor has decided. */
interface Entry {
  /** Deliveries until then. */
  readonly step: number;
  readonly bytes: Uint8Array;
}

interface Kept {
  readonly state: Uint8Array;
  /** All that have ever changed. */
  readonly pages: ReadonlyMap<number, Uint8Array>;
  readonly outputs: readonly Output[];
}

/** What was put out, and may not have arrived. */
export interface Output {
  readonly io: number;
  readonly message: MessageTo['device'];
}

export interface Recovered {
  /** Has heeded all that survived. */
  readonly replayer: Replayer;
  /** What was decided after the checkpoint, or from the beginning on. */
  readonly events: readonly TraceEvent[];
  readonly outputs: readonly Output[];
}

export class Disk {
  #entries: Entry[] = [];
  #kept: Kept | null = null;
  /** The step of the newest entry that the checkpoint stands for. */
  #passed = 0;
  /** All that was written by that step is synced. */
  #synced = 0;

  /** An actor has decided something, at that step. */
  append(records: readonly Decided[], step: number): void {
    this.#entries.push({ step, bytes: encodeDecided(records) });
  }

  /** The outside hears of something that was sent at that step. */
  heard(step: number): void {
    this.#synced = Math.max(this.#synced, step);
  }

  /** Forgets up to so many of the newest entries that are not synced; answers the step of the newest that survives. */
  crash(unsynced: number): number {
    for (let i = 0; i < unsynced && (this.#entries.at(-1)?.step ?? 0) > this.#synced; i += 1)
      this.#entries.pop();
    const survived = this.#entries.at(-1)?.step ?? this.#passed;
    this.#synced = survived;
    return survived;
  }

  /** `since`: a checkpoint is made of all but so many of the newest entries. */
  recover(boot: Boot, since: number): Recovered {
    this.#checkpoint(boot, this.#entries.length - since);
    const events: TraceEvent[] = [];
    const outputs = [...(this.#kept?.outputs ?? [])];
    const replayer = this.#replayer(boot, events, outputs);
    for (const entry of this.#entries) for (const record of recordsOf(entry)) replayer.heed(record);
    return { replayer, events, outputs };
  }

  #checkpoint(boot: Boot, count: number): void {
    if (count <= 0) return;
    const outputs = [...(this.#kept?.outputs ?? [])];
    const replayer = this.#replayer(boot, [], outputs);
    const passed = this.#entries.slice(0, count);
    for (const entry of passed) for (const record of recordsOf(entry)) replayer.heed(record);
    if (!replayer.mayBegin) return;
    const pages = new Map(this.#kept?.pages);
    for (const { page, bytes } of replayer.takeChanged()) pages.set(page, bytes);
    this.#kept = { state: encodeCheckpoint(replayer.checkpoint()), pages, outputs };
    this.#passed = passed.at(-1)!.step;
    this.#entries = this.#entries.slice(count);
  }

  #replayer({ inits, entry }: Boot, events: TraceEvent[], outputs: Output[]): Replayer {
    return new Replayer({
      inits,
      entry,
      from: this.#beginning(),
      onTrace: (event) => events.push(event),
      toDevice: (io, message) => outputs.push({ io, message }),
    });
  }

  #beginning(): Beginning | null {
    if (this.#kept === null) return null;
    const { state, pages } = this.#kept;
    const checkpoint = decodeCheckpoint(state);
    if (!checkpoint.ok) throw new Error(`the checkpoint is none: ${checkpoint.error.message}`);
    const images = [...pages].map(([page, bytes]): PageImage => ({ page, bytes }));
    return { checkpoint: checkpoint.value, pages: images };
  }
}

function recordsOf({ bytes }: Entry): readonly Decided[] {
  const records = decodeDecided(bytes);
  if (!records.ok) throw new Error(`an entry of the log is none: ${records.error.message}`);
  return records.value;
}
