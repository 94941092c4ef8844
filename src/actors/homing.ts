/**
 * The master's half of who keeps which pages. Nodes that come are asked to keep some, and those that leave let go; what a
 * dead node kept, others copy from whoever still has it.
 *
 * **Invariant:** whatever is decided is held by all who are in the directory. A replica that joins it hears of every
 * decision from then on; what was staged before that, it does not hold, so that can no longer be decided, and is done again.
 */

import { homeOf } from '../memory/directory.ts';
import { PageSet } from '../memory/page-set.ts';
import { type Range, unite } from '../memory/ranges.ts';
import type { Span } from '../memory/span.ts';
import { sometimes } from '../sometimes.ts';
import { addressOf } from './address.ts';
import { send, trace } from './behaviour.ts';
import type { MachineConfig } from './config.ts';
import type { MasterState, Out } from './master-state.ts';
import { MASTER_NODE } from './placement.ts';
import { keepersOf, type Places, placesAtFirst } from './places.ts';
import type { HomeReplica, ToMaster } from './protocol.ts';
import { type Kept, planSpread } from './spread.ts';

export interface Homing {
  /** The directory as everybody was told last. */
  places: Places;
  /** By home. */
  readonly homes: readonly HomeRecord[];
  /** Nodes that may keep pages. */
  readonly nodes: Set<number>;
  lastReplica: number;
  lastCopy: number;
  /** Pages that anybody has written to, or that were loaded; null: none can be lost. */
  readonly pages: PageSet | null;
}

export interface HomeRecord {
  replicas: ReplicaRecord[];
  /** The generation in which the newest of them joined the directory. */
  since: number;
  isLost: boolean;
}

export interface ReplicaRecord {
  readonly node: number;
  readonly replica: number;
  /** `asked`: its node is to make it. `copying`: it is in the directory, and copies. `retiring`: it is in it no more. */
  state: 'asked' | 'copying' | 'ready' | 'retiring';
  /** The node of the replica that it copies. */
  source: number | null;
}

/** Ranges that are named when pages are lost. */
const MOST_NAMED = 1_000;

/** `loaded`: what the program's image has put into memory. */
export function homingAtFirst(config: MachineConfig, loaded: readonly Range[]): Homing {
  const places = placesAtFirst(config);
  const isReplicated = config.replicas > 1;
  const pages = isReplicated && !config.keepsAll ? new PageSet(config.pageSize) : null;
  for (const range of loaded) pages?.addRange(range);
  return {
    places,
    homes: places.homes.map((replicas) => ({
      replicas: replicas.map(({ node, replica }) => ({ node, replica, state: 'ready', source: null })),
      since: 0,
      isLost: false,
    })),
    nodes: new Set(config.keepsAll ? [MASTER_NODE] : Array.from({ length: config.nodes }, (_, node) => node)),
    lastReplica: places.homes.flat().length - 1,
    lastCopy: 0,
    pages,
  };
}

/** A commit has written there. */
export function noteWritten({ homing }: MasterState, spans: readonly Span[]): void {
  for (const span of spans) homing.pages?.addRange(span);
}

/** Whether it was staged before somebody came to keep these homes who does not hold it. */
export function isOutdated({ homing }: MasterState, homes: readonly number[], generation: number): boolean {
  return homes.some((home) => {
    const { since, replicas } = homing.homes[home]!;
    // All who held it have died.
    return since > generation || !replicas.some(({ state }) => state === 'ready');
  });
}

/** A node may keep pages from now on. */
export function nodeComes(state: MasterState, node: number, out: Out): void {
  state.homing.nodes.add(node);
  const { places } = state.homing;
  // It knows how a machine begins.
  if (places.generation > 0)
    out.push(send(addressOf('agent', node), { type: 'places', epoch: state.epoch, places }));
  rearrange(state, out);
}

/** A node is to be relieved of its pages. */
export function nodeLeaves(state: MasterState, node: number, out: Out): void {
  state.homing.nodes.delete(node);
  rearrange(state, out);
}

/** Whether it keeps pages that could be kept elsewhere. */
export function keepsPages({ homing, config }: MasterState, node: number): boolean {
  if (config.replicas === 1) return false;
  return homing.homes.some(({ replicas }) => replicas.some((replica) => replica.node === node));
}

/** A node has died, with the pages that it kept. Answers the homes of which nobody has everything any more. */
export function nodeDies(state: MasterState, node: number, out: Out): number[] {
  const { homing } = state;
  homing.nodes.delete(node);
  if (state.config.replicas === 1) return [];
  const lost: number[] = [];
  const orphans: { readonly home: number; readonly replica: ReplicaRecord }[] = [];
  let isNews = false;
  homing.homes.forEach((record, home) => {
    const gone = record.replicas.filter((replica) => replica.node === node);
    if (gone.length === 0) return;
    isNews = true;
    sometimes('a node dies with pages that others keep, too');
    record.replicas = record.replicas.filter((replica) => replica.node !== node);
    for (const { replica, state: of } of gone)
      if (of === 'copying')
        for (const keeper of keepersOf(homing.places, home))
          if (keeper.node !== node) out.push(send(keeper, { type: 'release', replica }));
    if (!record.replicas.some((replica) => replica.state === 'ready') && rangesOf(state, [home]).length > 0) {
      record.isLost = true;
      for (const { node: other, replica, state: of } of record.replicas)
        if (of === 'copying')
          out.push(send(addressOf('home', home, other), { type: 'retire', epoch: state.epoch, replica }));
      record.replicas = [];
      lost.push(home);
    }
    for (const replica of record.replicas)
      if (replica.state === 'copying' && replica.source === node) orphans.push({ home, replica });
  });
  if (!isNews) return [];
  tell(state, out);
  for (const { home, replica } of orphans) {
    sometimes('a node dies from which another copies');
    copy(state, home, replica, out);
  }
  rearrange(state, out);
  return lost;
}

/** Replicas have been made, and join the directory. */
export function joinDirectory(
  state: MasterState,
  { replicas }: Extract<ToMaster, { type: 'kept' }>,
  out: Out,
): void {
  const made = replicas.flatMap(({ home, replica }) => {
    const record = state.homing.homes[home]!.replicas.find((one) => one.replica === replica);
    return record?.state === 'asked' ? [{ home, record }] : [];
  });
  if (made.length === 0) {
    sometimes('a node keeps what it need not keep any more');
    return;
  }
  for (const { home, record } of made) {
    record.state = 'copying';
    state.homing.homes[home]!.since = state.homing.places.generation + 1;
  }
  tell(state, out);
  for (const { home, record } of made) {
    const { epoch, floor } = state;
    // What it copies may be from before others heard of this floor.
    out.push(send(addressOf('home', home, record.node), { type: 'floor', epoch, floor }));
    copy(state, home, record, out);
    // Whoever was asked before may have died before it could answer.
    if (state.ending.unsettled.has(home))
      out.push(send(addressOf('home', home, record.node), { type: 'settle', version: state.homes[home]! }));
  }
}

/** A replica has everything. */
export function copied(state: MasterState, message: HomeReplica, out: Out): void {
  const record = find(state, message);
  if (record?.state !== 'copying') return;
  record.state = 'ready';
  tell(state, out);
  rearrange(state, out);
}

/** A replica is no more. */
export function retired(state: MasterState, message: HomeReplica, out: Out): void {
  const record = find(state, message);
  if (record?.state !== 'retiring') return;
  const home = state.homing.homes[message.home]!;
  home.replicas = home.replicas.filter((one) => one !== record);
  rearrange(state, out);
}

/** What of the memory lies in these homes, as far as anybody has written there. */
export function rangesOf({ homing, config }: MasterState, homes: readonly number[]): Range[] {
  const { pageSize } = config;
  const pages = [...(homing.pages ?? [])].filter((page) => homes.includes(homeOf(page, config.homes)));
  return unite(pages.map((page) => ({ base: page * pageSize, length: pageSize })));
}

/** For a person. */
export function lossText(ranges: readonly Range[]): string {
  const bytes = ranges.reduce((sum, { length }) => sum + length, 0);
  const named = ranges.slice(0, MOST_NAMED).map(({ base, length }) => `0x${base.toString(16)} + ${length}`);
  if (ranges.length > named.length) named.push(`${ranges.length - named.length} more`);
  return `too many nodes have died at once: ${bytes} bytes of memory are lost (${named.join(', ')})`;
}

function find({ homing }: MasterState, { home, replica }: HomeReplica): ReplicaRecord | undefined {
  return homing.homes[home]?.replicas.find((one) => one.replica === replica);
}

/** Begins what there is to change about who keeps what. */
function rearrange(state: MasterState, out: Out): void {
  const { homing, config, epoch } = state;
  if (config.replicas === 1) return;
  const homes = homing.homes.map(({ replicas }) => replicas.map(keptOf));
  const plan = planSpread(homes, [...homing.nodes], config);
  const asked = new Map<number, HomeReplica[]>();
  for (const { home, node } of plan.add) {
    const record = homing.homes[home]!;
    if (record.isLost) continue;
    homing.lastReplica += 1;
    const replica = homing.lastReplica;
    record.replicas.push({ node, replica, state: 'asked', source: null });
    asked.set(node, [...(asked.get(node) ?? []), { home, replica }]);
  }
  for (const [node, replicas] of asked) {
    const incarnation = state.agents.get(node)?.incarnation ?? 1;
    out.push(send(addressOf('agent', node), { type: 'keep', epoch, incarnation, replicas }));
  }
  const retiring = plan.retire.map(({ home, node }) => {
    const record = homing.homes[home]!.replicas.find((one) => one.node === node)!;
    record.state = 'retiring';
    return { home, node, replica: record.replica };
  });
  if (retiring.length === 0) return;
  sometimes('a node is relieved of pages');
  tell(state, out);
  for (const { home, node, replica } of retiring)
    out.push(send(addressOf('home', home, node), { type: 'retire', epoch, replica }));
}

function keptOf({ node, state }: ReplicaRecord): Kept {
  if (state === 'retiring') return { node, state: 'going' };
  return { node, state: state === 'ready' ? 'ready' : 'coming' };
}

/** It copies from whoever has everything; if nobody has, there has never been anything. */
function copy(state: MasterState, home: number, replica: ReplicaRecord, out: Out): void {
  const { homing, epoch } = state;
  const ready = homing.homes[home]!.replicas.filter((one) => one.state === 'ready');
  const source = ready[replica.node % ready.length];
  replica.source = source?.node ?? null;
  homing.lastCopy += 1;
  out.push(
    send(addressOf('home', home, replica.node), {
      type: 'copy',
      epoch,
      replica: replica.replica,
      copy: homing.lastCopy,
      source: source === undefined ? null : addressOf('home', home, source.node),
      needs: state.homes[home]!,
    }),
  );
}

/** The next generation of the directory, to all who look into it. */
function tell(state: MasterState, out: Out): void {
  const { homing, epoch } = state;
  const places: Places = {
    generation: homing.places.generation + 1,
    homes: homing.homes.map(({ replicas }) =>
      replicas.flatMap(({ node, replica, state: of }) =>
        of === 'copying' || of === 'ready' ? [{ node, replica, ready: of === 'ready' }] : [],
      ),
    ),
    lost: homing.homes.flatMap(({ isLost }, home) => (isLost ? [home] : [])),
  };
  homing.places = places;
  out.push(trace({ type: 'places', places }));
  for (const { address } of state.agents.all()) out.push(send(address, { type: 'places', epoch, places }));
  for (const io of state.inputs.keys()) out.push(send(addressOf('io', io), { type: 'places', places }));
}
