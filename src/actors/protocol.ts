/**
 * Every message of the machine, grouped by who hears it. One message is one variant; its line says who sends it and
 * when. All of it is plain data: numbers are safe integers, 64-bit values are bigints, bytes are `Uint8Array`s that
 * nobody changes once they are sent.
 */

import type { Fault } from '../isa/fault.ts';
import type { Channel } from '../isa/layout.ts';
import type { RunnerId } from '../memory/ids.ts';
import type { KeptPage } from '../memory/page-store.ts';
import type { PagePatch } from '../memory/patch.ts';
import type { Range } from '../memory/ranges.ts';
import type { Span } from '../memory/span.ts';
import type { Version } from '../memory/version.ts';
import type { Address } from './address.ts';
import type { AttemptId, ControlBlock, Epoch } from './control-block.ts';
import type { Places } from './places.ts';
import type { Summary } from './summary.ts';
import type { ObservedLoad } from './trace-event.ts';

export type { ActorKind, Address } from './address.ts';

/** The newest version that touched a home, as far as the sender knows. */
export interface HomeVersion {
  readonly home: number;
  readonly version: Version;
}

/** A replica of a home, by its own number. */
export interface HomeReplica {
  readonly home: number;
  readonly replica: number;
}

/** What is readable: the newest readable version, and the homes that changed since the last news to this agent. */
export interface News {
  readonly readable: Version;
  readonly touched: readonly HomeVersion[];
}

/** A runner sent to an agent. */
export interface Assignment {
  readonly attempt: AttemptId;
  readonly control: ControlBlock;
  /** The snapshot is taken at this version or a newer one; it pins the floor until the attempt has ended. */
  readonly at: Version;
  /** The snapshot is taken at exactly `at` (deterministic rounds). */
  readonly exact: boolean;
}

/** Bytes that an attempt appends to an output channel if it commits. */
export interface Output {
  readonly channel: Channel;
  readonly bytes: Uint8Array;
}

/** What executing an attempt has come to, before anything is staged. */
export type Outcome =
  | {
      readonly type: 'commit';
      readonly patches: readonly PagePatch[];
      /** Bytes whose reads are validated. United. */
      readonly reads: readonly Range[];
      readonly children: readonly ControlBlock[];
      readonly output: readonly Output[];
      readonly detach: boolean;
      readonly executed: number;
    }
  | { readonly type: 'abort'; readonly detach: boolean; readonly executed: number }
  | { readonly type: 'fault'; readonly fault: Fault; readonly executed: number };

/** How an attempt ended, with all that its commit needs. */
export type AttemptEnd =
  | {
      readonly type: 'commit';
      readonly sv: Version;
      /** Bytes written within the heap ranges; coalesced. */
      readonly spans: readonly Span[];
      /** Bytes whose reads are validated: serializable runners' ranges, loaded merge words. United. */
      readonly reads: readonly Range[];
      readonly children: readonly ControlBlock[];
      readonly output: readonly Output[];
      /** Homes that hold a staged patch of the attempt: all who kept their pages as of this generation of the directory. */
      readonly homes: readonly number[];
      readonly generation: number;
      /** `exit:cd`: a persistent watcher ends. */
      readonly detach: boolean;
      readonly executed: number;
    }
  | { readonly type: 'abort'; readonly sv: Version; readonly detach: boolean; readonly executed: number }
  | { readonly type: 'fault'; readonly sv: Version; readonly fault: Fault; readonly executed: number }
  /** Its snapshot could not be kept: a home had collected a version that it needed. */
  | { readonly type: 'snapshot-too-old'; readonly sv: Version }
  /** Its RComp died. */
  | { readonly type: 'lost'; readonly sv: Version };

/** How a runner ended for good. */
export type RunnerEnd = 'committed' | 'aborted' | 'faulted' | 'conflict';

export type ToMaster =
  /** Client → master: run the entry runner; answered by `done`. */
  | { readonly type: 'run'; readonly client: Address<'client'>; readonly entry: ControlBlock }
  /** Client → master: drop all running attempts and end. */
  | { readonly type: 'cancel' }
  /** Agent → master, once, before anything is dispatched to it. A node that starts again has a new incarnation, counted from 1. */
  | {
      readonly type: 'join';
      readonly agent: Address<'agent'>;
      readonly incarnation: number;
      readonly rcomps: number;
    }
  /** Host → master: this incarnation of the node has died, and all that it ran with it. */
  | { readonly type: 'agent-lost'; readonly agent: Address<'agent'>; readonly incarnation: number }
  /** Client → master: this incarnation of the node is to leave; answered by `left` once nothing is out there any more. */
  | {
      readonly type: 'leave';
      readonly client: Address<'client'>;
      readonly agent: Address<'agent'>;
      readonly incarnation: number;
    }
  /** Agent → master: attempts that have ended at this agent, commit requests among them, in the order of their ends. */
  | {
      readonly type: 'ends';
      readonly agent: Address<'agent'>;
      readonly ends: readonly { readonly attempt: AttemptId; readonly end: AttemptEnd }[];
    }
  /** Agent → master: answers `recall`; these assignments had not started and never will. */
  | { readonly type: 'returned'; readonly agent: Address<'agent'>; readonly attempts: readonly AttemptId[] }
  /** Watcher → master: answers `committed`; activation `activation` starts. */
  | { readonly type: 'activate'; readonly watcher: RunnerId; readonly activation: number }
  /** I/O actor → master: arrival number `number` (from 1) of this input is staged at `homes`; answered by `arrived`. */
  | {
      readonly type: 'arrival';
      readonly io: number;
      readonly number: number;
      readonly spans: readonly Span[];
      readonly homes: readonly number[];
      readonly generation: number;
      readonly last: boolean;
    }
  /** Agent → master: answers `keep`: these replicas stand at the node. */
  | {
      readonly type: 'kept';
      readonly agent: Address<'agent'>;
      readonly incarnation: number;
      readonly replicas: readonly HomeReplica[];
    }
  /** Home → master: answers `copy`: this replica has everything that the others have. */
  | { readonly type: 'copied'; readonly home: number; readonly replica: number }
  /** Home → master: answers `retire`: this replica is no more. */
  | { readonly type: 'retired'; readonly home: number; readonly replica: number }
  /** Stream → master: its ring is full and nothing can arrive until the cursor moves on from where the commit `consumed` left it. */
  | { readonly type: 'stalled'; readonly io: number; readonly consumed: Version }
  /** Home → master: answers `settle`: everything decided is applied, and this many writes went to each output file. */
  | {
      readonly type: 'settled';
      readonly home: number;
      readonly version: Version;
      readonly writes: readonly { readonly io: number; readonly count: number }[];
    }
  /** I/O actor → master: answers `flush`: everything it was given has reached the outside, or could not. */
  | { readonly type: 'flushed'; readonly io: number; readonly error: string | null }
  /** Output → master: the outside takes no more for now, or does again. `changes` counts both, from 1: odd is full. */
  | { readonly type: 'congested'; readonly io: number; readonly changes: number }
  /** I/O actor → master: the outside failed; the program cannot go on. */
  | { readonly type: 'io-failed'; readonly io: number; readonly error: string };

export type ToAgent =
  /** Master → agent: run these when RComps are free, in this order. `batch` counts from 1: a repeated batch is ignored, and so is one for an earlier incarnation. */
  | {
      readonly type: 'dispatch';
      readonly epoch: Epoch;
      readonly incarnation: number;
      readonly batch: number;
      readonly news: News;
      readonly assignments: readonly Assignment[];
    }
  /** Master → agent: the readable version has moved. */
  | { readonly type: 'news'; readonly epoch: Epoch; readonly news: News }
  /** Master → agent: give back what has not started (a starving runner's neighbours wait); answered by `returned`. */
  | { readonly type: 'recall'; readonly epoch: Epoch }
  /** Master → agent: who keeps which pages from now on. The node's RComps hear of it from the agent. */
  | { readonly type: 'places'; readonly epoch: Epoch; readonly places: Places }
  /** Master → agent: keep pages of these homes at your node; answered by `kept`, and copied by the replicas when they are told. */
  | {
      readonly type: 'keep';
      readonly epoch: Epoch;
      readonly incarnation: number;
      readonly replicas: readonly HomeReplica[];
    }
  /** Master → agent: drop this attempt, running or waiting; it no longer counts. Not answered. */
  | { readonly type: 'revoke'; readonly epoch: Epoch; readonly attempt: AttemptId }
  /** RComp → agent: the running attempt needs these pages; answered by `pages`. `number` counts the attempt's needs from 1: a repeated one is ignored. */
  | {
      readonly type: 'need';
      readonly rcomp: number;
      readonly attempt: AttemptId;
      readonly number: number;
      readonly pages: readonly number[];
    }
  /** RComp → agent: the attempt has ended; the RComp is free. */
  | { readonly type: 'ended'; readonly rcomp: number; readonly attempt: AttemptId; readonly end: AttemptEnd }
  /** Home → agent: answers `fetch`. */
  | {
      readonly type: 'fetched';
      readonly home: number;
      readonly at: Version;
      readonly pages: readonly FetchedPage[];
    }
  /** Host → agent: the RComp has died under whatever it ran, and a fresh one stands in its place. */
  | { readonly type: 'rcomp-lost'; readonly rcomp: number }
  /** Agent → itself: send the collected ends; so that all that are already in the mailbox go in one batch. */
  | { readonly type: 'flush' };

/** A page as of a version. */
export interface FetchedPage {
  readonly page: number;
  /** `same`: what the asker has still holds; `too-old`: the version is no longer kept. */
  readonly state: 'bytes' | 'zero' | 'same' | 'too-old';
  /** Empty unless `state` is `bytes`. */
  readonly bytes: Uint8Array;
  /** The content holds for versions [from, through]. */
  readonly from: Version;
  readonly through: Version;
}

/** A page that goes with `start` or `pages`; null bytes are the zero page. */
export interface SnapshotPage {
  readonly page: number;
  readonly bytes: Uint8Array | null;
}

export type ToRComp =
  /** Agent → RComp: run this attempt at snapshot `sv`. `sequence` counts from 1: a repeated start is ignored. */
  | {
      readonly type: 'start';
      readonly sequence: number;
      readonly attempt: AttemptId;
      readonly control: ControlBlock;
      readonly sv: Version;
      readonly pages: readonly SnapshotPage[];
    }
  /** Agent → RComp: answers the attempt's `need` of this number. */
  | {
      readonly type: 'pages';
      readonly attempt: AttemptId;
      readonly number: number;
      readonly pages: readonly SnapshotPage[];
    }
  /** Agent → RComp: a page that the attempt needs is no longer kept at its version. */
  | { readonly type: 'too-old'; readonly attempt: AttemptId }
  /** Agent → RComp: drop this attempt; answered by `ended` (type `lost`) if it was running. */
  | { readonly type: 'stop'; readonly attempt: AttemptId }
  /** RComp → itself: execute the next slice. */
  | { readonly type: 'slice'; readonly attempt: AttemptId }
  /** Compartment → RComp: the attempt cannot go on without these pages; answered by `supply`. */
  | {
      readonly type: 'compartment-needs';
      readonly attempt: AttemptId;
      readonly pages: readonly number[];
    }
  /** Compartment → RComp: answers `execute`. Null: the compartment has died under the attempt. `loads` is for checkers. */
  | {
      readonly type: 'compartment-ended';
      readonly attempt: AttemptId;
      readonly outcome: Outcome | null;
      readonly loads: readonly ObservedLoad[];
    }
  /** Home → RComp: answers `stage`: this replica holds the patch. */
  | { readonly type: 'staged'; readonly replica: number; readonly attempt: AttemptId }
  /** Agent → RComp: who keeps which pages from now on. */
  | { readonly type: 'places'; readonly places: Places };

/** A compartment of its own thread, the outside of an RComp. Not an actor: hosts implement it. Its id is its RComp's. */
export type ToCompartment =
  /** RComp → compartment: execute this attempt from its first instruction, and nothing before it any more; answered by `compartment-ended`. */
  | {
      readonly type: 'execute';
      readonly attempt: AttemptId;
      readonly control: ControlBlock;
      readonly sv: Version;
      readonly pages: readonly SnapshotPage[];
    }
  /** RComp → compartment: answers `compartment-needs`. */
  | { readonly type: 'supply'; readonly attempt: AttemptId; readonly pages: readonly SnapshotPage[] }
  /** RComp → compartment: drop this attempt. Not answered. */
  | { readonly type: 'cancel'; readonly attempt: AttemptId };

export type ToHome =
  /** Agent → home: these pages as of `at`; answered by `fetched` once everything up to `needs` is applied. */
  | {
      readonly type: 'fetch';
      readonly from: Address<'agent'> | Address<'client'> | Address<'io'>;
      readonly pages: readonly PageRequest[];
      readonly at: Version;
      readonly needs: Version;
    }
  /** RComp or I/O actor → home, before the commit request: what the attempt wrote here; answered by `staged`. An arrival reads no snapshot: its `sv` is null. */
  | {
      readonly type: 'stage';
      readonly from: Address<'rcomp'> | Address<'io'>;
      /** Whom it is for: another replica in its place takes no notice. */
      readonly replica: number;
      readonly attempt: AttemptId;
      readonly sv: Version | null;
      readonly patches: readonly PagePatch[];
    }
  /** Master → home: the attempt is version `version`; `previous` is the version before it that touched this home. `record` is the runner's status record, where it lies here; with `attempt` null it is all that lies here. */
  | {
      readonly type: 'decide';
      readonly epoch: Epoch;
      readonly attempt: AttemptId | null;
      readonly version: Version;
      readonly previous: Version;
      readonly record: readonly PagePatch[];
    }
  /** Master → home: the attempt lost; forget it. RComp → home: it was told to stop while it staged. Agent → home: it had staged when its end was no longer wanted. */
  | { readonly type: 'drop'; readonly epoch: Epoch; readonly attempt: AttemptId }
  /** Master → home: no snapshot below `floor` will be read any more. */
  | { readonly type: 'floor'; readonly epoch: Epoch; readonly floor: Version }
  /** Master → home, at the end of a program: answer `settled` once `version` is applied. */
  | { readonly type: 'settle'; readonly version: Version }
  /** Input file → home: answers `read`, with the file's bytes that lie in the page and no others. */
  | { readonly type: 'bytes'; readonly io: number; readonly page: number; readonly bytes: Uint8Array }
  /**
   * Master → home that has nothing yet: copy all from that replica, as of `needs` or later; answered by `copied`. `copy`
   * counts up: with a higher one it begins anew. Null: there is nothing to copy, as nobody has ever written there.
   */
  | {
      readonly type: 'copy';
      readonly epoch: Epoch;
      /** Whom it is for. */
      readonly replica: number;
      readonly copy: number;
      readonly source: Address<'home'> | null;
      readonly needs: Version;
    }
  /** Home → another replica of it: part number `part`, from 0, of all that it has, as of `needs` or later; answered by `part`. */
  | {
      readonly type: 'pull';
      readonly from: Address<'home'>;
      readonly replica: number;
      readonly copy: number;
      readonly part: number;
      readonly needs: Version;
    }
  /** Home → another replica of it: answers `pull`. Of all parts together it is what the home had when it made the first. */
  | {
      readonly type: 'part';
      readonly copy: number;
      readonly part: number;
      readonly last: boolean;
      readonly contents: HomeContents;
      readonly pages: readonly KeptPage[];
    }
  /** Home → the replica that it has copied; master → a replica that somebody who is dead has copied: no part will be asked for any more. */
  | { readonly type: 'release'; readonly replica: number }
  /** Master → home: others keep its pages; answered by `retired`. */
  | { readonly type: 'retire'; readonly epoch: Epoch; readonly replica: number };

/** What a home has besides pages. */
export interface HomeContents {
  /** The newest version applied. */
  readonly applied: Version;
  readonly floor: Version;
  /** The newest arrival of each input. */
  readonly arrivals: readonly { readonly writer: RunnerId; readonly number: number }[];
  /** Writes to each output file. */
  readonly writes: readonly { readonly io: number; readonly count: number }[];
}

export interface PageRequest {
  readonly page: number;
  /** The asker holds the content that began at this version; −1: it holds none. */
  readonly have: Version;
}

export type ToWatcher =
  /** Master → watcher, in the step that decides `version`: it writes a watched byte. Answered by `activate`. */
  | { readonly type: 'committed'; readonly version: Version; readonly spans: readonly Span[] }
  /** Master → watcher: its runner (activation `activation`) has finished. One-shot and detached watchers end; a persistent one watches again from `since`. */
  | { readonly type: 'finished'; readonly activation: number; readonly since: Version | null };

/** Output channels and output files. */
export type ToOutput =
  /** Master → output channel: bytes of a decided commit, at this offset of the channel. */
  | {
      readonly type: 'output';
      readonly version: Version;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  /** Home → output file: committed bytes at this address. `sequence` counts this home's writes to this file from 1. */
  | {
      readonly type: 'write';
      readonly home: number;
      readonly sequence: number;
      readonly address: number;
      readonly bytes: Uint8Array;
    }
  /** Master → output, at the end of a program; answered by `flushed` once `writes` writes by homes have come and all is outside. */
  | { readonly type: 'flush'; readonly writes: number }
  /** Device → output: more waits there than it should, or no longer. */
  | { readonly type: 'device-full'; readonly isFull: boolean }
  /** Device → output: answers `device-flush`. */
  | { readonly type: 'device-flushed' }
  /** Device → output: the outside failed. */
  | { readonly type: 'device-failed'; readonly error: string };

export type ToInputFile =
  /** Home → input file: the bytes of this page; answered by `bytes`. */
  | { readonly type: 'read'; readonly from: Address<'home'>; readonly page: number }
  /** Device → input file: answers `device-read`. */
  | { readonly type: 'device-bytes'; readonly offset: number; readonly bytes: Uint8Array }
  /** Device → input file: the outside failed. */
  | { readonly type: 'device-failed'; readonly error: string };

export type ToStream =
  /** Device → stream: input has come. `offset` counts the bytes before it. */
  | { readonly type: 'input'; readonly offset: number; readonly bytes: Uint8Array }
  /** Device → stream: there is no more input. */
  | { readonly type: 'input-ended' }
  /** Home → stream: answers `stage`. */
  | { readonly type: 'staged'; readonly replica: number; readonly attempt: AttemptId }
  /** Master → stream: who keeps which pages from now on. */
  | { readonly type: 'places'; readonly places: Places }
  /** Master → stream: arrival `number` is version `version`. */
  | { readonly type: 'arrived'; readonly number: number; readonly version: Version }
  /** Master → stream: this commit wrote the cursor word. */
  | { readonly type: 'consumed'; readonly version: Version }
  /** Home → stream: answers the `fetch` of its cursor's page. */
  | {
      readonly type: 'fetched';
      readonly home: number;
      readonly at: Version;
      readonly pages: readonly FetchedPage[];
    }
  /** Device → stream: the outside failed. */
  | { readonly type: 'device-failed'; readonly error: string };

export type ToSignals =
  /** Host or client → signals: add one to the system word at this address. */
  | { readonly type: 'signal'; readonly word: number }
  /** Home → signals: answers `stage`. */
  | { readonly type: 'staged'; readonly replica: number; readonly attempt: AttemptId }
  /** Master → signals: who keeps which pages from now on. */
  | { readonly type: 'places'; readonly places: Places }
  /** Master → signals: arrival `number` is version `version`. */
  | { readonly type: 'arrived'; readonly number: number; readonly version: Version };

export type ToIo = ToOutput | ToInputFile | ToStream | ToSignals;

/** The outside of an I/O actor: a file, a pipe, a terminal. Not an actor: hosts implement it. Its id is its I/O actor's. */
export type ToDevice =
  /** Output channel or output file → device. */
  | { readonly type: 'device-write'; readonly offset: number; readonly bytes: Uint8Array }
  /** Input file → device; answered by `device-bytes`. */
  | { readonly type: 'device-read'; readonly offset: number; readonly length: number }
  /** Output → device; answered by `device-flushed`. */
  | { readonly type: 'device-flush' }
  /** Stream → device: this many more bytes of input are welcome; answered by `input` and `input-ended`. */
  | { readonly type: 'device-credit'; readonly bytes: number };

export type ToClient =
  /** Master → client: the program has ended; all that was committed is applied and outside. */
  | { readonly type: 'done'; readonly summary: Summary }
  /** Master → client: answers `leave`: the node has nothing of the program any more, and gets nothing more. */
  | { readonly type: 'left'; readonly agent: Address<'agent'>; readonly incarnation: number }
  /** Home → client: answers its `fetch`. */
  | {
      readonly type: 'fetched';
      readonly home: number;
      readonly at: Version;
      readonly pages: readonly FetchedPage[];
    };

/** What each kind of actor hears. */
export interface MessageTo {
  readonly master: ToMaster;
  readonly agent: ToAgent;
  readonly rcomp: ToRComp;
  readonly home: ToHome;
  readonly watcher: ToWatcher;
  readonly io: ToIo;
  readonly compartment: ToCompartment;
  readonly device: ToDevice;
  readonly client: ToClient;
}
