/**
 * All that a machine has decided by some step of its log, as data: with the pages as of then, what a replay may begin with
 * instead of the log's first record.
 */

import type { RunnerId } from '../memory/ids.ts';
import { Place } from '../memory/place.ts';
import type { Range } from '../memory/ranges.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import type { ControlBlock } from './control-block.ts';
import type { Decided } from './decided.ts';
import type { MasterState, Tally } from './master-state.ts';
import { contentsOf, type HomeState } from './page-home.ts';
import type { HomeContents } from './protocol.ts';
import { runnerRecord } from './runner-record.ts';
import type { WatcherState } from './watcher.ts';

export interface Checkpoint {
  readonly version: Version;
  readonly floor: Version;
  readonly runners: readonly KeptRunner[];
  /** Of these runners and all before them: the place of its parent in this list, −1 for the entry's, and its index. */
  readonly places: readonly { readonly parent: number; readonly index: number }[];
  readonly watchers: readonly KeptWatcher[];
  readonly homes: readonly HomeContents[];
  /** Commits above the floor. */
  readonly history: readonly {
    readonly version: Version;
    readonly writer: RunnerId;
    readonly spans: readonly Span[];
  }[];
  readonly inputs: readonly { readonly io: number; readonly number: number; readonly open: boolean }[];
  /** Bytes that were put out. */
  readonly channels: readonly { readonly io: number; readonly offset: number }[];
  /** What signals have come to, by system word. */
  readonly signals: readonly { readonly word: number; readonly count: number }[];
  /** What homes hold for attempts that are not decided. */
  readonly staged: readonly Extract<Decided, { type: 'staged' }>[];
  readonly tally: KeptTally;
  readonly overrun: boolean;
}

/** As the master's, and nobody's to change. */
export type KeptTally = Readonly<Omit<Tally, 'faults'>> & {
  readonly faults: readonly Tally['faults'][number][];
};

export interface KeptRunner {
  readonly control: ControlBlock;
  /** In the list of places. */
  readonly place: number;
  readonly watcher: RunnerId | null;
  readonly isSchedulable: boolean;
  /** It waits in the index of watchers. */
  readonly isWatching: boolean;
  readonly attempts: number;
  readonly losses: number;
  readonly activation: number;
}

export interface KeptWatcher {
  readonly id: RunnerId;
  readonly ranges: readonly Range[];
  readonly since: Version;
  readonly activation: number;
  readonly watching: boolean;
}

/** `master` is one whose notices have all been answered, and of which no attempt is out. */
export function checkpointOf(
  master: MasterState,
  homes: readonly HomeState[],
  watchers: Iterable<WatcherState>,
): Omit<Checkpoint, 'signals' | 'staged'> {
  const places = new Places();
  return {
    version: master.version,
    floor: master.floor,
    runners: [...master.runners.values()].map((record) => ({
      control: record.control,
      place: places.of(record.place),
      watcher: record.watcher,
      isSchedulable: record.state === 'schedulable',
      isWatching: master.index.has(record.control.id),
      attempts: record.attempts,
      losses: record.losses,
      activation: record.activation,
    })),
    places: places.all,
    watchers: [...watchers].map(({ id, ranges, since, activation, watching }) => ({
      id,
      ranges,
      since,
      activation,
      watching,
    })),
    homes: homes.map(contentsOf),
    history: [...master.history.commits()],
    inputs: [...master.inputs].map(([io, { number, open }]) => ({ io, number, open })),
    channels: [...master.channels.values()].map(({ io, offset }) => ({ io, offset })),
    tally: master.tally,
    overrun: master.ending.overrun,
  };
}

/** Puts it into a master that has decided nothing. */
export function resumeMaster(master: MasterState, checkpoint: Checkpoint): void {
  const { version, floor, tally } = checkpoint;
  master.version = version;
  master.floor = floor;
  checkpoint.homes
    .map(({ applied }, home) => ({ applied, home }))
    .sort((a, b) => a.applied - b.applied)
    .forEach(({ applied, home }) => {
      master.homes[home] = applied;
      if (applied > 0) master.touched.add(home);
    });
  master.history.forget(floor);
  for (const commit of checkpoint.history) master.history.record(commit.version, commit.writer, commit.spans);
  resumeRunners(master, checkpoint);
  for (const { io, number, open } of checkpoint.inputs) {
    const input = master.inputs.get(io)!;
    input.number = number;
    input.open = open;
  }
  for (const { io, offset } of checkpoint.channels)
    for (const channel of master.channels.values()) if (channel.io === io) channel.offset = offset;
  const { faults, ...counts } = tally;
  Object.assign(master.tally, counts);
  master.tally.faults.splice(0, master.tally.faults.length, ...faults);
  master.ending.overrun = checkpoint.overrun;
}

function resumeRunners(master: MasterState, { runners, places: listed }: Checkpoint): void {
  const places: Place[] = [];
  for (const { parent, index } of listed)
    places.push(parent < 0 ? Place.root() : places[parent]!.child(index));
  master.runners.clear();
  master.pool.drain();
  master.live = 0;
  for (const kept of runners) {
    const { control } = kept;
    const record = runnerRecord(control, places[kept.place]!, kept.watcher);
    record.attempts = kept.attempts;
    record.losses = kept.losses;
    record.activation = kept.activation;
    master.runners.set(control.id, record);
    if (kept.isSchedulable) {
      record.state = 'schedulable';
      master.live += 1;
      master.pool.push(record);
    } else record.state = 'watching';
    if (kept.isWatching) master.index.insert(control.id, control.watched);
    if (record.losses >= master.config.starvingAfter) master.starvation.add(record);
  }
}

/** Places as a list in which parents come before their children. */
class Places {
  readonly all: { readonly parent: number; readonly index: number }[] = [];
  readonly #known = new Map<Place, number>();

  of(place: Place): number {
    const chain: Place[] = [];
    let at: Place | null = place;
    for (; at !== null && !this.#known.has(at); at = at.parent) chain.push(at);
    for (const next of chain.reverse()) {
      this.#known.set(next, this.all.length);
      const parent = next.parent === null ? -1 : this.#known.get(next.parent)!;
      this.all.push({ parent, index: next.index });
    }
    return this.#known.get(place)!;
  }
}
