/** From a program to the actors of a machine on one node, and the entry runner's control block. */

import { ADDRESS_LIMIT, type Channel, SYSTEM_RANGE } from '../isa/layout.ts';
import type { Program } from '../isa/program.ts';
import { homeOf, pageOf } from '../memory/directory.ts';
import { ROOT_ID } from '../memory/ids.ts';
import { end, intersect, overlap, type Range, unite } from '../memory/ranges.ts';
import type { MachineConfig, MemoryMap } from './config.ts';
import type { ControlBlock } from './control-block.ts';
import type { Init, IoKind, PageImage } from './init.ts';
import { uniteHeap } from './newborn.ts';
import { agentOf, rcompsOf } from './placement.ts';
import { placesAtFirst } from './places.ts';
import { STREAM_HEADER } from './stream.ts';

export interface Boot {
  /** In the order of creation: whoever is sent a message at a birth is there by then. */
  readonly inits: readonly Init[];
  readonly entry: ControlBlock;
  readonly map: MemoryMap;
}

/** Every machine's first I/O actors, at ids 0, 1, 2. */
export const STANDARD_IO: readonly IoKind[] = [
  { type: 'channel', channel: 'stdout' satisfies Channel },
  { type: 'channel', channel: 'stderr' satisfies Channel },
  { type: 'signals' },
];

/** Runner ids below 256 belong to writers that are no runners. */
const MOST_IO = 254;

/** What cannot be run: the sentence says what lies where and what is in its way. */
export class BootError extends Error {
  override readonly name = 'BootError';
}

/** `ios` starts with `STANDARD_IO`; an I/O actor's id is its place. Throws `BootError` for a memory that does not fit. */
export function boot(program: Program, config: MachineConfig, ios: readonly IoKind[]): Boot {
  if (ios.length > MOST_IO) throw new BootError(`${ios.length} channels and files; the limit is ${MOST_IO}`);
  const { ranges } = config.limits;
  if (program.heap.length > ranges)
    throw new BootError(
      `${program.heap.length} heap ranges of the entry runner; the limit is ${ranges} a runner`,
    );
  const map = mapOf(program, ios);
  const { files, outputs, streams } = map;
  const sections = program.sections.map(({ address, bytes }) => ({ base: address, length: bytes.length }));
  for (const stream of streams) {
    if (stream.base % 8 !== 0 || stream.length <= STREAM_HEADER)
      throw new BootError(
        `stream ${show(stream)}: its base must be aligned to 8 bytes and its length above ${STREAM_HEADER}`,
      );
  }
  mustBeApart(config.regionBoundary, [
    ...sections.map((range) => ({ what: 'assembled section', range })),
    ...files.map((range) => ({ what: 'input file', range })),
    ...outputs.map((range) => ({ what: 'output file', range })),
    ...streams.map((range) => ({ what: 'input stream', range })),
    { what: 'system words', range: SYSTEM_RANGE },
  ]);
  const image = imageOf(program, config);
  const inits: Init[] = [
    { kind: 'master', config, map, ios },
    ...ios.map((io, id): Init => ({ kind: 'io', id, config, io })),
    ...placesAtFirst(config).homes.flatMap((replicas, id) => {
      const own = image.filter(({ page }) => homeOf(page, config.homes) === id);
      return replicas.map(
        ({ node, replica }): Init => ({ kind: 'home', id, node, replica, config, map, image: own }),
      );
    }),
    ...count(config.rcomps).map(
      (id): Init => ({ kind: 'rcomp', id, agent: agentOf(id, config), config, map }),
    ),
    ...count(config.nodes).map(
      (id): Init => ({ kind: 'agent', id, incarnation: 1, rcomps: rcompsOf(id, config), config, map }),
    ),
  ];
  return { inits, entry: entryOf(program), map };
}

/** What lies where before any runner has run. */
export function mapOf(program: Program, ios: readonly IoKind[]): MemoryMap {
  const sections = program.sections.map(({ address, bytes }) => ({ base: address, length: bytes.length }));
  const loaded = unite(sections);
  return {
    assembled: subtract(loaded, unite(program.heap)),
    loaded,
    files: ios.flatMap((io) => (io.type === 'in-file' ? [io.file] : [])),
    outputs: ios.flatMap((io) => (io.type === 'out-file' ? [io.file] : [])),
    streams: ios.flatMap((io) => (io.type === 'stream' ? [io.stream] : [])),
  };
}

function entryOf(program: Program): ControlBlock {
  return {
    id: ROOT_ID,
    parent: 0n,
    index: 0,
    fi: program.entry,
    stack: program.stack,
    heap: uniteHeap(program.heap.filter(({ length }) => length > 0).map((range) => ({ ...range, merge: 0 }))),
    watcher: false,
    watched: [],
    persistent: false,
    serializable: false,
    status: null,
    image: [],
  };
}

function imageOf(program: Program, { pageSize }: MachineConfig): PageImage[] {
  const pages = new Map<number, Uint8Array>();
  for (const { address, bytes } of program.sections) {
    for (let at = 0; at < bytes.length; ) {
      const page = pageOf(address + at, pageSize);
      const offset = (address + at) % pageSize;
      const part = bytes.subarray(at, at + pageSize - offset);
      const content = pages.get(page) ?? new Uint8Array(pageSize);
      content.set(part, offset);
      pages.set(page, content);
      at += part.length;
    }
  }
  return [...pages].map(([page, bytes]) => ({ page, bytes }));
}

function mustBeApart(
  regionBoundary: number,
  things: readonly { readonly what: string; readonly range: Range }[],
): void {
  for (const { what, range } of things) {
    if (range.base < regionBoundary || end(range) > ADDRESS_LIMIT)
      throw new BootError(
        `${what} ${show(range)} must lie in the shared region, from 0x${regionBoundary.toString(16)} to 0x${ADDRESS_LIMIT.toString(16)}`,
      );
  }
  const sorted = things.filter(({ range }) => range.length > 0).sort((a, b) => a.range.base - b.range.base);
  for (let i = 1; i < sorted.length; i++) {
    const [left, right] = [sorted[i - 1]!, sorted[i]!];
    if (overlap([left.range], [right.range]) !== null)
      throw new BootError(`${right.what} ${show(right.range)} overlaps ${left.what} ${show(left.range)}`);
  }
}

/** The bytes of a united list that another one does not have. */
function subtract(from: readonly Range[], without: readonly Range[]): Range[] {
  const parts: Range[] = [];
  for (const range of from) {
    let base = range.base;
    for (const hole of intersect([range], without)) {
      if (hole.base > base) parts.push({ base, length: hole.base - base });
      base = end(hole);
    }
    if (end(range) > base) parts.push({ base, length: end(range) - base });
  }
  return parts;
}

function count(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

function show({ base, length }: Range): string {
  return `0x${base.toString(16)} + ${length}`;
}
