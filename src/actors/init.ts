/** What actors are made from: plain data, so that a host on another node can make them. */

import type { Channel } from '../isa/layout.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { Range } from '../memory/ranges.ts';
import type { Version } from '../memory/version.ts';
import type { MachineConfig, MappedFile, MemoryMap, StreamRange } from './config.ts';

/** Everything an actor is made from. */
export type Init =
  | {
      readonly kind: 'master';
      readonly config: MachineConfig;
      readonly map: MemoryMap;
      readonly ios: readonly IoKind[];
    }
  | {
      readonly kind: 'agent';
      readonly id: number;
      /** How often this node has started, from 1. */
      readonly incarnation: number;
      /** Ids of the node's RComps. */
      readonly rcomps: readonly number[];
      readonly config: MachineConfig;
      readonly map: MemoryMap;
    }
  | {
      readonly kind: 'rcomp';
      readonly id: number;
      readonly agent: number;
      readonly config: MachineConfig;
      readonly map: MemoryMap;
    }
  | {
      readonly kind: 'home';
      readonly id: number;
      readonly node: number;
      /** Its number in the directory. */
      readonly replica: number;
      readonly config: MachineConfig;
      readonly map: MemoryMap;
      /** Its pages at first; null: it has to copy them from another replica. */
      readonly image: readonly PageImage[] | null;
    }
  | {
      readonly kind: 'watcher';
      readonly id: RunnerId;
      readonly ranges: readonly Range[];
      readonly since: Version;
    }
  | { readonly kind: 'io'; readonly id: number; readonly config: MachineConfig; readonly io: IoKind };

/** A page of the loaded image. */
export interface PageImage {
  readonly page: number;
  readonly bytes: Uint8Array;
}

/** What an I/O actor serves; its id is its place in the list of all. */
export type IoKind =
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'in-file'; readonly file: MappedFile }
  | { readonly type: 'out-file'; readonly file: MappedFile }
  | { readonly type: 'stream'; readonly stream: StreamRange }
  | { readonly type: 'signals' };
